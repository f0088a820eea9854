import { describe, expect, it } from 'vitest';
import {
  parseProcessRecords,
  parseTasklist,
  processRecordsFormat,
  tasklistFormat,
} from '../../../../main/probes/windows/tasklist.ts';
import { readFixtureText } from '../../../support/fixtures.ts';
import { listSockets } from '../../../support/probes.ts';

const own = (path: string) => readFixtureText(`windows/${path}/stdout`);

function read(text: string, parser = parseTasklist) {
  const { reading } = listSockets(parser, text);
  const processes = reading.facts.map((fact) =>
    fact.kind === 'process' ? `${fact.pid} ${fact.name}` : fact,
  );
  return { reading, processes };
}

describe('names of Windows processes', () => {
  it('reads tasklist as CSV, names with commas and quotes included', () => {
    const { reading, processes } = read(own('tasklist/csv'));
    expect([reading.problems, processes]).toEqual([
      [],
      ['0 System Idle Process', '4 System', '1204 svchost.exe', '5512 example, with "quotes".exe'],
    ]);
  });

  it('leaves out headings in any language', () => {
    expect(read(own('tasklist/csv-heading-de'))).toMatchObject({
      reading: { problemCount: 0 },
      processes: ['1204 svchost.exe'],
    });
  });

  it('reads the table, names with spaces and wide letters included', () => {
    const { reading, processes } = read(own('tasklist/table'));
    expect([reading.problems, processes]).toEqual([
      [],
      ['0 System Idle Process', '4 System', '6372 NVIDIA Web Helper.exe', '5512 日本語.exe'],
    ]);
  });

  it('reads Get-Process with its paths, and Win32_Process with its command lines', () => {
    expect(listSockets(parseProcessRecords, own('get-process/json-lines')).reading.facts).toEqual([
      { line: 1, kind: 'process', pid: 4, name: 'System', commandLine: null },
      {
        line: 2,
        kind: 'process',
        pid: 5512,
        name: 'Example Client',
        commandLine: 'C:\\Program Files\\Example\\client.exe',
      },
    ]);
    const cim =
      '[\n{"ProcessId": 7, "Name": "a.exe", "CommandLine": "a.exe -x"},\n{"ProcessId": -1, "Name": "b"}\n]\n';
    const { reading } = listSockets(parseProcessRecords, cim);
    expect(reading.facts).toEqual([
      { line: 2, kind: 'process', pid: 7, name: 'a.exe', commandLine: 'a.exe -x' },
    ]);
    expect(reading.problems.map(({ line, why }) => [line, why])).toEqual([[3, 'no process id and name']]);
  });

  it('reports rows that are none and messages; T1 shows hostile names escaped', () => {
    const text = `${own('tasklist/csv')}"\u001b[2J\u202e.exe","7","Console","1","1 K"\n"half","7\n"x","y","z"\nERROR: Access denied\n`;
    const { reading, processes } = read(text);
    expect(processes.at(-1)).toBe('7 \\x1b[2J\\u202e.exe');
    expect(reading.problems.map(({ line }) => line)).toEqual([6, 7, 8]);
    expect(reading.problems[2]?.why).toContain('Windows refused access');
  });

  it('C5: drops a last row without a line end, and says of an empty text that it is empty', () => {
    const whole = own('tasklist/csv');
    const { reading, processes } = read(whole.slice(0, whole.indexOf('"1204"') + 3));
    expect([processes, reading.truncated]).toEqual([['0 System Idle Process', '4 System'], true]);
    expect(read('').reading).toMatchObject({ facts: [], problemCount: 0, truncated: false });
  });

  it('reads 100,000 processes', () => {
    expect(read('"a.exe","1204","Services","0","12,244 K"\r\n'.repeat(100_000)).processes.length).toBe(
      100_000,
    );
  });

  it('is recognised, each form as itself', () => {
    for (const name of ['csv', 'csv-heading-de', 'table']) {
      expect([name, tasklistFormat.recognises(own(`tasklist/${name}`)) > 0.5]).toEqual([name, true]);
    }
    expect(processRecordsFormat.recognises(own('get-process/json-lines'))).toBeGreaterThan(0.5);
    const connections = own('get-nettcpconnection/csv-type');
    expect([tasklistFormat.recognises(connections), processRecordsFormat.recognises(connections)]).toEqual([
      0, 0,
    ]);
  });
});
