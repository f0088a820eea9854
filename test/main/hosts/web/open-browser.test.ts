import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openBrowser } from '../../../../main/hosts/web/open-browser.ts';

const URL_WITH_CODE = 'http://127.0.0.1:4790/#code=secret-code';
const originalPath = process.env['PATH'];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourtuple-opener-'));
});
afterEach(() => {
  process.env['PATH'] = originalPath;
  rmSync(folder, { recursive: true });
});

test('W6: hands the browser a private file that leads on; its arguments hold no code', async () => {
  const opener = join(folder, 'xdg-open');
  const seen = join(folder, 'argv');
  writeFileSync(opener, `#!/bin/sh\nprintf %s "$*" > '${seen}.new' && mv '${seen}.new' '${seen}'\n`);
  chmodSync(opener, 0o755);
  process.env['PATH'] = `${folder}${delimiter}${originalPath ?? ''}`;
  const remove = openBrowser(URL_WITH_CODE, 'linux', (reason) => expect.unreachable(reason));
  await vi.waitFor(() => expect(existsSync(seen)).toBe(true), 5000);
  const file = readFileSync(seen, 'utf8');
  expect(file).not.toContain('secret-code');
  expect(readFileSync(file, 'utf8')).toContain(`url=${URL_WITH_CODE}"`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  remove();
  expect(existsSync(dirname(file))).toBe(false);
});

test('says why no browser could be opened', async () => {
  process.env['PATH'] = folder;
  const reasons: string[] = [];
  const remove = openBrowser(URL_WITH_CODE, 'linux', (reason) => reasons.push(reason));
  await vi.waitFor(() => expect(reasons).toHaveLength(1), 5000);
  expect(reasons[0]).toMatch(/^xdg-open could not be started/);
  remove();
});
