import { describe, expect, test } from 'vitest';
import { OwnerIndex } from '../../../../main/core/model.ts';
import { describeSocket } from '../../../../main/sampling/query/detail.ts';
import { rowKey } from '../../../../main/sampling/query/row.ts';
import { formatSsCommand, formatSsLine } from '../../../../main/sampling/query/ss-line.ts';
import { CALLS, type CallResult } from '../../../../preload/contract.ts';
import { contextOf, ownerOf, tableOf, TAKEN_MONOTONIC_MS, type CompactRow } from '../../../support/tables.ts';

const OWNERS = [
  ownerOf({ pid: 4312, process: 'python3', commandLine: 'order_sync.py', unit: 'sync.service' }),
];
const CLOSED: CompactRow = {
  state: 'TIME_WAIT',
  local: '10.0.2.7:47133',
  remote: '10.0.3.12:443',
  expiresMs: 41_000,
  cookie: 9,
};

function detailOf(row: CompactRow, extra: Parameters<typeof contextOf>[2] = {}) {
  const table = tableOf([row]);
  return describeSocket(contextOf(table, OWNERS, extra), rowKey(table, 0));
}

describe('describeSocket', () => {
  test('tells the life of a closed connection', () => {
    const row = {
      ...CLOSED,
      owner: 0,
      confidence: 'observed' as const,
      firstSeenMs: TAKEN_MONOTONIC_MS - 22_600,
    };
    const poolOf = (key: string) =>
      key === '10.0.2.7>10.0.3.12:443' ? { capacity: 28232, used: 25691 } : null;
    const detail: CallResult<'sockets.detail'> = detailOf(row, { poolOf });
    expect(CALLS['sockets.detail'].result.parse(detail)).toMatchObject({
      row: { state: 'TIME_WAIT', ageSeconds: 19, timerSeconds: 41, process: 'python3' },
      poolKey: '10.0.2.7>10.0.3.12:443',
      poolCapacity: 28232,
      poolUsed: 25691,
      commandLine: 'order_sync.py',
      unit: 'sync.service',
      container: null,
      ownerSentence:
        'Linux keeps no owner for a TIME-WAIT socket. Fourtuple saw this 4-tuple open in python3 (pid 4312) before it closed.',
      openSeconds: 3.6,
      line: 'TIME-WAIT 0 0 10.0.2.7:47133 10.0.3.12:443 timer:(timewait,41sec,0)',
      command: "ss -tano 'src = 10.0.2.7:47133 and dst = 10.0.3.12:443'",
    });
  });

  test.each<[string, Partial<CompactRow>, RegExp]>([
    [
      'inferred',
      { owner: 0, confidence: 'inferred' },
      /^Linux keeps no owner .* Inferred: .* belong to python3 \(pid 4312\)\.$/,
    ],
    ['unknown', {}, /^Linux keeps no owner .* its owner is unknown\.$/],
    ['hidden', { owner: OwnerIndex.notPermitted }, /this user may not see which/],
    [
      'live and observed',
      { state: 'ESTABLISHED', owner: 0, confidence: 'observed' },
      /^python3 \(pid 4312\) was seen to hold/,
    ],
    [
      'live and not found',
      { state: 'ESTABLISHED', inode: 55 },
      /^No process was found yet that holds inode 55\.$/,
    ],
    ['orphaned', { state: 'FIN_WAIT_2' }, /^No process holds this socket any more/],
  ])('says how the owner is known: %s', (_, row, sentence) => {
    expect(detailOf({ ...CLOSED, ...row }).ownerSentence).toMatch(sentence);
  });

  test.each<[string, Partial<CompactRow>]>([
    ['a listening socket', { state: 'LISTEN', remote: '0.0.0.0:0' }],
    ['a port outside the range', { local: '10.0.2.7:443' }],
    ['a connection being accepted', { state: 'SYN_RECV' }],
  ])('gives no pool to %s', (_, row) => {
    expect(detailOf({ ...CLOSED, ...row })).toMatchObject({
      poolKey: null,
      poolCapacity: null,
      poolUsed: null,
    });
  });

  test('does not know how long a socket was open that was first seen closed', () => {
    expect(detailOf({ ...CLOSED, firstSeenMs: TAKEN_MONOTONIC_MS }).openSeconds).toBeNull();
    expect(detailOf(CLOSED).openSeconds).toBeNull();
  });

  test('answers that a socket is gone', () => {
    const detail: CallResult<'sockets.detail'> = describeSocket(
      contextOf(tableOf([CLOSED])),
      'c:0:1:nothing',
    );
    expect(CALLS['sockets.detail'].result.parse(detail)).toMatchObject({
      row: null,
      poolKey: null,
      line: '',
    });
    expect(detail.ownerSentence).toBe('This socket is not in the snapshot: it has ended.');
  });
});

describe('formatSsLine', () => {
  test.each<[CompactRow, string]>([
    [{ state: 'LISTEN', local: '[::]:80', sendQueue: 128 }, 'LISTEN 0 128 [::]:80 [::]:*'],
    [
      {
        state: 'ESTABLISHED',
        local: '10.0.0.1:40000',
        remote: '10.0.0.2:22',
        timer: 'keepalive',
        expiresMs: 7_140_000,
      },
      'ESTAB 0 0 10.0.0.1:40000 10.0.0.2:22 timer:(keepalive,119min,0)',
    ],
    [
      {
        state: 'SYN_SENT',
        local: '10.0.0.1:40000',
        remote: '10.0.0.2:22',
        timer: 'retransmit',
        expiresMs: 204,
        retransmits: 2,
        sendQueue: 1,
      },
      'SYN-SENT 0 1 10.0.0.1:40000 10.0.0.2:22 timer:(on,204ms,2)',
    ],
    [
      {
        state: 'FIN_WAIT_1',
        local: '10.0.0.1:40000',
        remote: '10.0.0.2:22',
        timer: 'probe',
        expiresMs: 3500,
      },
      'FIN-WAIT-1 0 0 10.0.0.1:40000 10.0.0.2:22 timer:(persist,3.500ms,0)',
    ],
    [
      {
        state: 'ESTABLISHED',
        local: '10.0.0.1:40000',
        remote: '10.0.0.2:22',
        timer: 'keepalive',
        expiresMs: 65_000,
      },
      'ESTAB 0 0 10.0.0.1:40000 10.0.0.2:22 timer:(keepalive,1min5sec,0)',
    ],
  ])('prints %j as ss does', (row, line) => {
    expect(formatSsLine(tableOf([row]), 0)).toBe(line);
  });

  test('leaves the interface index, which ss does not take, out of the command', () => {
    const table = tableOf([
      { state: 'ESTABLISHED', local: '[fe80::1]:40000', remote: '[fe80::2]:22', scopeId: 2 },
    ]);
    expect(formatSsLine(table, 0)).toBe('ESTAB 0 0 [fe80::1%2]:40000 [fe80::2%2]:22');
    expect(formatSsCommand(table, 0)).toBe("ss -tano 'src = [fe80::1]:40000 and dst = [fe80::2]:22'");
  });
});
