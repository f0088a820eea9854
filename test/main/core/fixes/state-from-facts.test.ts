import { describe, expect, test } from 'vitest';
import { stateFromFacts } from '../../../../main/core/fixes/state-from-facts.ts';
import type { Fact } from '../../../../main/core/readings.ts';

function state(system: 'linux' | 'windows', facts: Fact[]) {
  return stateFromFacts({ system, facts, isLegacyWindows: false, tcpPorts: null });
}

describe('a state from what tools printed', () => {
  test('holds settings with their white space made one space, the first where one is told twice', () => {
    const { values, kernel } = state('linux', [
      { kind: 'setting', line: 1, name: 'net.ipv4.ip_local_port_range', value: '32768\t60999' },
      { kind: 'setting', line: 2, name: 'net.ipv4.ip_local_port_range', value: '1 2' },
      { kind: 'setting', line: 3, name: 'kernel.osrelease', value: '6.8.0-40-generic' },
      { kind: 'absent', line: 4, name: 'net.ipv4.tcp_tw_recycle', why: 'No such file or directory' },
    ]);
    expect(values.get('net.ipv4.ip_local_port_range')).toEqual({ kind: 'value', text: '32768 60999' });
    expect(values.get('net.ipv4.tcp_tw_recycle')).toEqual({ kind: 'absent' });
    expect(kernel).toEqual({ major: 6, minor: 8 });
  });

  test('tells the families of Windows apart, and both where an output does not say which', () => {
    const told = state('windows', [
      { kind: 'dynamic-ports', line: 1, protocol: 'tcp', family: 6, first: 10000, count: 1000 },
      { kind: 'dynamic-ports', line: 2, protocol: 'udp', family: 4, first: 1, count: 1 },
      { kind: 'dynamic-ports', line: 3, protocol: null, family: null, first: 49152, count: 16384 },
    ]).values;
    expect(told.get('dynamicport ipv4 tcp')).toEqual({ kind: 'value', text: '49152 16384' });
    expect(told.get('dynamicport ipv6 tcp')).toEqual({ kind: 'value', text: '10000 1000' });
  });

  test('tells administered exclusions from blocks, and knows neither where none was listed', () => {
    const range = (first: number, last: number) => ({ first, last });
    const { values } = state('windows', [
      { kind: 'excluded-ports', line: 1, family: 4, range: range(50000, 50059), administered: true, run: 1 },
      { kind: 'excluded-ports', line: 2, family: 4, range: range(61117, 61216), administered: false, run: 1 },
    ]);
    expect(values.get('excludedportrange ipv4 tcp administered')).toEqual({
      kind: 'value',
      text: '50000-50059',
    });
    expect(values.get('excludedportrange ipv4 tcp blocks')).toEqual({ kind: 'value', text: '61117-61216' });
    expect(state('windows', []).values.has('excludedportrange ipv4 tcp blocks')).toBe(false);
  });

  test('takes a value that a listing of the registry lacks as not set', () => {
    const { values } = state('windows', [
      { kind: 'registry', line: 1, name: 'TcpTimedWaitDelay', value: 240 },
    ]);
    expect(values.get('Tcpip\\Parameters\\TcpTimedWaitDelay')).toEqual({ kind: 'value', text: '240' });
    expect(values.get('Tcpip\\Parameters\\MaxUserPort')).toEqual({ kind: 'absent' });
    expect(state('windows', []).values.has('Tcpip\\Parameters\\MaxUserPort')).toBe(false);
  });
});
