import { describe, expect, test } from 'vitest';
import { createReports, type ReportParts } from '../../../main/workbench/report.ts';
import { RunStore } from '../../../main/workbench/run-store.ts';
import { REDACTIONS } from '../../../main/report/model.ts';
import { REPORT_CALLS } from '../../../preload/contract-report.ts';
import { incidentSummary, incidentTrend } from '../../support/incident.ts';
import { rigEvidence } from '../../support/evidence-rig.ts';

const INCLUDE = { transcripts: true, pictures: true, sockets: false };
const CSV =
  'state,local_address,local_port,remote_address,remote_port,process\r\nESTABLISHED,10.0.2.7,50315,10.0.3.12,443,python3\r\n';

function rig(change: Partial<ReportParts> = {}) {
  const asked: string[] = [];
  let id = 0;
  const reports = createReports({
    summary: () => incidentSummary(),
    askSampler: async (name) => {
      asked.push(name);
      if (name === 'trend.query') return { ok: true, value: incidentTrend() };
      if (name === 'sockets.pin') return { ok: true, value: { snapshotId: 7, takenAtMs: 1, total: 1 } };
      if (name === 'sockets.unpin') return { ok: true, value: { released: true } };
      return { ok: true, value: { csv: CSV, nextOffset: null, matching: 1 } };
    },
    store: new RunStore(),
    version: '1.2.3',
    now: () => Date.UTC(2026, 10, 20),
    timeZone: 'UTC',
    hosts: ['ci-runner-07'],
    users: [],
    newId: () => `report-${++id}`,
    ...change,
  });
  return { reports, asked };
}

async function whole(
  reports: ReturnType<typeof rig>['reports'],
  reportId: string,
  limit = 1000,
): Promise<string> {
  let text = '';
  for (let offset: number | null = 0; offset !== null;) {
    const piece = await reports['report.piece']({ reportId, offset, limit });
    if (!piece.ok) throw new Error(JSON.stringify(piece.failure));
    REPORT_CALLS['report.piece'].result.parse(piece.value);
    text += piece.value.text;
    offset = piece.value.nextOffset;
  }
  return text;
}

describe('reports of the workbench', () => {
  test('are made at once and fetched in pieces', async () => {
    const { reports, asked } = rig();
    const made = await reports['report.create']({ format: 'html', redact: [], include: INCLUDE });
    expect(made).toMatchObject({ ok: true, value: { name: 'fourtuple-ci-runner-07-2026-11-20-1432.html' } });
    if (!made.ok) return;
    REPORT_CALLS['report.create'].result.parse(made.value);
    const text = await whole(reports, made.value.reportId);
    expect(text.length).toBe(made.value.totalCharacters);
    expect(text).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(text.match(/<svg class="trend"/g)).toHaveLength(2);
    expect(asked).toEqual(['trend.query', 'trend.query']);
  });

  test('carry the list of sockets from one snapshot, and let go of it', async () => {
    const { reports, asked } = rig();
    const made = await reports['report.create']({ format: 'csv', redact: [...REDACTIONS], include: INCLUDE });
    if (!made.ok) throw new Error(JSON.stringify(made.failure));
    expect(await whole(reports, made.value.reportId)).toBe(
      'state,local_address,local_port,remote_address,remote_port,process\r\nESTABLISHED,[address-1],50315,[address-2],443,[process-1]\r\n',
    );
    expect(asked).toEqual(['sockets.pin', 'sockets.export', 'sockets.unpin']);
  });

  test('carry what probes printed last, and hide the names it tells everywhere', async () => {
    const store = new RunStore();
    const evidence = rigEvidence({ store });
    const info = await evidence.run('linux.ss-tan');
    const record = store.get(info.runId);
    if (!record) throw new Error('the run is kept');
    record.transcript?.append(
      'out',
      new TextEncoder().encode('ESTAB 0 0 10.9.9.9:5 10.9.9.8:443 users:(("secretd",pid=1,fd=2))\n'),
    );
    record.info = {
      ...record.info,
      state: 'finished',
      endSentence: 'Ended with exit status 0; secretd is there.',
    };
    const { reports } = rig({ store });
    const make = async (redact: (typeof REDACTIONS)[number][]) => {
      const made = await reports['report.create']({ format: 'md', redact, include: INCLUDE });
      return made.ok ? whole(reports, made.value.reportId) : '';
    };
    expect(await make([])).toContain('secretd is there');
    const hidden = await make([...REDACTIONS]);
    expect(hidden).toContain('$ ss -tan');
    expect(hidden).not.toMatch(/secretd|10\.9\.9|python3|ci-runner/);
    await evidence.stop();
  });

  test('are refused before the first sample, and gone when newer ones took their place', async () => {
    const early = await rig({ summary: () => null }).reports['report.create']({
      format: 'md',
      redact: [],
      include: INCLUDE,
    });
    expect(early).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    const { reports } = rig();
    for (let count = 0; count < 9; count++)
      await reports['report.create']({ format: 'md', redact: [], include: INCLUDE });
    const ask = (reportId: string) => reports['report.piece']({ reportId, offset: 0, limit: 10 });
    expect(await ask('report-1')).toMatchObject({ ok: false, failure: { code: 'gone' } });
    expect(await ask('report-9')).toMatchObject({ ok: true, value: { nextOffset: 10 } });
  });

  test('leave out a trend that cannot be had, and say when the sockets cannot', async () => {
    const failing = {
      askSampler: async () => ({ ok: false as const, failure: { code: 'gone' as const, what: 'it' } }),
    };
    const { reports } = rig(failing);
    expect(await reports['report.create']({ format: 'html', redact: [], include: INCLUDE })).toMatchObject({
      ok: true,
    });
    expect(await reports['report.create']({ format: 'csv', redact: [], include: INCLUDE })).toMatchObject({
      ok: false,
    });
  });
});

test('the contract hides what reports can hide', () => {
  const { format, redact } = REPORT_CALLS['report.create'].args.shape;
  expect(redact.element.options).toEqual([...REDACTIONS]);
  expect(format.options).toEqual(['html', 'md', 'json', 'csv']);
});
