import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readMetricsToken, TOKEN_RECIPE } from '../../../../main/hosts/web/metrics-token.ts';

const TOKEN = 'q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9+/==';
let folder: string;

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'fourtuple-token-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test.each([TOKEN, `${TOKEN}\n`, `${TOKEN}\r\n`])('W6: keeps of a token no more than its SHA-256', (text) => {
  const read = readMetricsToken(write('good', text));
  expect(read).toEqual({ ok: true, value: createHash('sha256').update(TOKEN).digest() });
});

test('understands what the recipe in the help makes', () => {
  const path = join(folder, 'made');
  spawnSync('sh', ['-c', TOKEN_RECIPE.replaceAll('FILE', `'${path}'`)]);
  expect(readMetricsToken(path)).toMatchObject({ ok: true });
});

test.each([
  ['can be read or written by others', () => write('wide', TOKEN, 0o640)],
  ['can be read or written by others', () => write('open', TOKEN, 0o602)],
  ['holds 31 characters; a token has at least 32', () => write('short', TOKEN.slice(0, 31))],
  ['holds 0 characters', () => write('empty', '')],
  ['has more than one line', () => write('lines', `${TOKEN}\n${TOKEN}\n`)],
  ['holds characters that no token has', () => write('odd', `${TOKEN} ${TOKEN}`)],
  ['is too long for a token', () => write('long', 'a'.repeat(5000))],
  ['is not a regular file', () => folder],
  ['cannot be opened (ENOENT)', () => join(folder, 'nowhere')],
])('W6: refuses a file that %s, and says how to make one', (why, make) => {
  const read = readMetricsToken(make());
  expect(read).toMatchObject({
    ok: false,
    failure: { code: 'unavailable', why: expect.stringContaining(why) },
  });
  expect(JSON.stringify(read)).toContain('chmod 600 FILE');
});

test('W6: refuses a symbolic link, a pipe and a file of another user', () => {
  const link = join(folder, 'link');
  symlinkSync(write('target', TOKEN), link);
  expect(readMetricsToken(link)).toMatchObject({
    failure: { why: expect.stringContaining('symbolic link') },
  });
  const pipe = join(folder, 'pipe');
  spawnSync('mkfifo', ['-m', '600', pipe]);
  expect(readMetricsToken(pipe)).toMatchObject({
    failure: { why: expect.stringContaining('not a regular file') },
  });
  const other = readMetricsToken(write('other', TOKEN), 4_000_000);
  expect(other).toMatchObject({ failure: { why: expect.stringContaining('belongs to another user') } });
});
