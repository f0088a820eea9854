import { describe, expect, it } from 'vitest';
import { parseTcpSetting, tcpSettingFormat } from '../../../../main/probes/windows/tcp-setting.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

const own = (name: string) => readFixtureText(`windows/get-nettcpsetting/${name}/stdout`);
const read = (text: string) => listSockets(parseTcpSetting, text).reading;

describe('Get-NetTCPSetting', () => {
  it('reads the auto-reuse range of each template that has one, and the dynamic range once', () => {
    const reading = read(own('list'));
    expect([reading.facts, reading.problems]).toEqual([
      [
        { line: 10, kind: 'auto-reuse-ports', setting: 'InternetCustom', first: 10000, count: 50000 },
        { line: 10, kind: 'setting', name: 'DynamicPortRange', value: '49152-65535' },
        { line: 17, kind: 'auto-reuse-ports', setting: 'Internet', first: 0, count: 0 },
      ],
      [],
    ]);
  });

  it('reads JSON in which the range is off', () => {
    expect(read(own('json')).facts).toEqual([
      { line: 1, kind: 'auto-reuse-ports', setting: 'Internet', first: 0, count: 0 },
      { line: 1, kind: 'setting', name: 'DynamicPortRange', value: '49152-65535' },
    ]);
  });

  it('refuses a range that is none, and a record without a name', () => {
    const json = (start: number, count: number, name = '"SettingName":"Internet",') =>
      `{${name}"AutoReusePortRangeStartPort":${start},"AutoReusePortRangeNumberOfPorts":${count}}\n`;
    expect(read(json(60000, 6000) + json(1, 1, '')).problems.map(({ line, why }) => [line, why])).toEqual([
      [1, '6000 ports from 60000 on are no range of ports'],
      [2, 'no setting with a name'],
    ]);
  });

  it('says of an empty text that it is empty, of a cut one that it is cut, T1 and shows hostile names escaped', () => {
    expect(read('')).toMatchObject({ facts: [], problemCount: 0, truncated: false });
    expect(read('{"SettingName":"Inter')).toMatchObject({ facts: [], truncated: true });
    const hostile =
      '{"SettingName":"a\\u001b[2J","AutoReusePortRangeStartPort":1,"AutoReusePortRangeNumberOfPorts":2}\n';
    expect(read(hostile).facts[0]).toMatchObject({ setting: 'a\\x1b[2J' });
  });

  it('reads 20,000 records', () => {
    expect(read(own('list').repeat(20_000)).facts.length).toBe(40_001);
  });

  it('is recognised', () => {
    for (const name of ['list', 'json']) expect(tcpSettingFormat.recognises(own(name))).toBeGreaterThan(0.9);
  });
});
