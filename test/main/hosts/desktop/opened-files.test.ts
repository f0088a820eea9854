import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_IMPORT_PIECE, type ImportReport } from '../../../../preload/contract-import.ts';
import { MAX_OPENED_BYTES, openFiles } from '../../../../main/hosts/desktop/opened-files.ts';
import { OpenRequests } from '../../../../main/hosts/desktop/open-requests.ts';
import { rigWorkbench } from '../../../support/workbench.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourtuple-opened-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const REPORT: ImportReport = { opened: true, files: [], profile: null, choices: [], sentence: 'Read.' };

/** A workbench that takes an import, and what it was sent. */
function taker() {
  const { workbench } = rigWorkbench({ host: 'desktop' });
  const pieces: { fileIndex: number; data: string }[] = [];
  const begun: unknown[] = [];
  const handlers: typeof workbench.handlers = {
    ...workbench.handlers,
    'import.begin': async (args) => {
      begun.push(args);
      return { ok: true, value: { importId: 'i' } };
    },
    'import.piece': async ({ fileIndex, data }) => {
      pieces.push({ fileIndex, data });
      return { ok: true, value: { receivedBytes: 1 } };
    },
    'import.finish': async () => ({ ok: true, value: REPORT }),
  };
  const sent = (index: number) =>
    gunzipSync(
      Buffer.concat(
        pieces.filter(({ fileIndex }) => fileIndex === index).map(({ data }) => Buffer.from(data, 'base64')),
      ),
    );
  return { handlers, begun, pieces, sent };
}

const write = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('files that are opened with Fourtuple', () => {
  test('E9: go the way of dropped ones, by name and not by path', async () => {
    const { handlers, begun, pieces, sent } = taker();
    // What does not shrink takes several pieces.
    const noise = randomBytes(90_000);
    const opened = await openFiles([write('a.txt', 'ss'), write('b.bin', noise)], handlers);
    expect(opened).toEqual({ names: ['a.txt', 'b.bin'], importId: 'i', report: REPORT, sentence: null });
    expect(JSON.stringify([opened, begun])).not.toContain(folder);
    expect(begun).toMatchObject([
      {
        files: [
          { name: 'a.txt', bytes: 2 },
          { name: 'b.bin', bytes: 90_000 },
        ],
      },
    ]);
    expect(sent(0).toString()).toBe('ss');
    expect(sent(1).equals(noise)).toBe(true);
    expect(pieces.length).toBeGreaterThan(2);
    for (const { data } of pieces) expect(data.length).toBeLessThanOrEqual(MAX_IMPORT_PIECE);
  });

  test('each that cannot be read says why', async () => {
    const { handlers, begun } = taker();
    mkdirSync(join(folder, 'folder'));
    const large = write('large.txt', '');
    truncateSync(large, MAX_OPENED_BYTES + 1);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const sentences = [];
    for (const name of ['none', 'folder', 'large.txt', 'pipe']) {
      sentences.push((await openFiles([join(folder, name)], handlers)).sentence);
    }
    expect(sentences).toEqual([
      'none is not there (any more).',
      'folder is a folder: open the files in it.',
      'large.txt is larger than 16 MiB. Drop it on the window instead.',
      'pipe is no ordinary file.',
    ]);
    expect((await openFiles([write('empty', '')], handlers)).sentence).toBe(
      'There is nothing in it to read.',
    );
    expect((await openFiles(Array<string>(17).fill(large), handlers)).sentence).toMatch(/At most 16 files/);
    expect(begun).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)('one that is another’s says so', async () => {
    const secret = write('secret', 'x');
    chmodSync(secret, 0);
    expect((await openFiles([secret], taker().handlers)).sentence).toBe(
      'secret may not be read by this user.',
    );
  });

  test('a refusal of the workbench is told as it is', async () => {
    const { workbench } = rigWorkbench({ host: 'desktop' });
    const opened = await openFiles([write('a.txt', 'ss')], workbench.handlers);
    expect(opened).toMatchObject({ names: ['a.txt'], report: null, importId: null });
    expect(opened.sentence).toMatch(/\.$/);
  });
});

test('requests wait until there is a page, and go one after the other', async () => {
  const requests = new OpenRequests(() => {});
  requests.add(['a']);
  requests.add(['b']);
  const taken: string[][] = [];
  let finish = () => {};
  requests.begin(async (paths) => {
    taken.push([...paths]);
    await new Promise<void>((resolve) => (finish = resolve));
  });
  requests.add(['c']);
  requests.add([]);
  expect(taken).toEqual([['a', 'b']]);
  finish();
  await new Promise(setImmediate);
  expect(taken).toEqual([['a', 'b'], ['c']]);
});

test('a request that fails is told, and the next one is taken', async () => {
  const failed: unknown[] = [];
  const requests = new OpenRequests((error) => failed.push(error));
  const taken: string[] = [];
  requests.begin(async ([path = '']) => {
    taken.push(path);
    if (path === 'a') throw new Error('a bug');
  });
  requests.add(['a']);
  requests.add(['b']);
  await new Promise(setImmediate);
  expect(taken).toEqual(['a', 'b']);
  expect(failed).toEqual([new Error('a bug')]);
});
