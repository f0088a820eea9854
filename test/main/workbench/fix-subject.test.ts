import { describe, expect, it } from 'vitest';
import type { Outcome, Summary } from '../../../main/core/model.ts';
import type { Probe } from '../../../main/probes/probe.ts';
import { probesOf } from '../../../main/probes/catalogue.ts';
import type { RunCommand } from '../../../main/terminal/run.ts';
import { FixSubjects, type SubjectParts } from '../../../main/workbench/fix-subject.ts';
import { aFinding } from '../../support/findings.ts';
import { aState, summaryFor, tcp } from '../../support/fixes.ts';

const DYNAMIC_PORTS = [
  '',
  'Protocol tcp Dynamic Port Range',
  '---------------------------------',
  'Start Port      : 49152',
  'Number of Ports : 16384',
  '',
].join('\r\n');

function subjects(summary: Summary, change: Partial<SubjectParts> = {}) {
  return new FixSubjects({
    platform: 'linux',
    probes: [],
    locale: 'en-US',
    now: () => 0,
    run: async () => ({ ok: false, failure: { code: 'tool-missing', tool: 'x', hint: 'y' } }),
    summary: () => summary,
    askSampler: async () => ({ ok: true, value: { tcpPorts: [tcp(5432)], facts: null, wanted: [] } }),
    readLinux: ({ tcpPorts, pid }) => aState('linux', { tcpPorts, values: { 'test.pid': String(pid) } }),
    ...change,
  });
}

describe('what a plan is made from', () => {
  it('is the state of this machine with the ports of its services', async () => {
    const summary = summaryFor('linux');
    const read = await subjects(summary).read(812);
    expect(read).toMatchObject({
      ok: true,
      value: { summary, isImported: false, state: { tcpPorts: [tcp(5432)] } },
    });
    expect(read.ok && read.value.state.values.get('test.pid')).toEqual({ kind: 'value', text: '812' });
  });

  it('has the limits of the process that a finding is about, unless another is asked for', async () => {
    const finding = aFinding({ rule: 'descriptors-process', pid: 4312 });
    const read = await subjects({ ...summaryFor('linux'), findings: [finding] }).read(null);
    expect(read.ok && read.value.state.values.get('test.pid')).toEqual({ kind: 'value', text: '4312' });
  });

  it.each([
    [
      'not there',
      { ok: false, failure: { code: 'unavailable', what: 'the socket list', why: 'it stopped' } },
    ],
    ['another thing', { ok: true, value: { tcpPorts: [{ port: 70_000 }], facts: null, wanted: [] } }],
  ] as [string, Outcome<unknown>][])(
    'is not known when the sampler’s answer is %s',
    async (_what, answer) => {
      const read = await subjects(summaryFor('linux'), { askSampler: async () => answer }).read(null);
      expect(read).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
    },
  );

  it('waits after a change for a sample that began after it', async () => {
    const before = { ...summaryFor('linux'), takenAtMs: 1000 };
    const after = { ...before, takenAtMs: 3000 };
    let newest = before;
    const asked = subjects(before, { summary: () => newest });
    asked.changed(2000);
    let isOver = false;
    const fresh = asked.untilFresh().then(() => (isOver = true));
    asked.sampled();
    await Promise.resolve();
    expect(isOver).toBe(false);
    newest = after;
    asked.sampled();
    await fresh;
    expect(await asked.read(null)).toMatchObject({ ok: true, value: { summary: { takenAtMs: 3000 } } });
  });

  it('does without where sampling is paused', { timeout: 5000 }, async () => {
    const paused = subjects({ ...summaryFor('linux'), takenAtMs: 1000 });
    paused.changed(2000);
    await paused.untilFresh();
    expect(await paused.read(null)).toMatchObject({ ok: true, value: { summary: { takenAtMs: 1000 } } });
  });

  it('waits for none where the clock was set back since the change', async () => {
    const later = subjects({ ...summaryFor('linux'), takenAtMs: 1000 });
    later.changed(1000 + 3_600_000);
    let isOver = false;
    void later.untilFresh().then(() => (isOver = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(true);
  });

  it('is told by commands on Windows, asked once for several plans and again after a change', async () => {
    const probes = probesOf('win32').filter(({ group }) => group === 'settings');
    const asked: string[] = [];
    const run: RunCommand = async ({ tool, argv }) => {
      asked.push([tool, ...argv].join(' '));
      const stdout = Buffer.from(argv.includes('dynamicport') ? DYNAMIC_PORTS : '');
      const result = {
        tool,
        argv,
        program: tool,
        way: 'quiet',
        note: null,
        startedAtMs: 0,
        tookMs: 1,
      } as const;
      const end = { end: 'exited', exitCode: 0, signal: null, truncated: false, survivors: [] } as const;
      return { ok: true, value: { ...result, ...end, stdout, stderr: new Uint8Array() } };
    };
    const windows = subjects(summaryFor('windows'), { platform: 'win32', probes: probes as Probe[], run });
    const first = await windows.read(null);
    expect(first.ok && first.value.state.values.get('dynamicport ipv4 tcp')).toEqual({
      kind: 'value',
      text: '49152 16384',
    });
    const once = asked.length;
    await windows.read(null);
    expect(asked).toHaveLength(once);
    windows.changed(0);
    await windows.read(null);
    expect(asked).toHaveLength(2 * once);
  });
});
