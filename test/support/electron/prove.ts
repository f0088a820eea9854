/**
 * Proves that the desktop's tests see what they are for: in a copy of the last commit one thing is broken at a time,
 * the copy is built, and the tests of test/desktop that fail are named. A break that none sees is an error.
 *
 *   node test/support/electron/prove.ts [part of a break's name]
 *
 * Takes about a minute for each break. Nothing outside of the copy is touched.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Break {
  name: string;
  file: string;
  /** Stands there exactly once. */
  from: string;
  to: string;
}

const BREAKS: readonly Break[] = [
  {
    name: 'a channel name',
    file: 'main/hosts/desktop/ipc-registry.ts',
    from: 'ipcMain.handle(callChannel(name),',
    to: "ipcMain.handle(callChannel(name).replace('fix', 'fixes'),",
  },
  {
    name: "the event's channel name",
    file: 'main/hosts/desktop/ipc-registry.ts',
    from: 'contents.send(EVENT_CHANNEL,',
    to: "contents.send('fourtuple:events',",
  },
  {
    name: 'the preload path',
    file: 'main/desktop.ts',
    from: "at('../preload/index.cjs')",
    to: "at('../preload/preload.cjs')",
  },
  {
    name: 'the CSP header',
    file: 'main/hosts/security-headers.ts',
    from: '"script-src \'self\'"',
    to: "\"script-src 'self' 'unsafe-inline'\"",
  },
  {
    name: 'webPreferences: contextIsolation',
    file: 'main/hosts/desktop/window-options.ts',
    from: 'contextIsolation: true',
    to: 'contextIsolation: false',
  },
  {
    name: 'webPreferences: nodeIntegrationInSubFrames',
    file: 'main/hosts/desktop/window-options.ts',
    from: 'nodeIntegrationInSubFrames: false',
    to: 'nodeIntegrationInSubFrames: true',
  },
  {
    name: 'a menu action',
    file: 'main/hosts/desktop/app-menu.ts',
    from: "['go.what-if', 'What-if']",
    to: "['go.trends', 'What-if']",
  },
  {
    name: "the scheme's privileges",
    file: 'main/hosts/desktop/app-protocol.ts',
    from: 'secure: true',
    to: 'secure: false',
  },
  {
    name: 'the guard of navigation',
    file: 'main/hosts/desktop/guards.ts',
    // Each alone is enough for the top frame; frames within are the CSP's, too.
    from: "contents.on('will-navigate', prevent);\n  contents.on('will-frame-navigate', prevent);\n",
    to: '',
  },
  {
    name: 'the check of who asks',
    file: 'main/hosts/desktop/ipc-registry.ts',
    from: ' && frame.parent === null',
    to: '',
  },
  {
    name: 'the hand-over to the first instance',
    file: 'main/hosts/desktop/run-desktop.ts',
    from: "app.on('second-instance'",
    to: "app.on('second-instances'",
  },
];

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const SPECS = ['start', 'guards', 'keys', 'place', 'life', 'manners'].map(
  (name) => `test/desktop/${name}.test.ts`,
);

function run(argv: readonly string[], folder: string, mayFail = false): string {
  const [program = '', ...rest] = argv;
  const bin = join(PROJECT, 'node_modules/.bin');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(program, rest, {
    cwd: folder,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0 && !mayFail) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

function makeCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'fourtuple-prove-'));
  // The app is run by somebody else than root.
  chmodSync(copy, 0o755);
  const archive = join(copy, 'source.tar');
  run(['git', 'archive', '--output', archive, 'HEAD'], PROJECT);
  run(['tar', '--extract', '--file', archive], copy);
  rmSync(archive);
  symlinkSync(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function readReport(copy: string, file: string): string {
  const argv = ['vitest', 'run', '--project', 'desktop', '--reporter', 'json', '--outputFile', file];
  run([...argv, ...SPECS], copy, true);
  return readFileSync(file, 'utf8');
}

/** Names of the tests that fail; of a suite that cannot begin its own name. */
function failing(copy: string): string[] {
  run(['electron-vite', 'build'], copy);
  const file = join(copy, 'report.json');
  rmSync(file, { force: true });
  const report = JSON.parse(readReport(copy, file)) as {
    testResults: { name: string; status: string; assertionResults: { status: string; title: string }[] }[];
  };
  return report.testResults.flatMap(({ name, status, assertionResults }) => {
    const titles = assertionResults.flatMap((test) => (test.status === 'failed' ? [test.title] : []));
    const spec = name.split('/').at(-1) ?? name;
    return status === 'failed' && titles.length === 0
      ? [`${spec} as a whole`]
      : titles.map((title) => `${spec}: ${title}`);
  });
}

function prove(copy: string, { name, file, from, to }: Break): boolean {
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  if (whole.split(from).length !== 2) throw new Error(`${name}: "${from}" is not there once in ${file}`);
  writeFileSync(path, whole.replace(from, to));
  const failed = failing(copy);
  writeFileSync(path, whole);
  process.stdout.write(`${name} (${file}): ${failed.length} tests fail\n`);
  for (const title of failed) process.stdout.write(`    ${title}\n`);
  return failed.length > 0;
}

const wanted = process.argv[2] ?? '';
const copy = makeCopy();
try {
  const before = wanted === '' ? failing(copy) : [];
  if (before.length > 0) throw new Error(`they fail without a break, too: ${before.join('; ')}`);
  const unseen = BREAKS.filter(({ name }) => name.includes(wanted)).filter((each) => !prove(copy, each));
  for (const { name } of unseen) process.stdout.write(`NOT SEEN: ${name}\n`);
  process.exitCode = unseen.length === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
