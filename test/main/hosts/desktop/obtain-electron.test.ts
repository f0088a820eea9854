import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reasonOf } from '../../../../main/hosts/desktop/fetch-electron.ts';
import { obtainElectron, progressLine } from '../../../../main/hosts/desktop/obtain-electron.ts';

let folder: string;
let said: string;
const output = { write: (text: string) => ((said += text), true) };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourtuple-obtain-'));
  writeFileSync(join(folder, 'package.json'), '{"version":"45.4.1"}');
  said = '';
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the electron package's install.js does, as a program of the test. */
function installer(program: string): void {
  writeFileSync(
    join(folder, 'install.js'),
    `const fs = require('fs'); const path = require('path');\n${program}`,
  );
}

const UNPACKS = `
  fs.mkdirSync(path.join(__dirname, 'dist'));
  fs.writeFileSync(path.join(__dirname, 'dist', 'electron'), '');
  fs.writeFileSync(path.join(__dirname, 'dist', 'version'), '45.4.1');
  fs.writeFileSync(path.join(__dirname, 'path.txt'), 'electron');`;

const obtain = (env: NodeJS.ProcessEnv = {}, limits: { stallLimitMs?: number; watchEveryMs?: number } = {}) =>
  obtainElectron({ electronFolder: folder, env: { ...process.env, ...env }, output, ...limits });

describe('Electron at the first use', () => {
  test('is fetched by the package’s own step, and then simply there', async () => {
    installer(UNPACKS);
    const path = join(folder, 'dist', 'electron');
    expect(await obtain()).toEqual({ ok: true, value: path });
    expect(said).toBe('Fetching Electron 45.4.1 for the window, once: 0 s\n');
    installer('process.exit(1)');
    expect(await obtain()).toEqual({ ok: true, value: path });
  });

  test('mirrors, caches and proxies are told to the step as they are', async () => {
    const names = [
      'ELECTRON_MIRROR',
      'npm_config_electron_mirror',
      'ELECTRON_CUSTOM_DIR',
      'electron_config_cache',
      'ELECTRON_GET_USE_PROXY',
      'HTTPS_PROXY',
    ];
    installer(`fs.writeFileSync(path.join(__dirname, 'env'), JSON.stringify(process.env));${UNPACKS}`);
    const env = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    expect(await obtain(env)).toMatchObject({ ok: true });
    expect(JSON.parse(readFileSync(join(folder, 'env'), 'utf8'))).toMatchObject(env);
  });

  test('how much has arrived is told while it arrives, and what the step left behind is removed', async () => {
    installer(`
      const file = path.join(require('os').tmpdir(), 'electron.zip');
      fs.writeFileSync(path.join(__dirname, 'where'), require('os').tmpdir());
      fs.writeFileSync(file, Buffer.alloc(3_400_000));
      setTimeout(() => {${UNPACKS}}, 600);`);
    const terminal = { ...output, isTTY: true };
    const env = process.env;
    expect(
      await obtainElectron({ electronFolder: folder, env, output: terminal, watchEveryMs: 50 }),
    ).toMatchObject({
      ok: true,
    });
    expect(said).toContain('\r\u001b[2KFetching Electron 45.4.1 for the window, once: 3.4 MB, 0 s');
    expect(said.endsWith('\r\u001b[2K')).toBe(true);
    expect(existsSync(readFileSync(join(folder, 'where'), 'utf8'))).toBe(false);
  });

  test('a step that stands still is ended, one that goes on is not', async () => {
    const limits = { stallLimitMs: 700, watchEveryMs: 50 };
    installer('setInterval(() => {}, 1000)');
    expect(await obtain({}, limits)).toMatchObject({
      ok: false,
      failure: { why: 'its download stood still for 1 s' },
    });
    installer(`
      const file = path.join(require('os').tmpdir(), 'electron.zip');
      const timer = setInterval(() => fs.appendFileSync(file, 'more'), 50);
      setTimeout(() => { clearInterval(timer); ${UNPACKS} }, 1500);`);
    expect(await obtain({}, limits)).toMatchObject({ ok: true });
  });

  test('what cannot be had is a failure that says why', async () => {
    const missing = await obtainElectron({ electronFolder: null, env: {}, output });
    expect(missing).toMatchObject({ ok: false, failure: { code: 'unavailable', what: 'Electron' } });
    installer("console.error('TypeError: fetch failed'); process.exit(1)");
    expect(await obtain()).toMatchObject({
      ok: false,
      failure: { why: expect.stringMatching(/no network.*ELECTRON_MIRROR/) },
    });
    installer('');
    expect(await obtain()).toMatchObject({ ok: false, failure: { why: 'it could not be unpacked' } });
    installer('process.exit(1)');
    expect(await obtain()).toMatchObject({ ok: false, failure: { why: 'its download failed' } });
  });

  test.each([
    [
      'HTTPError: Response code 404 (Not Found) for https://mirror.example/x.zip',
      /does not have this version/,
    ],
    ['HTTPError: Response code 503 (Unavailable) for …', /answered with an error/],
    [
      'Error: Generated checksum for "electron.zip" did not match expected checksum.',
      /not what Electron published/,
    ],
    ['Error: ENOSPC: no space left on device, write', /disk is full/],
    ["Error: EACCES: permission denied, mkdir '/x'", /cannot be written/],
    ['Error: self-signed certificate in certificate chain', /no network, or it does not reach/],
    ['\nError: something new\n    at x', /its download failed: Error: something new$/],
  ])('%s', (complaint, words) => {
    expect(reasonOf(complaint)).toMatch(words);
  });

  test('a log gets a line now and then instead of one that is written over', () => {
    const line = progressLine(output, null);
    for (let seconds = 0; seconds <= 25; seconds++) {
      line.show({ bytes: seconds * 1e6, elapsedMs: seconds * 1000 });
    }
    line.end();
    expect(said.split('\n')).toEqual([
      'Fetching Electron for the window, once: 0 s',
      'Fetching Electron for the window, once: 10.0 MB, 10 s',
      'Fetching Electron for the window, once: 20.0 MB, 20 s',
      '',
    ]);
  });

  test.skipIf(process.platform === 'win32')(
    'Ctrl-C ends the download and then the command, and leaves nothing',
    async () => {
      installer(
        `fs.writeFileSync(path.join(__dirname, 'pid'), String(process.pid)); setInterval(() => {}, 1000);`,
      );
      const module = pathToFileURL(
        join(import.meta.dirname, '../../../../main/hosts/desktop/obtain-electron.ts'),
      );
      const program = `const { obtainElectron } = await import('${module.href}');
      await obtainElectron({ electronFolder: process.argv[1], env: process.env, output: process.stderr });
      console.log('went on');`;
      const temporary = join(folder, 'tmp-');
      const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, TMPDIR: mkdtempSync(temporary) },
      });
      let out = '';
      child.stdout.on('data', (chunk) => (out += String(chunk)));
      await expect.poll(() => existsSync(join(folder, 'pid')), { timeout: 10_000 }).toBe(true);
      await expect.poll(() => readFileSync(join(folder, 'pid'), 'utf8')).not.toBe('');
      child.kill('SIGINT');
      await once(child, 'close');
      expect([child.signalCode, out]).toEqual(['SIGINT', '']);
      const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
      const left = readdirSync(folder).filter((name) => name.startsWith('tmp-'));
      expect(left.flatMap((name) => readdirSync(join(folder, name)))).toEqual([]);
    },
  );
});
