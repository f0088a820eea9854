import { createPinia, setActivePinia } from 'pinia';
import { createApp } from 'vue';
import { afterEach, describe, expect, it } from 'vitest';
import { LinkError } from '../../../renderer/link/link.ts';
import { mergeRuns, useEvidence } from '../../../renderer/stores/evidence.ts';
import { linkKey } from '../../../renderer/stores/link-key.ts';
import { useParsedRun } from '../../../renderer/stores/parsed-run.ts';
import { useTranscript } from '../../../renderer/stores/transcript.ts';
import { useWorkbench } from '../../../renderer/stores/workbench.ts';
import { aRun, aRunningRun, evidenceLink, pieceOf, someParsed } from '../../support/evidence.ts';
import type { FakeLink } from '../../support/fake-link.ts';
import { INCIDENT_AT_MS } from '../../support/incident.ts';
import { settle } from '../../support/mount-screen.ts';

let stops: (() => void)[] = [];
function start(link: FakeLink): void {
  const pinia = createPinia();
  createApp({ render: () => null })
    .provide(linkKey, link)
    .use(pinia);
  setActivePinia(pinia);
  stops = [useEvidence(), useTranscript(), useParsedRun(), useWorkbench()].map(
    (store) => () => store.$dispose(),
  );
}
afterEach(() => stops.forEach((stop) => stop()));

async function open(link = evidenceLink()) {
  start(link);
  const evidence = useEvidence();
  evidence.want();
  await settle();
  return { link, evidence };
}

describe('the catalogue', () => {
  it('is asked for when it is wanted, once, and again when the link comes back', async () => {
    const { link, evidence } = await open();
    evidence.want();
    await settle();
    expect(link.callsOf('probes.list')).toHaveLength(1);
    link.setState({ kind: 'lost' });
    await settle();
    link.setState({ kind: 'connected' });
    await settle();
    expect(link.callsOf('probes.list')).toHaveLength(2);
  });

  it('says why it could not be had, and is there after another try', async () => {
    const link = evidenceLink().respond('probes.list', () => {
      throw new LinkError('unavailable', 'The workbench is busy.');
    });
    const { evidence } = await open(link);
    expect(evidence.problem).toBe('The workbench is busy.');
    evidenceLink([], {}, link);
    evidence.retry();
    await settle();
    expect([evidence.problem, evidence.probes?.length]).toEqual([null, 10]);
  });

  it('opens the first probe of a figure that can run here, and runs it only if it never ran', async () => {
    const { link, evidence } = await open(evidenceLink([aRun()]));
    evidence.openFigure('time-wait');
    expect([evidence.probeId, link.callsOf('probes.run')]).toEqual(['linux.ss-tan', []]);
    evidence.openFigure('new-connections');
    await settle();
    expect(link.callsOf('probes.run')).toEqual([{ probeId: 'linux.nstat', parameters: [] }]);
    expect(evidence.run?.state).toBe('running');
  });

  it('shows a figure’s probe that cannot run here without running it', async () => {
    const { link, evidence } = await open();
    evidence.openFigure('conntrack');
    expect([evidence.probe?.unavailable, link.callsOf('probes.run')]).toEqual([
      expect.stringContaining('not installed'),
      [],
    ]);
  });
});

describe('runs', () => {
  it('are newest first, and a late "running" never replaces "finished"', () => {
    const old = aRun({ runId: 'old', startedAtMs: INCIDENT_AT_MS - 1 });
    const merged = mergeRuns([aRunningRun(), old], [aRun()]);
    expect(merged.map(({ runId, state }) => [runId, state])).toEqual([
      ['run-1', 'finished'],
      ['old', 'finished'],
    ]);
  });

  it('follow their events', async () => {
    const { link, evidence } = await open();
    link.emit('run.started', aRunningRun());
    evidence.choose('linux.ss-tan');
    expect(evidence.run?.state).toBe('running');
    link.emit('run.finished', aRun());
    expect(evidence.run?.outcome).toBe('good');
  });

  it('wait for the values a probe needs', async () => {
    const { link, evidence } = await open();
    await evidence.runProbe('linux.proc-fd');
    expect(link.callsOf('probes.run')).toEqual([]);
    evidence.setValue('linux.proc-fd', 'pid', ' 4312 ');
    await evidence.runProbe('linux.proc-fd');
    expect(link.callsOf('probes.run')).toEqual([
      { probeId: 'linux.proc-fd', parameters: [{ name: 'pid', value: '4312' }] },
    ]);
  });

  it('say why one did not start', async () => {
    const link = evidenceLink().respond('probes.run', () => {
      throw new LinkError('busy', 'Eight probes are running. Wait for one of them.');
    });
    const { evidence } = await open(link);
    await evidence.runProbe('linux.ss-tan');
    expect(evidence.refusal).toEqual({
      probeId: 'linux.ss-tan',
      sentence: 'Eight probes are running. Wait for one of them.',
    });
  });
});

describe('a transcript', () => {
  const text = 'line\n'.repeat(20_000);

  it('is fetched in pieces that fit, one at a time', async () => {
    const link = evidenceLink([], { 'run-1': text });
    start(link);
    const transcript = useTranscript();
    transcript.follow('run-1');
    await expect.poll(() => transcript.isWhole && !transcript.isFetching).toBe(true);
    expect(transcript.chunks.join('')).toBe(text);
    expect(link.callsOf('runs.transcript').map(({ offset }) => offset)).toEqual([0, 32_768, 65_536, 98_304]);
  });

  it('takes output as it comes, nothing twice, and fetches what it missed', async () => {
    let printed = 'one\n';
    const link = evidenceLink().respond('runs.transcript', (asked) => pieceOf(printed, asked));
    start(link);
    const transcript = useTranscript();
    transcript.follow('run-1');
    await settle();
    printed = 'one\ntwo\n';
    link.emit('run.printed', { runId: 'run-1', offset: 4, text: 'two\n' });
    link.emit('run.printed', { runId: 'run-1', offset: 4, text: 'two\n' });
    link.emit('run.printed', { runId: 'other', offset: 8, text: 'not mine' });
    expect(transcript.chunks.join('')).toBe('one\ntwo\n');
    printed = 'one\ntwo\nthree\nfour\n';
    link.emit('run.printed', { runId: 'run-1', offset: 14, text: 'four\n' });
    await settle();
    expect(transcript.chunks.join('')).toBe(printed);
  });

  it('drops the late answer of a run that is not looked at any more', async () => {
    let release = (): void => {};
    const link = evidenceLink([], { 'run-2': 'second' });
    link.respond('runs.transcript', ({ runId, ...asked }) =>
      runId === 'run-2'
        ? pieceOf('second', asked)
        : new Promise((done) => (release = () => done(pieceOf('first', asked)))),
    );
    start(link);
    const transcript = useTranscript();
    transcript.follow('run-1');
    transcript.follow('run-2');
    await settle();
    release();
    await settle();
    expect(transcript.chunks).toEqual(['second']);
  });

  it('stops at 2 MiB until all of it is asked for', async () => {
    const long = 'x'.repeat(3 * 1024 * 1024);
    const link = evidenceLink([], { 'run-1': long });
    start(link);
    const transcript = useTranscript();
    transcript.follow('run-1');
    await expect.poll(() => transcript.isCapped).toBe(true);
    expect(transcript.loaded).toBe(2 * 1024 * 1024);
    transcript.loadAll();
    await expect.poll(() => transcript.isWhole && !transcript.isFetching).toBe(true);
    expect(transcript.loaded).toBe(long.length);
  });

  it('says that it is not kept any more', async () => {
    const link = evidenceLink().respond('runs.transcript', () => {
      throw new LinkError('gone', 'The output of this run was dropped to make room.');
    });
    start(link);
    const transcript = useTranscript();
    transcript.follow('run-1');
    await settle();
    expect(transcript.failure).toContain('dropped');
  });
});

describe('what was understood of a run', () => {
  it('comes a page at a time, sockets and facts together', async () => {
    const one = someParsed().sockets[0];
    const link = evidenceLink().respond('runs.parsed', ({ offset }) =>
      someParsed({
        socketCount: 250,
        sockets: Array.from({ length: offset === 0 ? 200 : 50 }, () => one).filter(
          (socket) => socket !== undefined,
        ),
        factCount: 1,
        facts: offset === 0 ? [{ line: 1, name: 'n', value: 'v' }] : [],
      }),
    );
    start(link);
    const parsed = useParsedRun();
    parsed.follow('run-1');
    await settle();
    await parsed.fetchPage();
    expect([parsed.sockets.length, parsed.facts.length]).toEqual([250, 1]);
    expect(link.callsOf('runs.parsed').map(({ offset }) => offset)).toEqual([0, 200]);
  });
});
