/** `npm pack`, then the package in an empty folder, as on a server: no Electron, and its commands work. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const PROJECT = resolve(import.meta.dirname, '../..');
const missing = existsSync(join(PROJECT, 'out/main/cli.js')) ? null : 'nothing is built (npm run build)';
/** The Node that runs this test, wherever a command looks for one; and nothing of npm's own that would name the project. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries({
    ...process.env,
    PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
  }).filter(([name]) => !/^(npm_|NODE_OPTIONS$|VITEST)/.test(name)),
);
const COMMAND_LIMIT_MS = 30_000;

let folder: string;
const installed = (path: string) => join(folder, 'node_modules', path);

interface Ran {
  status: number | null;
  out: string;
  err: string;
}

function start(program: string, args: readonly string[], cwd: string): ChildProcess {
  const isScript = program.endsWith('.cmd');
  return spawn(isScript ? 'cmd.exe' : program, isScript ? ['/d', '/c', program, ...args] : args, {
    cwd,
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_LIMIT_MS * 2,
  });
}

async function run(program: string, args: readonly string[], cwd = folder): Promise<Ran> {
  const child = start(program, args, cwd);
  const ran: Ran = { status: null, out: '', err: '' };
  child.stdout?.on('data', (chunk) => (ran.out += String(chunk)));
  child.stderr?.on('data', (chunk) => (ran.err += String(chunk)));
  await once(child, 'close');
  return { ...ran, status: child.exitCode };
}

const npm = (args: readonly string[], cwd: string) =>
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, cwd);
const command = () => installed(process.platform === 'win32' ? '.bin/fourtuple.cmd' : '.bin/fourtuple');
const fourtuple = (...args: string[]) => run(command(), args);

describe.skipIf(missing)(`the installed package${missing ? `: ${missing}` : ''}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fourtuple-installed-'));
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    // Without scripts: `prepare` would build what is built, under the feet of the other tests.
    const packed = await npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], PROJECT);
    if (packed.status !== 0) throw new Error(`npm pack: ${packed.err}`);
    const tarball = `./fourtuple-${packageJson.version}.tgz`;
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    const got = await npm(['install', ...flags, tarball], folder);
    if (got.status !== 0) throw new Error(`npm install: ${got.err}`);
  }, 3 * COMMAND_LIMIT_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is what it needs to run and no more: no Electron, nothing that only builds', () => {
    const names = readdirSync(installed('.')).filter((name) => !name.startsWith('.'));
    const koffi = existsSync(installed('@koromix')) ? ['@koromix'] : [];
    expect(names.sort()).toEqual([...koffi, 'fourtuple', 'koffi', 'node-addon-api', 'node-pty', 'ws'].sort());
    const files = readdirSync(installed('fourtuple'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((path) => /(^|[\\/])\.|\.(map|ts|vue)$|(^|[\\/])tests?[\\/]/.test(path))).toEqual([]);
    for (const path of ['LICENSE', 'README.md', 'THIRD-PARTY.md', 'docs/fourtuple.service']) {
      expect(existsSync(installed(`fourtuple/${path}`)), path).toBe(true);
    }
  });

  test('is found by npx, and says its version', async () => {
    const ran = await npm(['exec', '--offline', '--no', '--', 'fourtuple', '--version'], folder);
    expect(ran).toMatchObject({ status: 0, out: `fourtuple ${packageJson.version}\n` });
  });

  test('check --json reads this machine', async () => {
    const { out, err, status } = await fourtuple('check', '--json', '--for', '0');
    expect(err).toBe('');
    expect([0, 1, 2]).toContain(status);
    const answer: unknown = JSON.parse(out);
    expect(answer).toMatchObject({ schema: 'fourtuple.check/1', target: { platform: process.platform } });
    // The native module was found.
    if (process.platform === 'linux') expect(answer).toMatchObject({ sampler: { source: 'sock_diag' } });
  });

  test('the other commands start', async () => {
    const [budget, fix, journal, probe, undo] = await Promise.all([
      fourtuple('budget', '--rate', '900', '--hold', '0.2'),
      fourtuple('fix', '--help'),
      fourtuple('journal'),
      fourtuple('probe'),
      fourtuple('undo', '--help'),
    ]);
    for (const ran of [budget, fix, journal, probe, undo]) expect(ran).toMatchObject({ status: 0, err: '' });
    const report = join(folder, 'report.json');
    const { status, err } = await fourtuple('report', '--out', report);
    expect([status, err.includes('fourtuple:')]).toEqual([0, false]);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toBeTypeOf('object');
  });

  test('serve answers, and all that its page is made of loads', async () => {
    const child = start(command(), ['serve', '--port', '0'], folder);
    try {
      const url = await firstLine(child);
      const page = await fetch(new URL('/', url));
      const html = await page.text();
      expect([page.status, page.headers.get('content-security-policy')]).toEqual([
        200,
        expect.stringContaining("default-src 'none'"),
      ]);
      const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => part);
      expect(parts.length).toBeGreaterThan(2);
      for (const part of parts)
        expect([part, (await fetch(new URL(part, new URL('/', url)))).status]).toEqual([part, 200]);
    } finally {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    }
    if (process.platform !== 'win32') expect(child.exitCode).toBe(0);
  });
});

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((settle, fail) => {
    let out = '';
    let err = '';
    child.stderr?.on('data', (chunk) => (err += String(chunk)));
    child.once('close', () => fail(new Error(`serve ended: ${err}`)));
    child.stdout?.on('data', (chunk) => {
      out += String(chunk);
      if (out.includes('\n')) settle(out.slice(0, out.indexOf('\n')));
    });
  });
}
