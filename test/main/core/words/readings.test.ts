import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../../../main/core/address.ts';
import { TcpState } from '../../../../main/core/model.ts';
import type { Fact, OutputReading, SocketReading } from '../../../../main/core/readings.ts';
import { commandLine } from '../../../../main/core/words/command-line.ts';
import { describeFact, describeSocket, sayReading } from '../../../../main/core/words/readings.ts';
import { emptySocket } from '../../../../main/probes/reading-builder.ts';

const endpoint = (address: string, port: number | null) => ({
  address: parseAddress(address),
  port,
  text: null,
});

describe('a socket in words', () => {
  test.each<[string, Partial<SocketReading>, object]>([
    [
      'all of it',
      {
        state: TcpState.TIME_WAIT,
        local: endpoint('10.0.0.1', 40001),
        remote: endpoint('2001:db8::1', 443),
        timer: { kind: 3, expiresMs: 12_345, retransmits: 0 },
        holders: [
          { process: 'python3', pid: 4312, fd: 3 },
          { process: null, pid: 7, fd: null },
        ],
      },
      {
        state: 'TIME_WAIT',
        local: '10.0.0.1:40001',
        remote: '[2001:db8::1]:443',
        timer: 'time wait 12.345 s',
        owner: 'python3 (pid 4312), pid 7',
      },
    ],
    [
      'wildcards and what was cut',
      {
        state: TcpState.LISTEN,
        local: endpoint('::', 80),
        remote: { address: null, port: null, text: 'very-long-host-na' },
      },
      { state: 'LISTEN', local: '[::]:80', remote: 'very-long-host-na', timer: null, owner: null },
    ],
    [
      'what is not told',
      { remote: endpoint('0.0.0.0', 0) },
      { state: 'UNKNOWN', local: 'unknown', remote: '0.0.0.0:*', timer: null, owner: null },
    ],
  ])('%s', (_what, change, expected) => {
    expect(describeSocket({ ...emptySocket(3, 4), ...change }, 9)).toEqual({ line: 9, ...expected });
  });
});

describe('a fact as name and value', () => {
  test.each<[Fact, string, string]>([
    [{ line: 1, kind: 'setting', name: 'net.ipv4.tcp_tw_reuse', value: '2' }, 'net.ipv4.tcp_tw_reuse', '2'],
    [{ line: 1, kind: 'absent', name: 'x', why: 'no such file' }, 'x', 'not there: no such file'],
    [
      { line: 1, kind: 'dynamic-ports', protocol: 'tcp', family: 4, first: 49152, count: 16384 },
      'dynamic ports, TCP, IPv4',
      '49152–65535 (16384 ports)',
    ],
    [
      {
        line: 1,
        kind: 'excluded-ports',
        family: 4,
        range: { first: 5357, last: 5357 },
        administered: true,
        run: 2,
      },
      'excluded ports, IPv4 (table 2)',
      '5357, administered',
    ],
    [{ line: 1, kind: 'registry', name: 'MaxUserPort', value: null }, 'MaxUserPort', 'not set'],
    [
      { line: 1, kind: 'auto-reuse-ports', setting: 'Internet', first: 0, count: 0 },
      'auto-reuse ports of Internet',
      'off',
    ],
    [{ line: 1, kind: 'counter', group: 'Tcp', name: 'ActiveOpens', value: 7 }, 'Tcp ActiveOpens', '7'],
    [{ line: 1, kind: 'process', pid: 7, name: 'sshd', commandLine: null }, 'process 7', 'sshd'],
    [{ line: 1, kind: 'event', id: 4227, at: null, text: 'ports' }, 'event 4227', 'ports'],
    [
      {
        line: 1,
        kind: 'tracked-flow',
        protocol: 'tcp',
        state: 'TIME_WAIT',
        timeoutSeconds: 118,
        source: '10.0.0.1:4',
        destination: '10.0.0.2:443',
        isTranslated: true,
      },
      'tracked tcp flow',
      '10.0.0.1:4 → 10.0.0.2:443, TIME_WAIT, 118 s left, translated',
    ],
    [
      { line: 1, kind: 'address', interface: 'lo', address: '127.0.0.1', prefixLength: 8 },
      'address of lo',
      '127.0.0.1/8',
    ],
    [{ line: 1, kind: 'note', name: 'container', value: '1a2b' }, 'container', '1a2b'],
  ])('$kind', (fact, name, value) => {
    expect(describeFact(fact, 4)).toEqual({ line: 4, name, value });
  });

  test('T1: hostile text is shown and cut', () => {
    const fact: Fact = { line: 1, kind: 'note', name: '\u001b[2J', value: 'x'.repeat(5000) };
    const { name, value } = describeFact(fact, 1);
    expect(name).toBe('\\x1b[2J');
    expect(value).toHaveLength(1000);
  });
});

test('a reading in one sentence', () => {
  const reading: OutputReading = {
    format: 'ss',
    system: 'linux',
    rows: 27_743,
    facts: [],
    skipped: [{ what: 'udp', count: 12 }],
    problems: [],
    problemCount: 3,
    truncated: true,
  };
  expect(sayReading(reading)).toBe(
    '27,743 TCP sockets, 12 udp left out, 3 lines not understood, the last line is cut off.',
  );
  expect(sayReading({ ...reading, rows: 0, skipped: [], problemCount: 0, truncated: false })).toBe(
    'It says nothing.',
  );
});

test('commands are written as a person would type them', () => {
  expect(commandLine('linux', 'ss', ['-tan', 'dst', '[::1]', "it's"])).toBe(`ss -tan dst '[::1]' "it's"`);
  expect(commandLine('windows', 'powershell', ['-Command', 'a "b" | c'])).toBe(
    'powershell -Command "a \\"b\\" | c"',
  );
});
