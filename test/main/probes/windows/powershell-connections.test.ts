import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parsePowerShellConnections,
  powershellConnectionsFormat,
} from '../../../../main/probes/windows/powershell-connections.ts';
import { readFixtureText, readSharedFixture } from '../../../support/fixtures.ts';
import { countStates, listSockets, socketText } from '../../../support/probes.ts';

function own(name: string) {
  return listSockets(
    parsePowerShellConnections,
    readFixtureText(`windows/get-nettcpconnection/${name}/stdout`),
  );
}

function rowsOf({ sockets }: ReturnType<typeof own>): string[] {
  return sockets.map((socket) => `${socketText(socket)} ${socket.holders[0]?.pid ?? '-'}`);
}

const FOUR = [
  'LISTEN [::]:135 > [::]:0 1204',
  'ESTABLISHED [fe80::5eff:fe00:5301%12]:49680 > [fe80::5eff:fe00:5302%12]:445 4',
  'TIME_WAIT 192.0.2.15:49672 > 203.0.113.9:443 -',
  'BOUND 0.0.0.0:49690 > 0.0.0.0:0 5512',
];

describe('Get-NetTCPConnection, samples of our own', () => {
  it('reads a table, the empty column in the middle being empty', () => {
    const listed = own('table');
    expect([listed.reading.problems, rowsOf(listed)]).toEqual([[], FOUR]);
    expect(listed.sockets.map(({ details }) => details?.get('applied'))).toEqual([
      undefined,
      'Internet',
      undefined,
      undefined,
    ]);
  });

  it('reads a table whose headings are broken, with numbers to the right, and takes cut addresses for unknown', () => {
    const listed = own('table-narrow');
    expect([listed.reading.problems, rowsOf(listed)]).toEqual([
      [],
      [
        'LISTEN [::]:135 > [::]:0 -',
        'TIME_WAIT 192.0.2.15:49672 > "203.0.113…":443 -',
        'ESTABLISHED 192.0.2.15:49673 > "203.0.1...":443 -',
      ],
    ]);
  });

  it('reads a list', () => {
    const listed = own('list');
    expect([listed.reading.problems, rowsOf(listed)]).toEqual([
      [],
      ['LISTEN [::]:135 > [::]:0 1204', 'ESTABLISHED 192.0.2.15:49671 > 203.0.113.9:443 5512'],
    ]);
    expect(listed.sockets.map(({ line, details }) => [line, Object.fromEntries(details ?? [])])).toEqual([
      [3, { created: '11/23/2025 2:40:00 AM', offload: 'InHost' }],
      [13, { applied: 'Internet', created: '11/23/2025 2:41:00 AM', offload: 'InHost' }],
    ]);
  });

  it('reads JSON of Windows PowerShell 5.1 and of the probe, states as numbers', () => {
    expect(rowsOf(own('json-5.1'))).toEqual([FOUR[0], FOUR[2]]);
    expect(own('json-5.1').sockets.map(({ line, details }) => [line, details?.get('created')])).toEqual([
      [2, '2025-11-23T01:40:00.000Z'],
      [12, '2025-11-23T01:45:00.000Z'],
    ]);
    const lines = own('json-lines');
    expect([lines.reading.problems, countStates(lines.sockets)]).toEqual([
      [],
      { LISTEN: 1, ESTABLISHED: 1, CLOSE_WAIT: 1, BOUND: 1 },
    ]);
    expect(lines.sockets.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
  });

  it('reads CSV with and without #TYPE, with commas, semicolons, and without quotes', () => {
    expect(countStates(own('csv-type').sockets)).toEqual({
      LISTEN: 1,
      ESTABLISHED: 2,
      TIME_WAIT: 1,
      BOUND: 1,
    });
    expect(rowsOf(own('csv-semicolon'))).toEqual([
      FOUR[0],
      'ESTABLISHED 192.0.2.15:49671 > 203.0.113.9:443 5512',
      FOUR[2],
    ]);
    expect(rowsOf(own('csv-unquoted'))).toEqual([FOUR[0], FOUR[2], FOUR[3]]);
  });

  it('reads one object, also with its state as a word, and a paste with its prompt', () => {
    const text =
      'PS C:\\> Get-NetTCPConnection | ForEach-Object { $_ | ConvertTo-Json -EnumsAsStrings }\r\n{\r\n  "LocalAddress": "192.0.2.1",\r\n  "LocalPort": 50000,\r\n' +
      '  "RemoteAddress": "192.0.2.2",\r\n  "RemotePort": 443,\r\n  "State": "FinWait2"\r\n}\r\nPS C:\\>';
    const { reading, sockets } = listSockets(parsePowerShellConnections, text);
    expect([reading.problems, sockets.map(socketText)]).toEqual([
      [],
      ['FIN_WAIT_2 192.0.2.1:50000 > 192.0.2.2:443'],
    ]);
  });

  it('reports a broken JSON object with its line and reads those around it', () => {
    const good = (port: number) =>
      `{"LocalAddress":"192.0.2.1","LocalPort":${port},"RemoteAddress":"192.0.2.2","RemotePort":443,"State":5}`;
    const text = [
      good(50001),
      '{"LocalAddress":"192.0.2.1","LocalPort":50002,"RemoteAddr',
      good(50003),
      '{"LocalAddress":"192.0.2.1","LocalPort":50004',
      good(50005),
      '{"LocalAddress":"192.0.2.1","LocalPort":70000,"RemoteAddress":"192.0.2.2","RemotePort":443,"State":5}',
      '{"LocalAddress":"nobody","LocalPort":50006,"RemoteAddress":"192.0.2.2","RemotePort":443,"State":5}',
      '{"__proto__":{"LocalAddress":"192.0.2.1"},"constructor":1}',
      'oops',
      good(50007),
      '',
    ].join('\n');
    const { reading, sockets } = listSockets(parsePowerShellConnections, text);
    expect(sockets.map(({ local }) => local.port)).toEqual([50001, 50003, 50005, 50007]);
    expect(reading.problems.map(({ line, why }) => [line, why])).toEqual([
      [2, 'a quote is not closed'],
      [4, 'a brace is not closed'],
      [6, '"70000" is no port'],
      [7, '"nobody" is no address'],
      [8, 'localaddress and localport are missing'],
      [9, 'no object of PowerShell'],
    ]);
  });

  it('loses one object of an indented array to a missing brace', () => {
    const record = (port: number, end: string) =>
      `    {\n        "LocalAddress":  "::",\n        "LocalPort":  ${port},\n        "RemoteAddress":  "::",\n        "RemotePort":  0,\n        "State":  2\n    ${end}`;
    const text = `[\n${record(1, '},')}\n${record(2, '')}\n${record(3, '}')}\n]\n`;
    const { reading, sockets } = listSockets(parsePowerShellConnections, text);
    expect(sockets.map(({ local }) => local.port)).toEqual([1, 3]);
    expect(reading.problems.map(({ line }) => line)).toEqual([9]);
  });

  it('says which rows of a table or CSV are not understood', () => {
    const table = `${readFixtureText('windows/get-nettcpconnection/table/stdout').trimEnd()}\nstray\n`;
    expect(listSockets(parsePowerShellConnections, table).reading.problems).toEqual([
      { line: 8, text: 'stray', why: '"stray" is no address' },
    ]);
    const csv = `${readFixtureText('windows/get-nettcpconnection/csv-type/stdout')}"::","1","::"\n"::","1","::","0","Sleeping","1"\n"::","\n`;
    const { reading, sockets } = listSockets(parsePowerShellConnections, csv);
    expect(reading.problems.map(({ line, why }) => [line, why])).toEqual([
      [8, '3 values for 6 names'],
      [9, '"Sleeping" is no state that is known'],
      [10, 'a quote is not closed'],
    ]);
    expect(sockets.length).toBe(6);
  });

  it('says what a message means, and that an empty output is empty', () => {
    const text =
      "Get-NetTCPConnection : The term 'Get-NetTCPConnection' is not recognized as the name of a cmdlet\n";
    const { reading } = listSockets(parsePowerShellConnections, text);
    expect([reading.rows, reading.problems[0]?.why]).toEqual([
      0,
      'This command does not exist on that machine, or is not in its PATH.',
    ]);
    for (const empty of ['', '\r\n\r\n', '[]\n', '[\n\n]\n']) {
      expect(listSockets(parsePowerShellConnections, empty).reading).toMatchObject({
        rows: 0,
        problemCount: 0,
        truncated: false,
      });
    }
  });

  it('C5: invents nothing wherever JSON, CSV, table or list was cut off', () => {
    for (const name of ['json-5.1', 'json-lines', 'csv-type', 'csv-unquoted', 'table', 'list']) {
      const whole = readFixtureText(`windows/get-nettcpconnection/${name}/stdout`);
      const all = own(name);
      const rows = rowsOf(all);
      for (let length = 0; length < whole.length; length++) {
        const cut = listSockets(parsePowerShellConnections, whole.slice(0, length));
        const last = cut.sockets.length - 1;
        for (const [index, socket] of cut.sockets.entries()) {
          const row = `${socketText(socket)} ${socket.holders[0]?.pid ?? '-'}`;
          if (index < last) expect(row).toBe(rows[index]);
          // Of the last one a value may be missing, but none is wrong.
          else expect(agrees(socket, all.sockets[index])).toBe(true);
        }
      }
    }
  });

  it('reads 50,000 objects, and text of nothing but brackets, in linear time', () => {
    const line =
      '{"LocalAddress":"192.0.2.1","LocalPort":1,"RemoteAddress":"192.0.2.2","RemotePort":2,"State":5}\n';
    expect(parsePowerShellConnections(line.repeat(50_000), () => undefined).rows).toBe(50_000);
    for (const text of [
      '['.repeat(2_000_000),
      '{'.repeat(2_000_000),
      `[${'{"a":'.repeat(300_000)}`,
      `{"${'\\"'.repeat(1_000_000)}`,
    ]) {
      expect(parsePowerShellConnections(text, () => undefined).rows).toBe(0);
    }
  });

  it('parse of print is identity, for CSV and JSON', () => {
    const port = fc.integer({ min: 0, max: 65535 });
    const row = fc.record({ local: port, remote: port, state: fc.constantFrom(1, 2, 5, 11, 100), pid: port });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const objects = rows.map(({ local, remote, state, pid }) => ({
          LocalAddress: '2001:db8::1',
          LocalPort: local,
          RemoteAddress: '2001:db8::2',
          RemotePort: remote,
          State: state,
          OwningProcess: pid,
        }));
        const names = Object.keys(objects[0] ?? {});
        const csv = [names, ...objects.map((object) => Object.values(object))]
          .map((cells) => cells.map((cell) => `"${cell}"`).join(','))
          .join('\r\n');
        const [a, b, c] = [`${csv}\r\n`, JSON.stringify(objects), JSON.stringify(objects, null, 4)].map(
          (text) =>
            listSockets(parsePowerShellConnections, text).sockets.map((socket) => ({ ...socket, line: 0 })),
        );
        expect(a?.map(({ local, remote }) => [local.port, remote.port])).toEqual(
          rows.map(({ local, remote }) => [local, remote]),
        );
        expect([b, c]).toEqual([a, a]);
      }),
    );
  });
});

function agrees(socket: ReturnType<typeof own>['sockets'][number], whole?: typeof socket): boolean {
  if (whole === undefined) return false;
  const pid = socket.holders[0]?.pid ?? null;
  return (
    (socket.state === 0 || socket.state === whole.state) &&
    (socket.local.port === null || socket.local.port === whole.local.port) &&
    (socket.remote.port === null || socket.remote.port === whole.remote.port) &&
    JSON.stringify(socket.local.address) === JSON.stringify(whole.local.address) &&
    (socket.remote.address === null ||
      JSON.stringify(socket.remote.address) === JSON.stringify(whole.remote.address)) &&
    (pid === null || pid === whole.holders[0]?.pid)
  );
}

/** Figures and rows of MANIFEST.md. */
const SHARED: Readonly<Record<string, { states: Record<string, number>; rows: string[] }>> = {
  'win-ps-gettcp-table.txt': {
    states: { LISTEN: 8 },
    rows: ['LISTEN [::]:32398 > [::]:0 9132', 'LISTEN 0.0.0.0:30398 > 0.0.0.0:0 9132'],
  },
  'win-ps-gettcp-table-wrapped.txt': {
    states: { LISTEN: 2 },
    rows: ['LISTEN [::]:3389 > [::]:0 -', 'LISTEN 0.0.0.0:3389 > 0.0.0.0:0 -'],
  },
  'win-ps-gettcp-list.txt': { states: { LISTEN: 1 }, rows: ['LISTEN [::]:5985 > [::]:0 4'] },
  'win-ps-gettcp-json-ps51.txt': {
    states: { LISTEN: 2 },
    rows: ['LISTEN 192.168.10.157:135 > 0.0.0.0:0 -', 'LISTEN [::]:135 > [::]:0 -'],
  },
  'synth-win-ps-gettcp-csv.txt': {
    states: { LISTEN: 1, ESTABLISHED: 2, TIME_WAIT: 1, BOUND: 1 },
    rows: [
      'ESTABLISHED 192.0.2.15:53312 > 198.51.100.7:7777 9001',
      'ESTABLISHED [fe80::5eff:fe00:5301%12]:51220 > [fe80::5eff:fe00:5302%12]:445 4',
    ],
  },
};

describe('Get-NetTCPConnection, public recordings (read in place, skipped where they are not)', () => {
  for (const [name, expected] of Object.entries(SHARED)) {
    const shared = readSharedFixture(name);
    it.skipIf(!shared.found)(`reads ${name} to the figures of its manifest`, () => {
      if (!shared.found) return;
      const text = new TextDecoder().decode(shared.bytes);
      const listed = listSockets(parsePowerShellConnections, text);
      expect([listed.reading.problems, countStates(listed.sockets)]).toEqual([[], expected.states]);
      for (const row of expected.rows) expect(rowsOf(listed)).toContain(row);
      expect(powershellConnectionsFormat.recognises(text)).toBeGreaterThan(0.9);
    });
  }

  const list = readSharedFixture('win-ps-gettcp-list.txt');
  it.skipIf(!list.found)('keeps when the socket of the list was made, and where it is offloaded', () => {
    if (!list.found) return;
    const { sockets } = listSockets(parsePowerShellConnections, new TextDecoder().decode(list.bytes));
    expect(Object.fromEntries(sockets[0]?.details ?? [])).toEqual({
      created: '1/14/2026 7:17:53 AM',
      offload: 'InHost',
    });
  });
});
