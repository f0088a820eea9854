import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../../../main/hosts/desktop/log.ts';
import { createLogFile } from '../../../../main/hosts/desktop/log-file.ts';
import { logFolder } from '../../../../main/hosts/desktop/log-folder.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'fourtuple-log-'));
});
afterEach(() => rmSync(base, { recursive: true }));

describe('the log', () => {
  test('T2, D6: has one line an event with its time, in a file for its user alone', () => {
    const folder = join(base, 'state', 'logs');
    const log = createLogFile({ folder, now: () => 0 });
    expect(() => readdirSync(folder)).toThrow();
    log.write('first\nsecond \u001b[31m\u202e');
    log.write('third\n');
    log.close();
    expect(readFileSync(log.path, 'utf8')).toBe(
      '1970-01-01T00:00:00.000Z first\\x0asecond \\x1b[31m\\u202e\n1970-01-01T00:00:00.000Z third\n',
    );
    expect(statSync(log.path).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('moves on before a file grows beyond its size, and keeps three', () => {
    const log = createLogFile({ folder: base, now: () => 0, maxBytes: 100 });
    for (let line = 0; line < 30; line++) log.write(`line ${line} ${'x'.repeat(30)}`);
    log.close();
    expect(readdirSync(base).sort()).toEqual(['fourtuple.1.log', 'fourtuple.2.log', 'fourtuple.log']);
    for (const name of readdirSync(base)) expect(statSync(join(base, name)).size).toBeLessThanOrEqual(100);
    expect(readFileSync(join(base, 'fourtuple.log'), 'utf8')).toContain('line 29');
  });

  test('goes on with the file of the last start', () => {
    for (const text of ['one', 'two']) {
      const log = createLogFile({ folder: base, now: () => 0 });
      log.write(text);
      log.close();
    }
    expect(readFileSync(join(base, 'fourtuple.log'), 'utf8').match(/\n/g)).toHaveLength(2);
  });

  test('a folder that cannot be written disturbs nothing; later it says how much is missing', () => {
    writeFileSync(join(base, 'logs'), 'a file stands in the way');
    let nowMs = 0;
    const log = createLogFile({ folder: join(base, 'logs'), now: () => nowMs });
    log.write('lost');
    log.write('lost too');
    rmSync(join(base, 'logs'));
    log.write('still lost, the disk is left alone for a minute');
    nowMs = 60_000;
    log.write('kept');
    log.close();
    expect(
      readFileSync(log.path, 'utf8')
        .split('\n')
        .map((line) => line.slice(25)),
    ).toEqual(['3 lines could not be written.', 'kept', '']);
  });

  test('is not written through a link', () => {
    const target = join(base, 'target');
    writeFileSync(target, '');
    mkdirSync(join(base, 'logs'));
    symlinkSync(target, join(base, 'logs', 'fourtuple.log'));
    const log = createLogFile({ folder: join(base, 'logs'), now: () => 0 });
    log.write('x');
    expect(readFileSync(target, 'utf8')).toBe('');
  });
});

test('a line goes to the terminal and to the file, and a terminal that is closed is no harm', () => {
  const stderr = Object.assign(new EventEmitter(), { written: '' });
  const write = (text: string) => {
    stderr.written += text;
    return true;
  };
  const { log, say, path } = createLog({
    folder: base,
    now: () => 0,
    stderr: Object.assign(stderr, { write }) as unknown as NodeJS.WriteStream,
  });
  log('kept');
  say('said');
  expect(() => stderr.emit('error', new Error('EPIPE'))).not.toThrow();
  expect(stderr.written).toBe('kept\nsaid\n');
  expect(readFileSync(path ?? '', 'utf8')).toBe('1970-01-01T00:00:00.000Z kept\n');
});

test.each([
  ['linux', {}, '/home/u', '/home/u/.local/state/fourtuple/logs'],
  ['linux', { XDG_STATE_HOME: '/s' }, '/home/u', '/s/fourtuple/logs'],
  ['linux', { XDG_STATE_HOME: 's' }, '/home/u', '/home/u/.local/state/fourtuple/logs'],
  ['linux', {}, '', null],
  ['darwin', {}, '/Users/u', '/Users/u/Library/Logs/Fourtuple'],
  ['win32', { LOCALAPPDATA: 'C:\\L' }, 'C:\\u', 'C:\\L\\Fourtuple\\logs'],
  ['win32', {}, 'C:\\u', 'C:\\u\\AppData\\Local\\Fourtuple\\logs'],
] as const)('on %s with %j the logs of %s are in %s', (platform, env, home, folder) => {
  expect(logFolder({ platform, env, home })).toBe(folder);
});
