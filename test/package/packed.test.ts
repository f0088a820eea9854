/** The real electron-builder over the real project, with a stand-in for Electron's own files: what would be shipped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { getRawHeader, listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import electronPackage from 'electron/package.json' with { type: 'json' };
import type { PackAnswer } from '../support/pack-app.ts';
import { fusesIn, makeElectronDist } from '../support/fake-electron-dist.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const PACKER = join(PROJECT, 'test/support/pack-app.ts');
const missing = !existsSync(join(PROJECT, 'out/main/desktop.js'))
  ? 'the workbench is not built (npm run build)'
  : process.platform !== 'linux'
    ? 'the folder is made for Linux here'
    : lstatSync(join(PROJECT, 'node_modules')).isSymbolicLink()
      ? 'node_modules is a link: npm tells electron-builder nothing of what is behind it'
      : null;
const ARCH = process.arch;

let folder: string;
let app: string;
let archive: string;
let answer: PackAnswer;

/** Paths in the archive, without a leading slash. */
const packed = () => listPackage(archive, { isPack: false }).map((path) => path.replace(/^\//, ''));
const unpacked = () =>
  readdirSync(`${archive}.unpacked`, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(`${archive}.unpacked`, path)).isFile())
    .sort();

describe.skipIf(missing)(`the packed app${missing ? `: ${missing}` : ''}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fourtuple-packed-'));
    makeElectronDist(join(folder, 'electron'), electronPackage.version, '101100110');
    const answerFile = join(folder, 'answer.json');
    await pack([join(folder, 'electron'), join(folder, 'dist'), answerFile]);
    answer = JSON.parse(readFileSync(answerFile, 'utf8')) as PackAnswer;
    app = join(
      folder,
      'dist',
      readdirSync(join(folder, 'dist')).find((name) => name.endsWith('unpacked')) ?? '',
    );
    archive = join(app, 'resources/app.asar');
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('has the entries of the window, its page and its tray, and none of the command line', () => {
    const paths = packed();
    const wanted = [
      'package.json',
      'out/main/desktop.js',
      'out/main/sampler.js',
      'out/main/terminal.js',
      'out/main/parse.js',
      'out/main/history.js',
      'out/preload/index.cjs',
      'out/renderer/index.html',
      'resources/tray/ok.png',
      'resources/tray/criticalTemplate@2x.png',
      'LICENSE',
      'THIRD-PARTY.md',
    ];
    expect(wanted.filter((path) => !paths.includes(path))).toEqual([]);
    const roots = new Set(paths.map((path) => path.split('/')[0]));
    expect([...roots].sort()).toEqual(
      ['LICENSE', 'THIRD-PARTY.md', 'node_modules', 'out', 'package.json', 'resources'].sort(),
    );
    expect(paths.filter((path) => /^out\/main\/(cli|serve|start)\.js$/.test(path))).toEqual([]);
  });

  test('E13: no source map, test or dot-file, no source, nothing of the build', () => {
    const paths = packed();
    expect(paths.filter((path) => /(^|\/)\./.test(path))).toEqual([]);
    expect(paths.filter((path) => /\.(map|ts|mts|vue|cc|hh|h|c|gyp|pdb)$/.test(path))).toEqual([]);
    expect(paths.filter((path) => /(^|\/)(tests?|__tests__|spec|docs?|examples?)(\/|$)/.test(path))).toEqual(
      [],
    );
    expect(paths.filter((path) => /\.(test|spec)\./.test(path))).toEqual([]);
    for (const path of paths.filter((one) => /^out\/.*\.(js|cjs|css)$/.test(one))) {
      expect(readFileSync(join(PROJECT, path), 'utf8')).not.toContain('sourceMappingURL=');
    }
  });

  test('has the production dependencies, without what only builds them', () => {
    const names = packed().flatMap(
      (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1] ?? [],
    );
    expect(names.sort()).toEqual([`@koromix/koffi-linux-${ARCH}`, 'koffi', 'node-pty', 'ws']);
  });

  test('E13: native modules are unpacked, those of other systems left out', () => {
    const natives = unpacked();
    expect(natives).toContain(`node_modules/node-pty/prebuilds/linux-${ARCH}/pty.node`);
    expect(natives.some((path) => path.startsWith(`node_modules/@koromix/koffi-linux-${ARCH}/`))).toBe(true);
    expect(natives.filter((path) => !path.endsWith('.node'))).toEqual([]);
    expect(packed().filter((path) => /(darwin|win32|freebsd|conpty\/)/.test(path))).toEqual([]);
  });

  test('E12: the integrity of every file inside is recorded', () => {
    const files: [string, boolean][] = [];
    collect(getRawHeader(archive).header, '', files);
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter(([, hasIntegrity]) => !hasIntegrity)).toEqual([]);
  });

  test('E12: all nine fuses are set in the binary', () => {
    // RunAsNode, cookies, NODE_OPTIONS, --inspect, integrity, only asar, snapshot, file privileges, wasm traps.
    expect(fusesIn(readFileSync(join(app, 'fourtuple')))).toBe('010011001');
  });

  test('says no more of itself than it must', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ main: 'out/main/desktop.js', desktopName: 'fourtuple.desktop' });
    expect(readdirSync(join(app, 'locales'))).toEqual(['en-US.pak']);
  });

  test('deb and rpm bring a desktop entry, the type of a saved report, icons and the AppArmor profile', () => {
    expect(answer.fpm).toHaveLength(2);
    for (const { args, files } of answer.fpm) {
      expect(entryOf(files['/usr/share/applications/fourtuple.desktop'] ?? '')).toEqual({
        Name: 'Fourtuple',
        Exec: '/opt/Fourtuple/fourtuple %U',
        Terminal: 'false',
        Type: 'Application',
        Icon: 'fourtuple',
        StartupWMClass: 'fourtuple',
        GenericName: 'TCP port workbench',
        Keywords: expect.stringContaining('TIME_WAIT;'),
        StartupNotify: 'true',
        SingleMainWindow: 'true',
        Comment: expect.stringContaining('TCP ports'),
        MimeType: 'application/vnd.fourtuple.report+json;',
        Categories: 'System;Network;Monitor;',
      });
      const types = files['/usr/share/mime/packages/fourtuple.xml'];
      expect(types).toContain('<mime-type type="application/vnd.fourtuple.report+json">');
      expect(types).toContain('<glob pattern="*.fourtuple.json"/>');
      const icons = args.filter((word) =>
        /=\/usr\/share\/icons\/hicolor\/(\d+)x\1\/apps\/fourtuple\.png$/.test(word),
      );
      expect(icons.length).toBeGreaterThanOrEqual(8);
    }
    expect(readFileSync(join(app, 'resources/apparmor-profile'), 'utf8')).toBe(
      readFileSync(join(PROJECT, 'build/linux/apparmor-profile'), 'utf8'),
    );
  });

  test('deb and rpm run the scripts as they stand here', () => {
    const script = (name: string) => readFileSync(join(PROJECT, 'build/linux', name), 'utf8');
    for (const { files } of answer.fpm) {
      // Their comments name the macro that they must not use.
      expect(files['--after-install']).toBe(script('after-install.sh'));
      expect(files['--after-remove']).toBe(script('after-remove.sh'));
    }
  });

  test('G3: no package starts the app with a switch', () => {
    expect(entryOf(answer.appImage ?? '')).toMatchObject({
      Exec: 'AppRun %U',
      Categories: 'System;Network;Monitor;',
    });
    expect(JSON.stringify(answer)).not.toContain('no-sandbox');
  });
});

/** Keys and values of a desktop entry. */
function entryOf(text: string): Record<string, string> {
  const [head, ...lines] = text.trim().split('\n');
  expect(head).toBe('[Desktop Entry]');
  return Object.fromEntries(
    lines.map((line): [string, string] => [
      line.slice(0, line.indexOf('=')),
      line.slice(line.indexOf('=') + 1),
    ]),
  );
}

async function pack(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [PACKER, ...args], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 110_000,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`electron-builder ended with ${String(code)}:\n${said.slice(-3000)}`);
}

/** Every file of the archive's header, with whether its digest stands beside it. */
function collect(node: unknown, path: string, into: [string, boolean][]): void {
  if (typeof node !== 'object' || node === null) return;
  if ('files' in node && typeof node.files === 'object' && node.files !== null) {
    for (const [name, child] of Object.entries(node.files)) collect(child, `${path}/${name}`, into);
  } else if (!('link' in node)) {
    into.push([path, 'integrity' in node]);
  }
}
