import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MAX_PRINTED_BYTES, PrintedByChanges } from '../../../main/workbench/fix-printed.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function begin() {
  const told: { changeId: number; offset: number; text: string }[] = [];
  const printed = new PrintedByChanges('en-US', (piece) => told.push(piece));
  return { told, printed };
}

test('is told in pieces, ten a second at most, and at once when asked', () => {
  const { told, printed } = begin();
  printed.append(1, Buffer.from('Pass'));
  printed.append(1, Buffer.from('word: '));
  expect(told).toEqual([]);
  vi.advanceTimersByTime(100);
  printed.append(1, Buffer.from('\r\n'));
  printed.flush(1);
  expect(told).toEqual([
    { changeId: 1, offset: 0, text: 'Password: ' },
    { changeId: 1, offset: 10, text: '\r\n' },
  ]);
});

test('is kept up to 1 MB a change, and what was left out is said', () => {
  const { printed } = begin();
  for (let written = 0; written < 2 * MAX_PRINTED_BYTES; written += 64 * 1024) {
    printed.append(1, Buffer.alloc(64 * 1024, 'x'));
  }
  printed.flush(1);
  const total = printed.charactersOf(1);
  const end = printed.read(1, total - 60, 100);
  expect(end.ok && end.value.text).toMatch(/xxx\r\nMore was printed and is not kept\.\r\n$/);
  expect(total).toBeLessThan(MAX_PRINTED_BYTES + 100);
});

test('is nothing yet, and not gone, of a change that is at work', () => {
  const { printed } = begin();
  printed.expect(7);
  expect(printed.read(7, 0, 10)).toEqual({
    ok: true,
    value: { text: '', nextOffset: null, totalCharacters: 0 },
  });
  printed.append(7, Buffer.from('Password: '));
  printed.expect(7);
  printed.flush(7);
  expect(printed.read(7, 0, 10)).toMatchObject({ ok: true, value: { text: 'Password: ' } });
});

test('of the newest 50 changes is kept, and gone of others', () => {
  const { printed } = begin();
  for (let changeId = 1; changeId <= 51; changeId++) printed.append(changeId, Buffer.from('x'));
  expect(printed.read(1, 0, 10)).toMatchObject({ ok: false, failure: { code: 'gone' } });
  expect(printed.read(51, 0, 10)).toEqual({
    ok: true,
    value: { text: 'x', nextOffset: null, totalCharacters: 1 },
  });
  vi.runAllTimers();
});
