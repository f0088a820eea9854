import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRowAddress } from '../../../../main/core/address.ts';
import { TCP_STATE_NAMES, TcpState } from '../../../../main/core/model.ts';
import { parseProcNetTcp, type ProcTcpProblems } from '../../../../main/sampling/linux/proc-net-tcp.ts';
import { SocketTable } from '../../../../main/sampling/socket-table.ts';
import { readFixture, readSharedFixture } from '../../../support/fixtures.ts';

const HEADING =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const LINE =
  '   0: 0100007F:1F90 0200007F:A0F6 06 00008358:00000007 03:000015B9 00000002  1000        0 1880940 2 0 20\n';

function parse(bytes: Uint8Array | string, family: 4 | 6 = 4) {
  const input = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  const table = new SocketTable();
  const problems: ProcTcpProblems = { count: 0, line: 0, text: '' };
  const at = { family, firstLine: 1, isLast: true };
  const chunk = parseProcNetTcp(input, input.length, at, table, problems);
  return { table, problems, chunk };
}

function countStates(table: SocketTable): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const state of table.state.subarray(0, table.length)) {
    const name = TCP_STATE_NAMES[state] ?? '?';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function endpoints(table: SocketTable, row: number): string {
  const local = `${formatRowAddress(table, row, 'local')}:${table.localPort[row]}`;
  return `${local} ${formatRowAddress(table, row, 'remote')}:${table.remotePort[row]}`;
}

describe('parseProcNetTcp', () => {
  it('reads a recorded /proc/net/tcp', () => {
    const { table, problems } = parse(readFixture('linux/proc-net-tcp/6.18/stdout'));
    expect([problems.count, table.length]).toEqual([0, 13]);
    expect(countStates(table)).toEqual({
      LISTEN: 4,
      ESTABLISHED: 4,
      TIME_WAIT: 2,
      CLOSE_WAIT: 1,
      FIN_WAIT_2: 1,
      SYN_SENT: 1,
    });
    const row = table.inode.indexOf(1880940);
    expect(endpoints(table, row)).toBe('192.0.2.10:8080 192.0.2.20:41206');
    expect([table.sendQueue[row], table.receiveQueue[row], table.timer[row], table.uid[row]]).toEqual([
      33624, 0, 4, 0,
    ]);
    const timeWait = table.state.indexOf(TcpState.TIME_WAIT);
    expect([table.timer[timeWait], table.expiresMs[timeWait], table.inode[timeWait]]).toEqual([3, 55610, 0]);
  });

  it('reads a recorded /proc/net/tcp6, mapped addresses as IPv4', () => {
    const { table, problems } = parse(readFixture('linux/proc-net-tcp6/6.18/stdout'), 6);
    expect([problems.count, table.length]).toEqual([0, 7]);
    expect(countStates(table)).toEqual({ LISTEN: 3, ESTABLISHED: 3, TIME_WAIT: 1 });
    const mapped = table.inode.indexOf(1880927);
    expect([table.family[mapped], endpoints(table, mapped)]).toEqual([4, '192.0.2.10:8443 192.0.2.20:57670']);
    expect(endpoints(table, 0)).toBe('fe80::5eff:fe00:5301:9100 :::0');
  });

  const other = readSharedFixture('linux-proc-net-tcp-5x.txt');
  it.skipIf(!other.found)('reads captures of other kernels one after the other', () => {
    if (!other.found) return;
    const { table, problems } = parse(other.bytes);
    expect(countStates(table)).toEqual({
      LISTEN: 4,
      CLOSE_WAIT: 1,
      FIN_WAIT_1: 6,
      TIME_WAIT: 15,
      ESTABLISHED: 1,
    });
    expect(problems.text).toBe(problems.count > 0 ? expect.stringContaining('local_address') : '');
    const row = table.localPort.indexOf(54352);
    expect([formatRowAddress(table, row, 'local'), table.receiveQueue[row], table.uid[row]]).toEqual([
      '192.168.42.128',
      82,
      1000,
    ]);
  });

  it('reads every column of a line', () => {
    const { table } = parse(HEADING + LINE);
    expect(endpoints(table, 0)).toBe('127.0.0.1:8080 127.0.0.2:41206');
    expect([table.state[0], table.retransmits[0], table.uid[0], table.inode[0]]).toEqual([
      6, 2, 1000, 1880940,
    ]);
    expect([table.sendQueue[0], table.receiveQueue[0], table.expiresMs[0]]).toEqual([33624, 7, 55610]);
  });

  it.each([
    ['an empty file', ''],
    ['a heading only', HEADING],
  ])('finds no sockets in %s', (_what, text) => {
    const { table, problems } = parse(text);
    expect([table.length, problems.count]).toEqual([0, 0]);
  });

  it.each([
    ['a cut line', LINE.slice(0, 60)],
    ['words', 'something else entirely\n'],
    ['a state that does not exist', LINE.replace(' 06 ', ' FF ')],
    ['an address that is no number', LINE.replace('0100007F', 'XYZ0007F')],
    ['a terminal escape', '\x1b]0;owned\x07\n'],
  ])('tells the number of %s and keeps the rest', (_what, bad) => {
    const text = `${HEADING}${LINE}${bad.endsWith('\n') ? bad : `${bad}\n`}${LINE}`;
    const { table, problems } = parse(text);
    expect([table.length, problems.count, problems.line]).toEqual([2, 1, 3]);
  });

  it('leaves a line that is not whole for the next chunk', () => {
    const bytes = new TextEncoder().encode(HEADING + LINE + LINE);
    const table = new SocketTable();
    const problems: ProcTcpProblems = { count: 0, line: 0, text: '' };
    const cut = HEADING.length + LINE.length + 20;
    const first = parseProcNetTcp(bytes, cut, { family: 4, firstLine: 1, isLast: false }, table, problems);
    expect(first).toEqual({ consumed: HEADING.length + LINE.length, lines: 2 });
    const rest = bytes.subarray(first.consumed);
    parseProcNetTcp(rest, rest.length, { family: 4, firstLine: 3, isLast: true }, table, problems);
    expect([table.length, problems.count]).toEqual([2, 0]);
  });

  it('gives a 4-tuple the same cookie in each dump and another 4-tuple another', () => {
    const first = parse(HEADING + LINE).table;
    const second = parse(HEADING + LINE + LINE.replace('A0F6', 'A0F7')).table;
    const cookie = (table: SocketTable, row: number) => [table.cookieLow[row], table.cookieHigh[row]];
    expect(cookie(second, 0)).toEqual(cookie(first, 0));
    expect(cookie(second, 1)).not.toEqual(cookie(first, 0));
  });

  it('has no two equal cookies among 100,000 connections to one destination', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => {
      const port = (index % 50_000).toString(16).toUpperCase().padStart(4, '0');
      return LINE.replace('1F90 0200007F:A0F6', `${port} 0200007F:${index < 50_000 ? '01BB' : '01BC'}`);
    });
    const { table } = parse(HEADING + lines.join(''));
    const cookies = new Set(
      Array.from({ length: table.length }, (_, row) => `${table.cookieHigh[row]}:${table.cookieLow[row]}`),
    );
    expect([table.length, cookies.size]).toEqual([100_000, 100_000]);
  });

  it('never throws on any text', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(LINE, HEADING, '\n', LINE.slice(0, 80)));
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom(4 as const, 6 as const), (pieces, family) => {
        const { table, problems, chunk } = parse(pieces.join(''), family);
        expect(table.length + problems.count).toBeLessThanOrEqual(chunk.lines);
      }),
    );
  });
});
