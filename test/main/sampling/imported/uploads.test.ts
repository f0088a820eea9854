import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAX_BYTES, MAX_FILES } from '../../../../main/sampling/imported/limits.ts';
import { Uploads } from '../../../../main/sampling/imported/uploads.ts';
import { MAX_IMPORT_BYTES, MAX_IMPORT_FILES } from '../../../../preload/contract-import.ts';

function begin(uploads: Uploads, ...names: string[]): string {
  const begun = uploads.begin(names.map((name) => ({ name, modifiedAtMs: null, bytes: 10 })));
  if (!begun.ok) throw new Error(JSON.stringify(begun.failure));
  return begun.value.importId;
}

describe('uploads', () => {
  it('have the bounds of the contract', () => {
    expect([MAX_FILES, MAX_BYTES]).toEqual([MAX_IMPORT_FILES, MAX_IMPORT_BYTES]);
  });

  it('put the pieces of each file together', async () => {
    const uploads = new Uploads();
    const id = begin(uploads, 'a', 'b');
    const packed = gzipSync('State Recv-Q\n'.repeat(500));
    for (let at = 0; at < packed.length; at += 10) {
      expect(uploads.add(id, 1, packed.subarray(at, at + 10).toString('base64')).ok).toBe(true);
    }
    uploads.add(id, 0, gzipSync('').toString('base64'));
    const files = await uploads.unpack(id);
    expect(files.ok && files.value.map(({ name, bytes }) => [name, bytes.length])).toEqual([
      ['a', 0],
      ['b', 13 * 500],
    ]);
  });

  it('unpack no bomb', async () => {
    const uploads = new Uploads();
    const id = begin(uploads, 'bomb');
    const packed = gzipSync(Buffer.alloc(MAX_BYTES + 1), { level: 1 });
    uploads.add(id, 0, packed.toString('base64'));
    const before = process.memoryUsage().rss;
    expect(await uploads.unpack(id)).toMatchObject({
      ok: false,
      failure: { code: 'invalid', field: 'files' },
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(2.5 * MAX_BYTES);
  }, 30_000);

  it('say that a damaged or missing stream did not arrive whole', async () => {
    const uploads = new Uploads();
    const [cut, none] = [begin(uploads, 'cut'), begin(uploads, 'none')];
    uploads.add(cut, 0, gzipSync('x'.repeat(1000)).subarray(0, 15).toString('base64'));
    for (const id of [cut, none]) {
      expect(await uploads.unpack(id)).toMatchObject({ ok: false, failure: { code: 'invalid' } });
    }
  });

  it('are few at a time: the oldest gives way', () => {
    const uploads = new Uploads();
    const ids = Array.from({ length: 6 }, (_, i) => begin(uploads, `${i}`));
    expect(uploads.size).toBe(4);
    expect(uploads.add(ids[0] ?? '', 0, '')).toMatchObject({ ok: false, failure: { code: 'gone' } });
    expect(uploads.add(ids[5] ?? '', 0, '').ok).toBe(true);
    expect(uploads.add(ids[5] ?? '', 7, '')).toMatchObject({ ok: false, failure: { code: 'invalid' } });
  });

  it('take no more packed bytes than an import may have, over all of them', () => {
    const uploads = new Uploads();
    const id = begin(uploads, 'noise');
    const piece = Buffer.alloc(32 * 1024 * 1024).toString('base64');
    const outcomes = Array.from({ length: 9 }, () => uploads.add(id, 0, piece).ok);
    expect(outcomes).toEqual([...Array<boolean>(8).fill(true), false]);
    expect(uploads.size).toBe(0);
  });

  it('refuse files that are announced as too large or too many', () => {
    const uploads = new Uploads();
    const file = { name: 'a', modifiedAtMs: null, bytes: MAX_BYTES };
    expect(uploads.begin([file, { ...file, bytes: 1 }]).ok).toBe(false);
    expect(uploads.begin(Array.from({ length: 17 }, () => ({ ...file, bytes: 1 }))).ok).toBe(false);
    expect(uploads.begin([]).ok).toBe(false);
  });
});
