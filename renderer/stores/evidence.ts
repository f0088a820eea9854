import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { CallArgs, CallResult, EventPayload } from '../../preload/contract.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';
import { useWorkbench } from './workbench.ts';

export type ProbeInfo = CallResult<'probes.list'>['probes'][number];
export type RunInfo = EventPayload<'run.started'>;
export type FigureName = ProbeInfo['figures'][number];

/** Runs the page remembers; the workbench keeps no more than that. */
const MAX_RUNS = 300;

/** The catalogue of probes and their runs, kept up to date by events; which probe and which of its runs are looked at. */
export const useEvidence = defineStore('evidence', () => {
  const link = useLink();
  const workbench = useWorkbench();
  /** Null until the workbench has answered. */
  const probes = shallowRef<readonly ProbeInfo[] | null>(null);
  /** Newest first. */
  const runs = shallowRef<readonly RunInfo[]>([]);
  /** Why the catalogue could not be had; null when it could. */
  const problem = ref<string | null>(null);
  /** Why the last probe asked for did not start, and which; null when it did. */
  const refusal = shallowRef<{ probeId: string; sentence: string } | null>(null);
  const probeId = ref<string | null>(null);
  /** A chosen run of the chosen probe; null for its newest. */
  const chosenRunId = ref<string | null>(null);
  /** What was filled in for probes that need values, by probe and name. */
  const values = shallowRef<ReadonlyMap<string, ReadonlyMap<string, string>>>(new Map());
  const starting = shallowRef<ReadonlySet<string>>(new Set());
  let isWanted = false;

  const probe = computed(() => probes.value?.find(({ id }) => id === probeId.value) ?? null);
  /** Runs of the chosen probe, newest first. */
  const history = computed(() => runs.value.filter((run) => run.probeId === probeId.value));
  const run = computed(
    () => history.value.find(({ runId }) => runId === chosenRunId.value) ?? history.value[0] ?? null,
  );
  /** The newest run of each probe. */
  const newest = computed(() => {
    const byProbe = new Map<string, RunInfo>();
    for (const one of runs.value) if (!byProbe.has(one.probeId)) byProbe.set(one.probeId, one);
    return byProbe;
  });

  const lists = newestWins({
    run: () => Promise.all([link.call('probes.list', {}), link.call('runs.list', {})]),
    accept([catalogue, kept]) {
      probes.value = catalogue.probes;
      runs.value = mergeRuns(kept.runs, runs.value);
      problem.value = null;
    },
    fail: (error) => (problem.value = sentenceOf(error)),
  });

  /** Asks for the catalogue; once it is wanted it is asked again whenever the link comes back. */
  function want(): void {
    isWanted = true;
    if (workbench.isConnected && probes.value === null && !lists.isBusy) lists.ask(null);
  }
  watch(
    () => workbench.isConnected,
    (connected) => connected && isWanted && lists.ask(null),
  );

  function choose(id: string, runId: string | null = null): void {
    probeId.value = id;
    chosenRunId.value = runId;
  }
  function valueOf(one: ProbeInfo, name: string): string {
    const preset = one.parameters.find((parameter) => parameter.name === name)?.preset;
    return values.value.get(one.id)?.get(name) ?? preset ?? '';
  }
  function setValue(id: string, name: string, value: string): void {
    const next = new Map(values.value);
    next.set(id, new Map(next.get(id)).set(name, value));
    values.value = next;
  }
  function isComplete(one: ProbeInfo): boolean {
    return one.parameters.every(({ name }) => valueOf(one, name).trim() !== '');
  }
  /** Runs a probe and looks at that run. What cannot start says why in `refusal`. */
  async function runProbe(id: string): Promise<void> {
    const one = probes.value?.find((candidate) => candidate.id === id);
    if (!one || starting.value.has(id)) return;
    choose(id);
    if (one.unavailable !== null || !isComplete(one)) return;
    refusal.value = null;
    starting.value = new Set([...starting.value, id]);
    const parameters: CallArgs<'probes.run'>['parameters'] = one.parameters.map(({ name }) => ({
      name,
      value: valueOf(one, name).trim(),
    }));
    try {
      upsert(await link.call('probes.run', { probeId: id, parameters }));
    } catch (error) {
      refusal.value = { probeId: id, sentence: sentenceOf(error) };
    } finally {
      starting.value = new Set([...starting.value].filter((other) => other !== id));
    }
  }
  async function cancel(runId: string): Promise<void> {
    try {
      await link.call('runs.cancel', { runId });
    } catch (error) {
      const failed = runs.value.find((one) => one.runId === runId);
      if (failed) refusal.value = { probeId: failed.probeId, sentence: sentenceOf(error) };
    }
  }
  /** Opens the first probe that proves a figure, one that can run here before others; runs it if it never ran. */
  function openFigure(figure: FigureName): void {
    const candidates = (probes.value ?? []).filter(
      ({ figures, group }) => figures.includes(figure) && group !== 'misleading',
    );
    const found = candidates.find(({ unavailable }) => unavailable === null) ?? candidates[0];
    if (!found) return;
    if (newest.value.has(found.id)) choose(found.id);
    else void runProbe(found.id);
  }
  function upsert(next: RunInfo): void {
    runs.value = mergeRuns([next], runs.value);
  }

  const stops = [link.on('run.started', upsert), link.on('run.finished', upsert)];
  onScopeDispose(() => stops.forEach((stop) => stop()));

  return {
    probes,
    runs,
    problem,
    refusal,
    probeId,
    probe,
    history,
    run,
    newest,
    starting,
    want,
    retry: () => lists.ask(null),
    choose,
    valueOf,
    setValue,
    isComplete,
    runProbe,
    cancel,
    openFigure,
  };
});

/** Both lists as one, newest first. A late "running" never replaces "finished". */
export function mergeRuns(next: readonly RunInfo[], known: readonly RunInfo[]): readonly RunInfo[] {
  const byId = new Map(known.map((run) => [run.runId, run]));
  for (const run of next) {
    if (byId.get(run.runId)?.state !== 'finished' || run.state === 'finished') byId.set(run.runId, run);
  }
  return [...byId.values()].sort((a, b) => b.startedAtMs - a.startedAtMs).slice(0, MAX_RUNS);
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
