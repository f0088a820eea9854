import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseReportOptions } from '../../../main/commands/report-options.ts';
import { checkPlace, writeWhole } from '../../../main/commands/report-file.ts';
import { chooseProbes, takeTranscripts } from '../../../main/commands/report-transcripts.ts';
import { reportMachine, runReport, type ReportMachine } from '../../../main/commands/report.ts';
import { LINUX_PROBES } from '../../../main/probes/linux/catalogue.ts';
import { scriptedRun } from '../../support/scripted-run.ts';

const LISTING = [
  'State     Recv-Q Send-Q Local Address:Port   Peer Address:Port  Process',
  'ESTAB     0      0           10.0.2.7:50315     10.0.3.12:443    users:(("secretd",pid=4312,fd=7))',
  'TIME-WAIT 0      0           10.0.2.7:50314     10.0.3.12:443',
  '',
].join('\n');

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fourtuple-report-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function machine(): ReportMachine {
  const { run } = scriptedRun(() => ({ stdout: LISTING }));
  return {
    ...reportMachine('linux', '1.2.3'),
    probes: LINUX_PROBES,
    findProgram: (tool) => ({ ok: true, value: `/usr/bin/${tool}` }),
    run,
    now: () => Date.UTC(2026, 10, 20),
    timeZone: 'UTC',
    hosts: [],
    users: [],
  };
}

async function report(...argv: string[]) {
  let out = '';
  let err = '';
  const output = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const status = await runReport(argv, output, new AbortController().signal, machine());
  return { out, err, status };
}

describe('fourtuple report --from', () => {
  test('writes one file in the format of its name, and says what it says', async () => {
    const listing = join(folder, 'ss.txt');
    writeFileSync(listing, LISTING);
    for (const [name, begin] of [
      ['a.html', '<!doctype html>'],
      ['a.md', '# TCP ports'],
      ['a.json', '{\n  "schema": "fourtuple.report/1"'],
      ['a.csv', 'state,local_address'],
    ] as const) {
      const ran = await report('--out', join(folder, name), '--from', listing);
      expect(ran).toMatchObject({ status: 0, err: '' });
      expect(ran.out).toMatch(/^Wrote .+\. OK: /);
      expect(readFileSync(join(folder, name), 'utf8').startsWith(begin)).toBe(true);
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('hides what was asked, the name of the file too', async () => {
    const listing = join(folder, 'web-01-acme.txt');
    writeFileSync(listing, LISTING);
    const ran = await report(
      '--out',
      '-',
      '--format',
      'json',
      '--redact',
      'all',
      '--with-sockets',
      '--from',
      listing,
    );
    expect(ran.status).toBe(0);
    expect(ran.out).not.toMatch(/secretd|10\.0\.|web-01|acme/);
    expect(JSON.parse(ran.out)).toMatchObject({ transcripts: [], sockets: { rows: [{}, {}] } });
  });

  test('does not replace a file unless told to', async () => {
    const listing = join(folder, 'ss.txt');
    writeFileSync(listing, LISTING);
    const out = join(folder, 'a.html');
    writeFileSync(out, 'precious');
    const refused = await report('--out', out, '--from', listing);
    expect(refused).toEqual({
      status: 3,
      out: '',
      err: `fourtuple report: ${out} exists: choose another name, or say --force.\n`,
    });
    expect(readFileSync(out, 'utf8')).toBe('precious');
    expect((await report('--out', out, '--from', listing, '--force')).status).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain('<!doctype html>');
  });

  test.each([
    [[], '--out FILE'],
    [['--out', 'x', '--format', 'pdf'], 'html, md, json, csv, not "pdf"'],
    [['--out', 'x', '--redact', 'names'], 'addresses, hosts, processes or all, not "names"'],
    [['--out', 'x', '--for', '-1'], '--for'],
    [['--out', 'x', 'stray'], '"stray" is no option'],
    [['--out', 'x', '--nope'], '--nope'],
    [['--out', '/no/such/folder/x.html'], 'no folder /no/such/folder'],
    [['--out', 'x.html', '--from', '/no/such/file'], 'there is no such file'],
  ])('refuses %j with one sentence and status 3', async (argv, words) => {
    const ran = await report(...argv);
    expect(ran).toMatchObject({ status: 3, out: '' });
    expect(ran.err).toMatch(/^fourtuple report: [^\n]+\n$/);
    expect(ran.err).toContain(words);
  });
});

test('what is hidden may be given in any way', () => {
  const redactionsOf = (...argv: string[]) => {
    const parsed = parseReportOptions(['--out', 'x', ...argv]);
    return parsed.ok ? parsed.value.redact : parsed.failure;
  };
  expect(redactionsOf('--redact', 'processes,addresses')).toEqual(['addresses', 'processes']);
  expect(redactionsOf('--redact', 'hosts', '--redact', 'hosts')).toEqual(['hosts']);
  expect(redactionsOf('--redact', 'all')).toEqual(['addresses', 'hosts', 'processes']);
});

describe('the file', () => {
  test('is there whole or not at all', async () => {
    const path = join(folder, 'x');
    expect(await writeWhole(path, 'one', false)).toEqual({ ok: true, value: true });
    expect(await writeWhole(path, 'two', false)).toMatchObject({ ok: false });
    expect(readFileSync(path, 'utf8')).toBe('one');
    expect(await writeWhole(path, 'two', true)).toEqual({ ok: true, value: true });
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(folder)).toEqual(['x']);
  });

  test('is no folder', async () => {
    expect(await checkPlace(folder, true)).toMatchObject({ ok: false });
  });
});

describe('transcripts', () => {
  test('are of the first probe of each figure, settings and counters; none misleads or asks for a value', () => {
    const chosen = chooseProbes(machine());
    expect(chosen.map(({ id }) => id)).toEqual(expect.arrayContaining(['linux.ss-tan', 'linux.ss-timers']));
    for (const { group, argv } of chosen) {
      expect(group).not.toBe('misleading');
      expect(argv.join(' ')).not.toContain('{');
    }
  });

  test('tell the names that are to be hidden, and leave out what cannot be run', async () => {
    const { run } = scriptedRun((line) => (line.startsWith('ss') ? { stdout: LISTING } : null));
    const taken = await takeTranscripts({ ...machine(), run }, new AbortController().signal);
    expect(taken.processes).toEqual(['secretd']);
    expect(taken.runs.every(({ command }) => command.startsWith('ss '))).toBe(true);
    expect(taken.runs[0]).toMatchObject({ command: 'ss -tan', output: LISTING, isCut: false });
  });
});
