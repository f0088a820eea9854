import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLine, exportSockets, type ExportArgs } from '../../../../main/sampling/query/csv.ts';
import { CALLS, type CallResult } from '../../../../preload/contract.ts';
import { contextOf, ownerOf, syntheticOwners, syntheticTable, tableOf } from '../../../support/tables.ts';

const ARGS: ExportArgs = {
  filter: '',
  sort: { column: 'localPort', descending: false },
  offset: 0,
  limit: 5000,
};

describe('exportSockets', () => {
  test('writes a heading and one record a socket', () => {
    const owners = [
      ownerOf({ pid: 4312, process: 'python3', commandLine: 'python3 -m "x, y"', unit: 'sync.service' }),
    ];
    const table = tableOf([
      {
        state: 'ESTABLISHED',
        local: '10.0.2.7:40000',
        remote: '10.0.3.12:443',
        inode: 9,
        uid: 998,
        owner: 0,
        confidence: 'observed',
      },
      { state: 'TIME_WAIT', local: '[::1]:40002', remote: '[::1]:80', expiresMs: 41_000 },
    ]);
    const chunk: CallResult<'sockets.export'> = exportSockets(contextOf(table, owners), ARGS);
    expect(CALLS['sockets.export'].result.parse(chunk)).toEqual({
      csv:
        'state,local_address,local_port,remote_address,remote_port,process,pid,owner_confidence,uid,age_seconds,' +
        'age_is_minimum,timer,timer_seconds,receive_queue,send_queue,inode,command_line,unit,container\r\n' +
        'ESTABLISHED,10.0.2.7,40000,10.0.3.12,443,python3,4312,observed,998,,,none,,0,0,9,"python3 -m ""x, y""",sync.service,\r\n' +
        'TIME_WAIT,::1,40002,::1,80,,,unknown,,19,false,timewait,41,0,0,,,,\r\n',
      nextOffset: null,
      matching: 2,
    });
  });

  test('gives the same file in chunks of any size, with one heading', () => {
    const context = contextOf(syntheticTable(100), syntheticOwners());
    const whole = exportSockets(context, ARGS).csv;
    for (const limit of [1, 33, 100]) {
      let text = '';
      let offset: number | null = 0;
      while (offset !== null) {
        const chunk = exportSockets(context, { ...ARGS, offset, limit });
        text += chunk.csv;
        offset = chunk.nextOffset;
      }
      expect(text).toBe(whole);
    }
  });

  test('ends beyond the end and on an empty table', () => {
    const context = contextOf(syntheticTable(3));
    expect(exportSockets(context, { ...ARGS, offset: 10 })).toEqual({
      csv: '',
      nextOffset: null,
      matching: 3,
    });
    expect(exportSockets(contextOf(tableOf([])), ARGS)).toMatchObject({ nextOffset: null, matching: 0 });
  });

  test('T2: disarms process names that a spreadsheet would run', () => {
    const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://x","y")'];
    const owners = names.map((process, index) => ownerOf({ pid: index + 1, process, commandLine: process }));
    const table = tableOf(
      names.map((_, owner) => ({ state: 'ESTABLISHED' as const, local: '10.0.0.1:1', owner })),
    );
    const records = parseCsv(exportSockets(contextOf(table, owners), ARGS).csv);
    expect(records.slice(1).map((cells) => [cells[5], cells[16]])).toEqual(
      names.map((name) => [`'${name}`, `'${name}`]),
    );
  });
});

test('T2: every record reads back to its cells, and no cell begins a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (cells) => {
      const [record = []] = parseCsv(csvLine(cells));
      expect(record.map((cell, index) => (cell === cells[index] ? cell : cell.slice(1)))).toEqual(cells);
      for (const cell of record) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }),
  );
});

/** RFC 4180, plainly. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',') {
      record.push(cell);
      cell = '';
    } else if (character === '\r' && text[at + 1] === '\n') {
      records.push([...record, cell]);
      record = [];
      cell = '';
      at++;
    } else cell += character;
  }
  return records;
}
