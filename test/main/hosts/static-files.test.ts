import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readStaticFile } from '../../../main/hosts/static-files.ts';

let base: string;
let root: string;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'fourtuple-static-'));
  root = join(base, 'page');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), 'page');
  writeFileSync(join(root, 'assets', 'a b-1.js'), 'script');
  writeFileSync(join(root, 'secret.pem'), 'secret');
  writeFileSync(join(base, 'outside.html'), 'outside');
  mkdirSync(join(base, 'page-too'));
  writeFileSync(join(base, 'page-too', 'x.html'), 'outside');
  symlinkSync(join(base, 'outside.html'), join(root, 'link.html'));
});
afterAll(() => rmSync(base, { recursive: true }));

test('serves the page and its assets with their type', async () => {
  expect(await readStaticFile(root, '/')).toMatchObject({
    mimeType: 'text/html; charset=utf-8',
    isImmutable: false,
  });
  const asset = await readStaticFile(root, '/assets/a%20b-1.js');
  expect(asset?.body.toString()).toBe('script');
  expect(asset).toMatchObject({ mimeType: 'text/javascript; charset=utf-8', isImmutable: true });
});

test.each([
  '',
  'index.html',
  '/missing.html',
  '/assets',
  '/assets/',
  '/secret.pem',
  '/../outside.html',
  '/%2e%2e/outside.html',
  '/assets/..%2f..%2foutside.html',
  '/..%5coutside.html',
  '/%252e%252e/outside.html',
  '/link.html',
  '/../page-too/x.html',
  '/index.html%00.js',
  '/%',
  '/%zz',
  '/%c0%ae%c0%ae/outside.html',
  '/./index.html',
])('E3: refuses %s', async (path) => {
  expect(await readStaticFile(root, path)).toBeNull();
});

test('E3: no path at all reaches a file outside, and none throws', async () => {
  const part = fc.constantFrom(
    '..',
    '%2e%2e',
    '.',
    'page',
    'page-too',
    'outside.html',
    'x.html',
    '%2f',
    '%5c',
    '',
    '%00',
    '%',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
      const file = await readStaticFile(root, `/${parts.join('/')}`);
      expect(file?.body.toString()).not.toBe('outside');
    }),
    { numRuns: 300 },
  );
});
