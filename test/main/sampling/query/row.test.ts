import { describe, expect, test } from 'vitest';
import { OwnerIndex } from '../../../../main/core/model.ts';
import { findRow, rowKey, socketRow } from '../../../../main/sampling/query/row.ts';
import {
  contextOf,
  syntheticTable,
  tableOf,
  TAKEN_MONOTONIC_MS,
  type CompactRow,
} from '../../../support/tables.ts';

const LIVE: CompactRow = { state: 'ESTABLISHED', local: '10.0.2.7:40000', remote: '10.0.3.12:443' };

describe('rowKey', () => {
  test('stays the same when the connection closes', () => {
    const open = tableOf([{ ...LIVE, cookie: 5, inode: 77 }]);
    const closed = tableOf([{ ...LIVE, state: 'TIME_WAIT', cookie: 5, expiresMs: 60_000 }]);
    expect(rowKey(closed, 0)).toBe(rowKey(open, 0));
  });

  test('stays the same when the connection closes and the source has no cookies', () => {
    const open = tableOf([{ ...LIVE, inode: 77 }]);
    const closed = tableOf([{ ...LIVE, state: 'TIME_WAIT', expiresMs: 60_000 }]);
    expect(rowKey(closed, 0)).toBe(rowKey(open, 0));
  });

  test('tells sockets that listen on one port apart', () => {
    const listener: CompactRow = { state: 'LISTEN', local: '0.0.0.0:443' };
    const byCookie = tableOf([
      { ...listener, cookie: 1 },
      { ...listener, cookie: 2 },
    ]);
    const byInode = tableOf([
      { ...listener, inode: 1 },
      { ...listener, inode: 2 },
    ]);
    expect(rowKey(byCookie, 0)).not.toBe(rowKey(byCookie, 1));
    expect(rowKey(byInode, 0)).not.toBe(rowKey(byInode, 1));
  });

  test('finds every row again', () => {
    const table = syntheticTable(500);
    for (let row = 0; row < table.length; row++) expect(findRow(table, rowKey(table, row))).toBe(row);
    const scoped = tableOf([
      { state: 'ESTABLISHED', local: '[fe80::1]:40000', remote: '[fe80::2]:22', scopeId: 2 },
    ]);
    expect(findRow(scoped, rowKey(scoped, 0))).toBe(0);
  });

  test.each([
    '',
    'c:',
    'c:0:1',
    'x',
    'c:0:1:0a000207.9c40-0a00030c.1bbz',
    't:0:toString',
    'c:zz:1:.1-.1',
    '\0',
  ])('W11: does not find %j', (key) => {
    expect(findRow(tableOf([LIVE]), key)).toBe(-1);
  });
});

describe('socketRow', () => {
  test.each<[string, Partial<CompactRow>, number | undefined, number | null, boolean]>([
    ['since it was first seen', { firstSeenMs: TAKEN_MONOTONIC_MS - 3600 }, 0, 3.6, false],
    ['at least since the first dump, when it was there then', {}, TAKEN_MONOTONIC_MS - 9000, 9, true],
    ['not at all, when the first dump is not known', {}, undefined, null, true],
    [
      'from the timer since the close',
      { state: 'TIME_WAIT', expiresMs: 41_000, firstSeenMs: 1 },
      0,
      19,
      false,
    ],
    ['never below zero', { state: 'TIME_WAIT', expiresMs: 60_010 }, 0, 0, false],
    [
      'at least, where TIME_WAIT has no timer',
      { state: 'TIME_WAIT', timer: 'unknown', firstSeenMs: TAKEN_MONOTONIC_MS - 1000 },
      0,
      1,
      true,
    ],
  ])('counts the age %s', (_, row, startedMonotonicMs, ageSeconds, ageIsMinimum) => {
    const context = contextOf(tableOf([{ ...LIVE, ...row }]), [], { startedMonotonicMs });
    expect(socketRow(context, 0)).toMatchObject({ ageSeconds, ageIsMinimum });
  });

  test('says that an owner is hidden, not that there is none', () => {
    const context = contextOf(tableOf([{ ...LIVE, owner: OwnerIndex.notPermitted }]));
    expect(socketRow(context, 0)).toMatchObject({
      ownerHidden: true,
      process: null,
      pid: null,
      confidence: 'unknown',
    });
  });

  test('shows a scope only on link-local addresses', () => {
    const context = contextOf(
      tableOf([{ state: 'ESTABLISHED', local: '[2001:db8::1]:40000', remote: '[fe80::2]:22', scopeId: 3 }]),
    );
    expect(socketRow(context, 0)).toMatchObject({ localAddress: '2001:db8::1', remoteAddress: 'fe80::2%3' });
  });

  test('gives no time to a timer that does not run', () => {
    const context = contextOf(
      tableOf([
        { ...LIVE, expiresMs: 5 },
        { ...LIVE, timer: 'keepalive', expiresMs: 5000 },
      ]),
    );
    expect(socketRow(context, 0)).toMatchObject({ timer: 'none', timerSeconds: null });
    expect(socketRow(context, 1)).toMatchObject({ timer: 'keepalive', timerSeconds: 5 });
  });
});
