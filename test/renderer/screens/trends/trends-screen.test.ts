import type { VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LinkError } from '../../../../renderer/link/link.ts';
import { trendCsv } from '../../../../renderer/screens/trends/trend-csv.ts';
import TrendsScreen from '../../../../renderer/screens/trends/TrendsScreen.vue';
import { changeWords, finenessWords, historySize } from '../../../../renderer/screens/trends/trend-words.ts';
import { useNavigation } from '../../../../renderer/stores/navigation.ts';
import { loadedOf, overviewOf, useTrends } from '../../../../renderer/stores/trends.ts';
import { useWorkbench } from '../../../../renderer/stores/workbench.ts';
import { INCIDENT_AT_MS, INCIDENT_POOL_KEY } from '../../../support/incident.ts';
import { mountScreen, settle } from '../../../support/mount-screen.ts';
import { aMark, incidentHistory, madeReport, type MadeHistory } from '../../../support/trends.ts';

let mounted: VueWrapper | null = null;
let history: MadeHistory;
beforeEach(() => {
  history = incidentHistory(7200);
});
afterEach(() => {
  mounted?.unmount();
  mounted = null;
  vi.useRealTimers();
});

async function show(): Promise<VueWrapper> {
  mounted = await mountScreen(TrendsScreen, history.link);
  for (let turn = 0; turn < 6; turn++) await settle();
  return mounted;
}

describe('Trends', () => {
  it('shows the fullest pool of the last hour and states the finding of each chart', async () => {
    const screen = await show();
    expect(screen.get('.charts-panel h2').text()).toBe('Pool to 10.0.3.12:443');
    const [ports, rates] = screen.findAll('.lane-chart').map((chart) => chart.attributes('aria-label') ?? '');
    expect(ports).toMatch(
      /at most [\d,]+ of 62,948 \(\d\d%\) ports in use, at .* Most were held by python3 \(pid 4312\)\.$/,
    );
    expect(rates).toContain('the pool sustains 1,049/s');
    expect(screen.get('.trends-bar').text()).toContain('1 s samples drawn as');
  });

  it('asks wider than it shows, so that the window can be moved at once', async () => {
    await show();
    const [main] = history.link.callsOf('history.query');
    expect(main?.series).toEqual({ kind: 'pool', poolKey: INCIDENT_POOL_KEY });
    const width = (main?.untilMs ?? 0) - (main?.fromMs ?? 0);
    expect(width).toBeGreaterThan(3_600_000);
    expect(main?.points).toBeGreaterThan(900);
  });

  it('asks once when a window that was panned many times has come to rest', async () => {
    await show();
    vi.useFakeTimers();
    const before = history.link.callsOf('history.marks').length;
    const trends = useTrends();
    for (let step = 0; step < 30; step++) trends.pan(-60_000);
    expect(history.link.callsOf('history.marks').length).toBe(before);
    await vi.advanceTimersByTimeAsync(200);
    expect(history.link.callsOf('history.marks').length).toBe(before + 1);
    expect(trends.isLive).toBe(false);
  });

  it('reads the values at the cursor in the panel, without a tooltip', async () => {
    const screen = await show();
    const trends = useTrends();
    trends.cursorMs = INCIDENT_AT_MS - 1_400_000;
    await settle();
    const panel = screen.get('.reading-panel');
    expect(panel.text()).toContain('cursor');
    expect(panel.text()).toMatch(/Pool size62,948/);
    expect(panel.text()).toContain('The old pool would have been full here.');
    expect(screen.get('[role=slider][aria-label="Time cursor"]').attributes('aria-valuetext')).toContain(
      'ports in use',
    );
  });

  it('lists what happened, and puts the cursor where it did', async () => {
    const screen = await show();
    const fix = screen
      .findAll('.events-panel li button')
      .find((one) => one.text().includes('Fix: keep-alive'));
    await fix?.trigger('click');
    expect(Math.abs((useTrends().cursorMs ?? 0) - (INCIDENT_AT_MS - 1_087_000))).toBeLessThan(10_000);
  });

  it('follows another pool, all sockets, and processes', async () => {
    const screen = await show();
    await screen.get('select').setValue('all');
    for (let turn = 0; turn < 6; turn++) await settle();
    expect(screen.get('.charts-panel h2').text()).toBe('All sockets');
    useTrends().linesBy = 'process';
    for (let turn = 0; turn < 6; turn++) await settle();
    expect(history.link.callsOf('history.query').at(-1)?.series.kind).toBe('consumer');
  });

  it('shows a host with another clock in the time of the page, and asks it in its own', async () => {
    const hourMs = 3_600_000;
    const screen = await show();
    const trends = useTrends();
    const [windowMs, times] = [trends.window.untilMs, trends.frame?.series.atMs ?? []];
    useWorkbench().hostOffsetMs = hourMs;
    for (let turn = 0; turn < 6; turn++) await settle();
    expect(trends.window.untilMs).toBe(windowMs + hourMs);
    expect(trends.frame?.series.atMs.at(-1)).toBe((times.at(-1) ?? 0) + hourMs);
    expect(history.link.callsOf('history.marks').at(-1)?.untilMs).toBeLessThan(INCIDENT_AT_MS + hourMs / 2);
    trends.cursorMs = INCIDENT_AT_MS - 1_400_000 + hourMs;
    await settle();
    expect(screen.get('.reading-panel').text()).toMatch(/Pool size62,948/);
    await trends.openMoment(trends.cursorMs);
    expect(history.link.callsOf('history.moment')).toEqual([{ atMs: INCIDENT_AT_MS - 1_400_000 }]);
    const mark = await trends.addMark(trends.cursorMs, 'here');
    expect(mark?.atMs).toBe(trends.cursorMs);
    expect(history.link.callsOf('history.mark').at(-1)?.atMs).toBe(INCIDENT_AT_MS - 1_400_000);
  });

  it('opens Headroom as it was, and is live again on every other screen', async () => {
    const screen = await show();
    const button = screen
      .findAll('.reading-panel button')
      .find((one) => one.text().includes('Open Headroom'));
    await button?.trigger('click');
    await settle();
    const workbench = useWorkbench();
    expect(useNavigation().screen).toBe('headroom');
    expect(workbench.summary?.pools[0]?.used).toBe(20_000);
    expect(workbench.summary?.verdict.sentence).toBe('Port pool to 10.0.3.12:443 is 71% used.');
    workbench.leaveMoment();
    expect(workbench.summary?.pools[0]?.used).toBe(25_691);
  });

  it('says what is wrong when too little is kept of a time', async () => {
    history.link.respond('history.moment', () => ({ moment: null }));
    await show();
    expect(await useTrends().openMoment(INCIDENT_AT_MS)).toBe(false);
    expect(useTrends().problem).toContain('Too little is kept');
  });

  it('D: says that nothing is recorded yet, that history is off, and that it pauses', async () => {
    history.state = { ...history.state, fromMs: null, untilMs: null };
    expect((await show()).text()).toContain('Nothing is recorded yet');
    mounted?.unmount();
    history.state = {
      ...history.state,
      mode: 'off',
      sentence: 'History is not kept here; the live view is not affected.',
    };
    expect((await show()).text()).toContain('History is not kept here; the live view is not affected.');
    mounted?.unmount();
    history = incidentHistory(7200);
    history.state = { ...history.state, mode: 'paused', sentence: 'The disk is full, so history pauses.' };
    const screen = await show();
    expect(screen.text()).toContain('The disk is full, so history pauses.');
    expect(screen.find('.lane-chart').exists()).toBe(true);
  });

  it('shows why a question failed, and asks again', async () => {
    history.link.respond('history.marks', () => {
      throw new LinkError('gone', 'The history file is gone.');
    });
    const screen = await show();
    expect(screen.text()).toContain('The history file is gone.');
  });

  it('compares with the same time yesterday: both windows and what changed', async () => {
    const screen = await show();
    useTrends().compare(3_600_000, 'the hour before');
    for (let turn = 0; turn < 8; turn++) await settle();
    const rows = screen.findAll('.compare-panel tbody tr').map((row) => row.text());
    expect(rows.some((row) => /^Ports in use, most/.test(row))).toBe(true);
    expect(rows.some((row) => /^python3/.test(row))).toBe(true);
  });

  it('says of a process no number for a time of which nothing is kept', async () => {
    const screen = await show();
    history.link.respond('history.consumers', ({ untilMs }) =>
      untilMs < history.fromMs ? { stepMs: 1000, consumers: [] } : { stepMs: 1000, consumers: made },
    );
    const made = useTrends().frame?.ranks.consumers ?? [];
    useTrends().compare(86_400_000, 'the same time yesterday');
    for (let turn = 0; turn < 8; turn++) await settle();
    expect(screen.get('.compare-panel').text()).toContain('Nothing is kept of that time.');
    const cells = screen
      .findAll('.compare-panel tbody tr')
      .filter((row) => row.text().startsWith('python3'))
      .map((row) => row.findAll('td').map((cell) => cell.text()));
    expect(cells).toHaveLength(1);
    expect(cells[0]?.[0]).toBe('–');
    expect(cells[0]?.[2]).toBe('–');
  });

  it('reports a test run by process and destination when it is stopped', async () => {
    history.state = { ...history.state, testRun: { id: 77, name: 'ab', fromMs: INCIDENT_AT_MS - 60_000 } };
    const screen = await show();
    await screen
      .get('.trends-bar')
      .findAll('button')
      .find((one) => one.text().startsWith('Stop test run'))
      ?.trigger('click');
    for (let turn = 0; turn < 4; turn++) await settle();
    const report = document.querySelector('.trends-report')?.textContent ?? '';
    expect(report).toContain('20,400 connections were opened');
    expect(report).toContain('python3 (pid 4312) opened about 19,800 of them (97%) to 10.0.3.12:443.');
  });

  it('names no process that opened more than the whole machine did', async () => {
    history.link.respond('testRun.report', ({ id }) => ({
      ...madeReport(id, INCIDENT_AT_MS),
      opened: 19,
      peakOpensPerSecond: 7,
    }));
    await show();
    await useTrends().openReport(77);
    for (let turn = 0; turn < 4; turn++) await settle();
    const report = document.querySelector('.trends-report');
    expect(report?.textContent).toContain('python3 (pid 4312) opened up to 19 of them to 10.0.3.12:443.');
    expect([...(report?.querySelectorAll('tbody tr') ?? [])].map((row) => row.textContent)).toEqual([
      expect.stringMatching(/^python3.*up to 19/),
      expect.stringMatching(/up to 7\/s$/),
    ]);
  });

  it('shows the same figures as a table', async () => {
    const screen = await show();
    const table = screen.findAll('[role=radio]').find((one) => one.text() === 'Table');
    await table?.trigger('click');
    const rows = screen.findAll('.trend-table tbody tr');
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.length).toBeLessThanOrEqual(100);
  });

  it('leaves nothing behind that listens', async () => {
    await show();
    const trends = useTrends();
    mounted?.unmount();
    mounted = null;
    expect(trends.isOpen).toBe(false);
  });
});

describe('what Trends says', () => {
  it('how finely it draws', () => {
    expect(finenessWords({ stepMs: 1000, fromStepMs: { finest: 1000, coarsest: 1000 } })).toBe('1 s samples');
    expect(finenessWords({ stepMs: 10_000, fromStepMs: { finest: 1000, coarsest: 1000 } })).toBe(
      '1 s samples drawn as 10 s averages',
    );
    expect(finenessWords({ stepMs: 60_000, fromStepMs: { finest: 1000, coarsest: 10_000 } })).toBe(
      '1 s to 10 s averages drawn as 1 min averages',
    );
  });

  it('how much history there is', () => {
    expect(historySize({ ...history.state, fromMs: 0, untilMs: 6 * 3_600_000 })).toBe('6 h · 41 MB');
    expect(historySize(null)).toBeNull();
  });

  it('what changed', () => {
    expect(changeWords(91, 6.5)).toBe('−93%');
    expect(changeWords(0, 0)).toBe('none');
    expect(changeWords(0, 12)).toBe('new');
    expect(changeWords(10, 1200)).toBe('× 120');
    expect(changeWords(null, 3)).toBe('–');
  });
});

describe('windows', () => {
  it('are loaded with their own width on either side, up to the present', () => {
    expect(loadedOf({ fromMs: 5000, untilMs: 6000 }, 6500)).toEqual({ fromMs: 4000, untilMs: 6501 });
  });

  it('have an overview that reaches back no further than what is kept', () => {
    expect(overviewOf({ fromMs: 9000, untilMs: 10_000 }, 7000, 10_000)).toEqual({
      fromMs: 7000,
      untilMs: 10_000,
    });
  });
});

describe('figures as CSV', () => {
  it('have one line a point, its events, and no formula a spreadsheet would run', () => {
    const at = INCIDENT_AT_MS;
    const csv = trendCsv(
      {
        series: {
          stepMs: 1000,
          fromStepMs: { finest: 1000, coarsest: 1000 },
          atMs: [at, at + 1000],
          columns: [{ name: 'used', mean: [1.5, null], min: [1, null], max: [2, null] }],
          gaps: [],
        },
        marks: [aMark({ id: 1, kind: 'note', atMs: at + 500, text: '=cmd("x")' })],
      },
      { fromMs: at, untilMs: at + 5000 },
    );
    expect(csv.split('\r\n')).toEqual([
      'time,used mean,used min,used max,events',
      `${new Date(at).toISOString()},1.5,1,2,"'=cmd(""x"")"`,
      `${new Date(at + 1000).toISOString()},,,,`,
      '',
    ]);
  });

  it('have each event of the window once, those of a gap beside the last figure before it', () => {
    const at = INCIDENT_AT_MS;
    const note = (id: number, atMs: number) => aMark({ id, kind: 'note', atMs, text: `event ${id}` });
    const csv = trendCsv(
      {
        series: {
          stepMs: 1000,
          fromStepMs: { finest: 1000, coarsest: 1000 },
          atMs: [at, at + 60_000],
          columns: [],
          gaps: [],
        },
        marks: [note(1, at - 9000), note(2, at - 500), note(3, at + 30_000), note(4, at + 65_000)],
      },
      { fromMs: at - 1000, untilMs: at + 65_000 },
    );
    expect(csv.split('\r\n').map((line) => line.split(',')[1])).toEqual([
      'events',
      '"event 2; event 3"',
      '"event 4"',
      undefined,
    ]);
  });
});
