import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderJson } from '../../../../main/report/json.ts';
import type { ReportSockets } from '../../../../main/report/model.ts';
import { openImport } from '../../../../main/sampling/imported/open-import.ts';
import { readOwnReport } from '../../../../main/sampling/imported/own-report.ts';
import { readFiles } from '../../../../main/sampling/imported/read-files.ts';
import { fileOf, NO_SLICES } from '../../../support/dumps.ts';
import { INCIDENT_AT_MS } from '../../../support/incident.ts';
import { aReport, aTranscript } from '../../../support/report.ts';

const HEADS = [
  'state',
  'local_address',
  'local_port',
  'remote_address',
  'remote_port',
  'process',
  'pid',
  'uid',
  'timer',
  'timer_seconds',
  'receive_queue',
  'send_queue',
  'inode',
];
const rowOf = (state: string, local: string, remote: string, ...rest: string[]) => {
  const [localAddress = '', localPort = ''] = local.split('|');
  const [remoteAddress = '', remotePort = ''] = remote.split('|');
  const row = [state, localAddress, localPort, remoteAddress, remotePort, ...rest];
  return [...row, ...Array<string>(HEADS.length - row.length).fill('')];
};
const SOCKETS: ReportSockets = {
  heads: HEADS,
  rows: [
    rowOf('LISTEN', '0.0.0.0|8080', '0.0.0.0|0'),
    rowOf('ESTABLISHED', '10.0.2.7|50315', '10.0.3.12|443', 'py "th) on', '4312', '1000'),
    rowOf('TIME_WAIT', '10.0.2.7|50314', '10.0.3.12|443', '', '', '', 'timewait', '41.2'),
    rowOf('FIN_WAIT_2', '2001:db8::17|40112', '2001:db8:0:3::20|9200'),
  ],
};

async function open(json: string, name = 'a.fourtuple.json') {
  const reading = await readFiles([fileOf(name, json)], NO_SLICES);
  if (!reading.ok) throw new Error(JSON.stringify(reading.failure));
  const opened = openImport(reading.value, { profileId: null, poolLimit: 10, nowMs: 0 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
  return {
    reading: reading.value,
    report: opened.value.report,
    summary: opened.value.sampler?.last?.summary,
  };
}

describe('a saved report', () => {
  test('is shown by its list of sockets, of its host and its time', async () => {
    const { report, reading, summary } = await open(renderJson(aReport({ sockets: SOCKETS })));
    expect(report).toMatchObject({ opened: true, profile: { id: 'linux' } });
    expect(reading.files[0]).toMatchObject({ sockets: 4, problemCount: 0, modifiedAtMs: INCIDENT_AT_MS });
    expect(reading.files[0]?.format).toBe('report of Fourtuple, sysctl, ss of Linux');
    expect(summary?.target.hostname).toBe('ci-runner-07');
    expect(summary?.settings.range).toEqual({ first: 32768, last: 60999 });
    expect(summary?.totals.byState).toEqual({ LISTEN: 1, ESTABLISHED: 1, TIME_WAIT: 1, FIN_WAIT_2: 1 });
    expect(summary?.origin).toMatchObject({ kind: 'imported', files: [{ name: 'a.fourtuple.json' }] });
  });

  test('without such a list is shown by what the tools printed', async () => {
    const { report, reading, summary } = await open(renderJson(aReport()));
    expect(report.opened).toBe(true);
    expect(reading.files[0]).toMatchObject({
      sockets: 3,
      modifiedAtMs: INCIDENT_AT_MS + 1000,
      truncated: true,
    });
    expect(summary?.takenAtMs).toBe(INCIDENT_AT_MS + 1000);
    expect(report.files[0]?.sentence).toMatch(/report of Fourtuple/);
  });

  test('takes the one of several lists that shows most: they were printed at different moments', async () => {
    const short = aTranscript({
      command: 'ss -tan',
      output: 'State Recv-Q Send-Q Local Address:Port Peer Address:Port\nESTAB 0 0 10.9.9.9:1 10.9.9.9:2\n',
    });
    const listening = aTranscript({
      command: 'ss -tln',
      output: `State Recv-Q Send-Q Local Address:Port Peer Address:Port\n${'LISTEN 0 0 0.0.0.0:80 0.0.0.0:*\n'.repeat(50)}`,
    });
    const number = aTranscript({ command: 'conntrack -C', output: '17\n' });
    const transcripts = [short, listening, aTranscript(), number];
    const { reading } = await open(renderJson(aReport({ transcripts })));
    expect(reading.files[0]).toMatchObject({ sockets: 3, problemCount: 0 });
  });

  test.each([
    ['windows', 'windows', 'netstat of Windows'],
    ['macos', 'darwin', 'netstat of macOS or BSD'],
    ['freebsd', 'freebsd', 'netstat of macOS or BSD'],
  ])('of %s is read as that', async (profileId, platform, format) => {
    const input = aReport({ sockets: SOCKETS, transcripts: [] });
    const settings = { ...input.summary.settings, profileId, range: { first: 49152, last: 65535 } };
    const { reading, summary } = await open(
      renderJson({ ...input, summary: { ...input.summary, settings } }),
    );
    expect(reading.files[0]).toMatchObject({ sockets: 4, problemCount: 0 });
    expect(reading.files[0]?.format).toContain(format);
    expect(summary?.target.platform).toBe(platform === 'windows' ? 'win32' : platform);
    expect(summary?.settings.range).toEqual({ first: 49152, last: 65535 });
  });

  test.each([
    ['holds no list', renderJson(aReport({ transcripts: [] })), /without a list of sockets/],
    [
      'hides its addresses',
      renderJson(aReport({ sockets: { heads: HEADS, rows: [rowOf('LISTEN', '[address-1]|80', '*|0')] } })),
      /addresses are hidden/,
    ],
    ['is cut off', renderJson(aReport()).slice(0, 5000), /did not arrive whole/],
    ['is of a newer Fourtuple', '{"schema":"fourtuple.report/2"}', /newer Fourtuple/],
    ['is hollow', '{"schema":"fourtuple.report/1"}', /without a list of sockets/],
  ])('that %s says so', async (_what, json, sentence) => {
    const { report } = await open(json);
    expect(report.opened).toBe(false);
    expect(report.files[0]?.sentence).toMatch(sentence);
    expect(report.sentence).toMatch(sentence);
  });

  test('other JSON is no report', () => {
    for (const text of ['', '{}', '[]', '{"a":1,"schema":"fourtuple.report/1"}', 'State Recv-Q'])
      expect(readOwnReport(text)).toBeNull();
  });

  test('whatever a file says, it is read without a fall', () => {
    const body = fc.dictionary(
      fc.constantFrom('target', 'settings', 'transcripts', 'sockets', 'takenAt'),
      fc.jsonValue(),
    );
    const table = fc.record({ heads: fc.constant(HEADS), rows: fc.array(fc.array(fc.string())) });
    fc.assert(
      fc.property(body, fc.option(table), (value, sockets) => {
        const json = JSON.stringify({
          schema: 'fourtuple.report/1',
          ...value,
          ...(sockets ? { sockets } : {}),
        });
        const report = readOwnReport(json);
        expect(report).not.toBeNull();
        expect(report?.why === null).toBe(report?.text !== '');
      }),
    );
  });
});
