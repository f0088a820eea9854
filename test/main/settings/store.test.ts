import { spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../main/settings/defaults.ts';
import { formatSettings } from '../../../main/settings/document.ts';
import { SettingsStore } from '../../../main/settings/store.ts';

const WRITER = fileURLToPath(new URL('../../support/settings-writer.ts', import.meta.url));
const isRoot = process.geteuid?.() === 0;

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fourtuple-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const storeIn = (folder: string) => new SettingsStore({ ok: true, value: folder });
const fileIn = (folder: string) => join(folder, 'settings.json');
const dark = { appearance: { theme: 'dark' } } as const;

describe('settings that are kept', () => {
  test('are the defaults while there is no file, and none is made', () => {
    const folder = join(aFolder(), 'state');
    expect(storeIn(folder).state).toEqual({
      settings: DEFAULT_SETTINGS,
      defaults: DEFAULT_SETTINGS,
      file: fileIn(folder),
      sentence: null,
    });
    expect(() => statSync(folder)).toThrow('ENOENT');
  });

  test('D6: are in the file after a change, for this user alone, and nothing is left beside it', () => {
    const folder = join(aFolder(), 'state');
    expect(storeIn(folder).change(dark)).toEqual([]);
    expect(storeIn(folder).current).toEqual({ ...DEFAULT_SETTINGS, ...dark });
    expect(readdirSync(folder)).toEqual(['settings.json']);
    expect(statSync(fileIn(folder)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('are as they were when a part of a change does not fit, with the reason beside its field', () => {
    const folder = aFolder();
    const store = storeIn(folder);
    const problems = store.change({ ...dark, thresholds: { warningShare: 0.95 } });
    expect(problems).toEqual([
      {
        field: 'thresholds.warningShare',
        sentence: 'A warning cannot begin above where critical begins.',
      },
    ]);
    expect(store.current).toEqual(DEFAULT_SETTINGS);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    [{ thresholds: { criticalSeconds: 7200 } }, ['thresholds.criticalSeconds']],
    [{ history: { secondsKeptHours: 48, tensKeptDays: 1 } }, ['history.secondsKeptHours']],
    [{ history: { tensKeptDays: 30, minutesKeptDays: 7 } }, ['history.tensKeptDays']],
    [{ notifications: { quietHours: { fromMinute: 60, toMinute: 60 } } }, ['notifications.quietHours']],
    [{ thresholds: { warningShare: 0.9 } }, []],
  ])('must fit together: %j', (change, fields) => {
    const problems = storeIn(aFolder()).change(change);
    expect(problems.map(({ field }) => field)).toEqual(fields);
  });
});

describe('a file that cannot be used', () => {
  test('D6: is set aside under a name of its own each time, and said', () => {
    const folder = aFolder();
    for (const [number, text] of ['{', 'x'].entries()) {
      writeFileSync(fileIn(folder), text);
      const store = storeIn(folder);
      const keptAs = `settings.json.broken-${number + 1}`;
      expect(store.state).toMatchObject({
        settings: DEFAULT_SETTINGS,
        sentence: `The settings file could not be used: it is no JSON. It is kept as ${keptAs}, and the defaults were taken.`,
      });
      expect(readFileSync(join(folder, keptAs), 'utf8')).toBe(text);
      expect(store.change(dark)).toEqual([]);
    }
    expect(readdirSync(folder).sort()).toEqual([
      'settings.json',
      'settings.json.broken-1',
      'settings.json.broken-2',
    ]);
  });

  test.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['a link', (path: string) => symlinkSync('/etc/hostname', path)],
    ['larger than any', (path: string) => writeFileSync(path, ' '.repeat(70_000))],
  ])('may be %s', (_what, make) => {
    const folder = aFolder();
    make(fileIn(folder));
    expect(storeIn(folder).state.sentence).toContain('kept as settings.json.broken-1');
  });

  test('while it is in use is left to whoever edits it, until something is changed here', () => {
    const folder = aFolder();
    const store = storeIn(folder);
    store.change(dark);
    writeFileSync(fileIn(folder), '{ half');
    expect(store.refresh()).toBe(true);
    expect(store.state.sentence).toContain('What was in force before stays so');
    expect(store.current).toMatchObject(dark);
    expect(readdirSync(folder)).toEqual(['settings.json']);
    expect(store.change({ sampling: { intervalMs: 500 } })).toEqual([]);
    expect(storeIn(folder).current).toMatchObject({ ...dark, sampling: { intervalMs: 500 } });
    expect(readFileSync(join(folder, 'settings.json.broken-1'), 'utf8')).toBe('{ half');
  });

  test('of a newer Fourtuple is used and not written; changes last as long as this', () => {
    const folder = aFolder();
    const newer = JSON.stringify({ schema: 99, settings: { ...dark, sounds: {} } });
    writeFileSync(fileIn(folder), newer);
    const store = storeIn(folder);
    expect(store.current).toMatchObject(dark);
    expect(store.state.sentence).toContain('written by a newer Fourtuple');
    expect(store.change({ sampling: { intervalMs: 500 } })).toEqual([]);
    expect(store.current).toMatchObject({ ...dark, sampling: { intervalMs: 500 } });
    expect(readFileSync(fileIn(folder), 'utf8')).toBe(newer);
  });
});

describe('settings that cannot be kept', () => {
  test('last as long as this where there is no folder', () => {
    const store = new SettingsStore({
      ok: false,
      failure: { code: 'unavailable', what: 'a folder', why: 'there is none' },
    });
    expect(store.change(dark)).toEqual([]);
    expect(store.state).toMatchObject({
      settings: dark,
      file: null,
      sentence: 'Settings last until Fourtuple ends. A folder is not available: there is none.',
    });
    expect(store.refresh()).toBe(false);
  });

  test('last as long as this where the folder may not be used, and are written once it may', () => {
    const folder = aFolder();
    chmodSync(folder, 0o777);
    const store = storeIn(folder);
    expect(store.change(dark)).toEqual([]);
    expect(store.current).toMatchObject(dark);
    expect(store.state.sentence).toMatch(
      /^The settings could not be saved, so changes last until Fourtuple ends\. The settings file is not available: .* can be written by others/,
    );
    chmodSync(folder, 0o700);
    expect(store.change({ sampling: { intervalMs: 500 } })).toEqual([]);
    expect(store.state.sentence).toBeNull();
    expect(storeIn(folder).current).toMatchObject({ ...dark, sampling: { intervalMs: 500 } });
  });

  test.skipIf(isRoot)('say so where the folder is read-only', () => {
    const folder = aFolder();
    chmodSync(folder, 0o500);
    const store = storeIn(folder);
    store.change(dark);
    expect(store.state.sentence).toContain('Not permitted to write');
  });
});

describe('two at once', () => {
  test('neither loses what the other changed', () => {
    const folder = aFolder();
    const [one, other] = [storeIn(folder), storeIn(folder)];
    one.change(dark);
    other.change({ sampling: { intervalMs: 500 } });
    one.change({ privacy: { redactReports: true } });
    expect(storeIn(folder).current).toMatchObject({
      ...dark,
      sampling: { intervalMs: 500 },
      privacy: { redactReports: true },
    });
    expect(other.refresh()).toBe(true);
    expect(other.current).toEqual(one.current);
    expect(other.refresh()).toBe(false);
  });

  test('one is refused a change that does not fit what the other wrote', () => {
    const folder = aFolder();
    const [one, other] = [storeIn(folder), storeIn(folder)];
    one.change({ thresholds: { criticalShare: 0.5, warningShare: 0.4 } });
    expect(other.change({ thresholds: { warningShare: 0.7 } })).toMatchObject([
      { field: 'thresholds.warningShare' },
    ]);
    expect(other.current).toEqual(one.current);
  });

  test('one hears of what the other wrote', async () => {
    const folder = aFolder();
    const [one, other] = [storeIn(folder), storeIn(folder)];
    const heard = vi.fn();
    onTestFinished(one.watch(heard));
    other.change(dark);
    await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce(), { timeout: 6000, interval: 50 });
    expect(one.current).toMatchObject(dark);
  });
});

test('D6: a writer that is killed leaves the file whole, and what it said was written is there', async () => {
  const folder = aFolder();
  for (let round = 1; round <= 4; round++) {
    const child = spawn(process.execPath, [WRITER, 'write', folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await vi.waitFor(() => expect(said).not.toBe(''), { timeout: 10_000, interval: 5 });
    await new Promise((resolve) => setTimeout(resolve, 9 * round));
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    const acknowledged = Number(said.trimEnd().split('\n').at(-1));
    const store = storeIn(folder);
    expect(store.state.sentence).toBeNull();
    expect(store.current.sampling.intervalMs).toBeGreaterThanOrEqual(acknowledged);
    expect(store.change({ sampling: { intervalMs: 200 } })).toEqual([]);
    expect(readdirSync(folder)).toEqual(['settings.json']);
    expect(readFileSync(fileIn(folder), 'utf8')).toBe(formatSettings(store.current));
  }
});
