import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import EvidenceScreen from '../../../../renderer/screens/evidence/EvidenceScreen.vue';
import { useEvidence } from '../../../../renderer/stores/evidence.ts';
import { useNavigation } from '../../../../renderer/stores/navigation.ts';
import { aRun, aRunningRun, evidenceLink, someParsed, SS_OUTPUT } from '../../../support/evidence.ts';
import { INCIDENT_AT_MS } from '../../../support/incident.ts';
import { mountScreen, settle } from '../../../support/mount-screen.ts';

enableAutoUnmount(afterEach);
beforeEach(() => {
  localStorage.clear();
  // What a virtual list needs to draw rows.
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400);
});
afterEach(() => vi.restoreAllMocks());

async function open(link = evidenceLink([aRun()], { 'run-1': SS_OUTPUT })) {
  const screen = await mountScreen(EvidenceScreen, link);
  await settle();
  return {
    link,
    screen,
    row: (id: string) => screen.get(`[data-probe="${id}"]`),
    press: async (name: string) => {
      const found = screen
        .findAll('button')
        .find((one) => one.text() === name || one.attributes('aria-label') === name);
      if (!found) throw new Error(`There is no button "${name}"`);
      await found.trigger('click');
      await settle();
    },
    panel: () => screen.get('.run-panel').text(),
  };
}

describe('the catalogue', () => {
  it('lists the probes in their groups, with how the last run went', async () => {
    const { screen, row } = await open();
    expect(screen.findAll('h3').map((title) => title.text().split('  ')[0])).toEqual([
      expect.stringMatching(/^Sockets/),
      expect.stringMatching(/^Settings/),
      expect.stringMatching(/^Counters/),
      expect.stringMatching(/^Owners/),
      expect.stringMatching(/^Path/),
      expect.stringMatching(/^Commands that mislead/),
    ]);
    expect(row('linux.ss-tan').text()).toMatch(/ss -tano\s*44 ms\s*0\s*\d+ B/);
  });

  it('says why a probe cannot run here, and offers no button for it', async () => {
    const { row, press, panel } = await open();
    expect(row('linux.conntrack').text()).toContain('Install it with: apt install conntrack');
    await row('linux.conntrack').trigger('click');
    expect(panel()).toContain('This cannot run here');
    await expect(press('Run: conntrack -S')).rejects.toThrow('no button');
  });

  it('runs a probe by Enter on its row, and moves with the arrows', async () => {
    const { link, row, screen } = await open();
    await row('linux.ss-tan').trigger('keydown', { key: 'ArrowDown' });
    await settle();
    expect(screen.get('[aria-current]').attributes('data-probe')).toBe('linux.ss-s');
    expect(document.activeElement?.getAttribute('data-probe')).toBe('linux.ss-s');
    await row('linux.ss-s').trigger('keydown', { key: 'Enter' });
    await settle();
    expect(link.callsOf('probes.run')).toEqual([{ probeId: 'linux.ss-s', parameters: [] }]);
  });

  it('says that it could not be listed', async () => {
    const link = evidenceLink().respond('probes.list', () => {
      throw new Error('The workbench did not answer.');
    });
    const { screen } = await open(link);
    expect(screen.get('.probe-list').text()).toContain('The workbench did not answer.');
  });
});

describe('a run', () => {
  it('can be cancelled while it runs, and says how it ended', async () => {
    const { link, press, panel } = await open();
    await press('Run again');
    expect(panel()).toContain('Cancel');
    await press('Cancel');
    expect(link.callsOf('runs.cancel')).toEqual([{ runId: 'started-1' }]);
    link.emit(
      'run.finished',
      aRun({
        runId: 'started-1',
        startedAtMs: INCIDENT_AT_MS + 1000,
        outcome: 'cancelled',
        exitCode: null,
        signal: 'SIGTERM',
        endSentence: 'Cancelled.',
      }),
    );
    await settle();
    expect(panel()).toContain('Run again');
    expect(panel()).toContain('Cancelled.');
  });

  it('is asked for the values its probe needs', async () => {
    const { link, row, screen, press } = await open();
    await row('linux.proc-fd').trigger('click');
    const run = () => screen.findAll('.run-panel button').find((button) => button.text() === 'Run');
    expect(run()?.attributes('disabled')).toBeDefined();
    await screen.get('.probe-parameters input').setValue('4312');
    expect(run()?.attributes('disabled')).toBeUndefined();
    await press('Run');
    expect(link.callsOf('probes.run')[0]?.parameters).toEqual([{ name: 'pid', value: '4312' }]);
  });

  it('shows its lines with those the figures rest on, and those not understood', async () => {
    const { press, screen } = await open();
    await press('As parsed');
    const lines = screen.findAll('.line-list li');
    expect(lines).toHaveLength(8);
    expect(lines.map((line) => line.attributes('data-kind'))).toEqual([
      undefined,
      'rests',
      'rests',
      'rests',
      'rests',
      'rests',
      'problem',
      undefined,
    ]);
    expect(screen.get('.run-parsed-summary').text()).toContain('6 TCP sockets, 1 line not understood.');
    await press('Not understood 1');
    expect(screen.get('[aria-label="Lines not understood"]').text()).toContain('no state at its beginning');
    await screen.get('[aria-label="Lines not understood"] button').trigger('click');
    expect(screen.get('[data-target]').text()).toContain('something nobody expected');
  });

  it('says what changed since the run before', async () => {
    const before = aRun({ runId: 'old', startedAtMs: INCIDENT_AT_MS - 30_000 });
    const link = evidenceLink([aRun(), before], {
      'run-1': SS_OUTPUT,
      old: SS_OUTPUT.replace(':47133', ':40000'),
    });
    const { press, panel } = await open(link);
    await press('Since last run');
    await expect.poll(panel).toContain('1 line new, 1 gone');
    expect(panel()).toContain('7 the same');
  });

  it('says that there is nothing to compare with', async () => {
    const { press, panel } = await open();
    await press('Since last run');
    expect(panel()).toContain('There is no earlier run');
  });

  it('shows what a misleading command claims beside what is so', async () => {
    const misleading = aRun({ runId: 'm', probeId: 'linux.listeners-counted', command: 'ss -tulnp' });
    const link = evidenceLink([misleading], { m: 'Netid State\n' }).respond('runs.parsed', () =>
      someParsed({
        comparison: {
          claims: '14',
          takenFor: 'used ephemeral ports',
          really: '25,691 of 28,232 ports are in use.',
          why: 'It counts sockets that listen.',
        },
      }),
    );
    const { row, screen } = await open(link);
    expect(row('linux.listeners-counted').text()).toContain('ss -tulnp | wc -l');
    await row('linux.listeners-counted').trigger('click');
    await settle();
    expect(screen.get('.folklore-block').text()).toMatch(
      /Prints.*14.*Taken for.*ephemeral.*Really.*25,691.*Why/s,
    );
  });

  it('saves its transcript under how it came about', async () => {
    const saved: Blob[] = [];
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      saved.push(blob as Blob);
      return 'blob:test';
    });
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
    const { press } = await open();
    await press('Export the transcript');
    await expect.poll(() => saved.length).toBe(1);
    const text = await saved[0]?.text();
    expect(text).toMatch(/^# command: ss -tano\n# time: 2026-11-20T14:32:07\.204Z\n/);
    expect(text?.endsWith(`\n\n${SS_OUTPUT}`)).toBe(true);
  });
});

describe('what another screen asked for', () => {
  it('opens the probe of a figure when the catalogue comes after the question', async () => {
    const link = evidenceLink([aRun()], { 'run-1': SS_OUTPUT });
    const screen = await mountScreen(EvidenceScreen, link);
    useNavigation().go('evidence', { figure: 'range' });
    await settle();
    expect(screen.get('[aria-current]').attributes('data-probe')).toBe('linux.sysctl-ip_local_port_range');
    expect(link.callsOf('probes.run')).toHaveLength(1);
  });

  it('keeps what it showed when it is asked for nothing', async () => {
    const { link, row } = await open();
    await row('linux.ss-s').trigger('click');
    useNavigation().go('evidence');
    await settle();
    expect(useEvidence().probeId).toBe('linux.ss-s');
    expect(link.callsOf('probes.run')).toEqual([]);
  });

  it('runs what the palette asked for', async () => {
    const { link } = await open();
    useNavigation().go('evidence', { runProbe: 'linux.ss-tan' });
    await settle();
    expect(link.callsOf('probes.run')).toEqual([{ probeId: 'linux.ss-tan', parameters: [] }]);
  });

  it('leaves nothing behind when it is closed', async () => {
    const { link, screen } = await open();
    screen.unmount();
    const before = link.calls.length;
    link.emit('run.started', aRunningRun({ runId: 'later' }));
    link.emit('run.printed', { runId: 'later', offset: 10, text: 'x' });
    await settle();
    expect(link.calls).toHaveLength(before);
  });
});
