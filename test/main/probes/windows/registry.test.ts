import { describe, expect, it } from 'vitest';
import { parseRegistry, registryFormat } from '../../../../main/probes/windows/registry.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

const KEY = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';
const own = (name: string) => readFixtureText(`windows/reg-query/${name}/stdout`);

function read(text: string) {
  const { reading } = listSockets(parseRegistry, text);
  const values = reading.facts.filter((fact) => fact.kind === 'registry');
  return {
    reading,
    values: Object.fromEntries(values.map(({ name, value }) => [name, value])),
    problems: reading.problems.map(({ line, why }) => [line, why]),
  };
}

describe('reg query of Tcpip\\Parameters', () => {
  it('reads a whole key: what is set, and that what is not listed is not set', () => {
    const { values, problems, reading } = read(own('key'));
    expect([values, problems, reading.skipped]).toEqual([
      { TcpTimedWaitDelay: 30, MaxUserPort: null, StrictTimeWaitSeqCheck: null },
      [],
      [{ what: 'other values', count: 5 }],
    ]);
  });

  it('reads single values, and from the command above a message which one is not set', () => {
    expect(read(own('values-de'))).toMatchObject({
      values: { MaxUserPort: 65534, TcpTimedWaitDelay: null },
      problems: [],
    });
  });

  it('says nothing of values that nobody asked for', () => {
    expect(read(`${KEY}\n    MaxUserPort    REG_DWORD    0x1388\n`).values).toEqual({ MaxUserPort: 5000 });
  });

  it('reads what Windows XP prints, a .reg file, and Get-ItemProperty', () => {
    expect(read(own('xp')).values).toEqual({ MaxUserPort: 5000 });
    expect(read(own('file')).values).toEqual({ MaxUserPort: 65534, TcpTimedWaitDelay: 30 });
    expect(
      read('MaxUserPort       : 65534\r\nTcpTimedWaitDelay : 30\r\nPSChildName       : Parameters\r\n')
        .values,
    ).toEqual({
      MaxUserPort: 65534,
      TcpTimedWaitDelay: 30,
    });
  });

  it('takes no value of another key for one of this key', () => {
    const text = `${KEY}\\Interfaces\\{1}\n    MaxUserPort    REG_DWORD    0x1388\n`;
    expect(read(text)).toMatchObject({ values: {}, problems: [] });
  });

  it('reports values that are no number of 32 bits, other types, and text', () => {
    const row = (value: string) => `    TcpTimedWaitDelay    ${value}\n`;
    expect(
      read(
        `${KEY}\n${row('REG_DWORD    0x1ffffffff')}${row('REG_SZ    30')}${row('REG_DWORD    thirty')}???\n`,
      ).problems,
    ).toEqual([
      [2, '"0x1ffffffff" is no number of 32 bits'],
      [3, 'TcpTimedWaitDelay is no REG_DWORD'],
      [4, '"thirty" is no number of 32 bits'],
      [5, 'no value of a registry key'],
    ]);
    expect(read('Access is denied.\n').problems[0]?.[1]).toContain('Windows refused access');
  });

  it('C5: drops a last value without a line end; an empty text says nothing', () => {
    const { reading, values } = read(`${KEY}\n    MaxUserPort    REG_DWORD    0xff`);
    expect([values, reading.truncated]).toEqual([{}, true]);
    const whole = own('key');
    expect(read(whole.slice(0, whole.indexOf('Hostname') + 4)).values).toEqual({});
    expect(read('').reading).toMatchObject({ facts: [], problemCount: 0, truncated: false });
  });

  it('reads 100,000 other values', () => {
    const text = `${KEY}\n${'    Name    REG_SZ    text\n'.repeat(100_000)}`;
    expect(read(text).reading.skipped).toEqual([{ what: 'other values', count: 100_000 }]);
  });

  it('is recognised by the key or by its values', () => {
    for (const name of ['key', 'values-de', 'xp', 'file']) {
      expect(registryFormat.recognises(own(name))).toBeGreaterThan(0.9);
    }
    expect(
      registryFormat.recognises(
        'ERROR: The system was unable to find the specified registry key or value.\r\n',
      ),
    ).toBeGreaterThan(0.5);
    expect(registryFormat.recognises('MaxUserPort : 65534\n')).toBeGreaterThan(0.5);
    expect(registryFormat.recognises('nothing of it\n')).toBe(0);
  });
});
