/**
 * The Chromium that the browser tests drive: one that is installed, or else, on Linux x64, the one that the npm package
 * @sparticuz/chromium carries with its shared libraries, so that a bare machine needs no package manager.
 */
import { spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A browser to start: its file, and what must be in its environment and arguments for it to run. */
export interface Chromium {
  path: string;
  environment: Record<string, string>;
  flags: string[];
}

export type ChromiumChoice =
  | { kind: 'installed'; path: string }
  | { kind: 'bundled'; packageFolder: string; version: string }
  | { kind: 'none'; reason: string };

const NAMES = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'chrome',
  'microsoft-edge',
];
const FIXED_PATHS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};
const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const ARCHIVES = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];
const UNPACK_LIMIT_MS = 120_000;

/** Which Chromium there is, without starting or unpacking it. CHROME_PATH wins; a wrong CHROME_PATH is an answer too. */
export function chooseChromium(environment: NodeJS.ProcessEnv = process.env): ChromiumChoice {
  const named = environment.CHROME_PATH;
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return { kind: 'installed', path: named };
    return { kind: 'none', reason: `CHROME_PATH names ${named}, which cannot be executed` };
  }
  const installed = findInstalled(environment);
  if (installed !== null) return { kind: 'installed', path: installed };
  return chooseBundled();
}

/** Makes the chosen Chromium ready to start; unpacks the bundled one once (about three seconds). */
export async function prepareChromium(choice: ChromiumChoice): Promise<Chromium> {
  if (choice.kind === 'none') throw new Error(choice.reason);
  // Chromium's own sandbox refuses to run as root; the tests open nothing but our own page.
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (choice.kind === 'installed') return { path: choice.path, environment: {}, flags };
  const folder = await unpackBundled(choice);
  return {
    path: join(folder, 'chromium'),
    environment: {
      LD_LIBRARY_PATH: [folder, join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH ?? '']
        .filter((part) => part !== '')
        .join(delimiter),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
    // It carries no sandbox helper, and without the zygote it needs no user namespaces.
    flags: ['--no-sandbox', '--no-zygote', '--font-render-hinting=none', '--use-angle=swiftshader'],
  };
}

function findInstalled(environment: NodeJS.ProcessEnv): string | null {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const names = process.platform === 'win32' ? [] : NAMES;
  const candidates = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...(FIXED_PATHS[process.platform] ?? []),
  ];
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function chooseBundled(): ChromiumChoice {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return {
      kind: 'none',
      reason: `no Chrome or Chromium found, and none is bundled for ${process.platform} ${process.arch}`,
    };
  }
  const packageFolder = join(PROJECT, 'node_modules', '@sparticuz', 'chromium');
  if (!existsSync(join(packageFolder, 'bin', 'chromium.br'))) {
    return { kind: 'none', reason: 'no Chrome or Chromium found, and @sparticuz/chromium is not installed' };
  }
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return { kind: 'bundled', packageFolder, version: String(version) };
}

/**
 * Unpacks under node_modules, not under the system's temporary folder: what is executed from there must not be
 * writable by others. A whole folder is renamed into place, so an interrupted or parallel run leaves nothing half done.
 */
async function unpackBundled(choice: { packageFolder: string; version: string }): Promise<string> {
  const cache = join(PROJECT, 'node_modules', '.cache');
  const target = join(cache, `chromium-${choice.version}`);
  if (existsSync(join(target, 'fonts.conf'))) return target;
  mkdirSync(cache, { recursive: true });
  const staging = mkdtempSync(join(cache, 'unpacking-'));
  try {
    await runInflate(join(choice.packageFolder, 'bin'), staging);
    writeFileSync(join(staging, 'fonts.conf'), fontConfiguration(target));
    renameSync(staging, target);
  } catch (cause) {
    rmSync(staging, { recursive: true, force: true });
    if (!existsSync(join(target, 'fonts.conf'))) {
      throw new Error('cannot unpack the bundled Chromium', { cause });
    }
  }
  return target;
}

/** The package unpacks to the temporary folder of its process and nowhere else: so a process whose folder is ours. */
async function runInflate(archiveFolder: string, into: string): Promise<void> {
  const program = `import { inflate } from '@sparticuz/chromium';
    await Promise.all(process.argv.slice(1).map((path) => inflate(path)));`;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', program, ...ARCHIVES.map((name) => join(archiveFolder, name))],
    {
      cwd: PROJECT,
      env: { ...process.env, TMPDIR: into },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: UNPACK_LIMIT_MS,
    },
  );
  let complaint = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-2000)));
  const code = await new Promise<number | null>((settle, fail) => {
    child.once('error', fail);
    child.once('close', settle);
  });
  if (code !== 0) throw new Error(`unpacking ended with ${code}: ${complaint}`);
}

function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;
}
