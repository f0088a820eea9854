import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { CallResult, EventPayload, SamplerLink } from '../../preload/contract.ts';
import type { HistoryMoment } from '../../preload/contract-history.ts';
import type { LinkState } from '../link/connect.ts';
import { usePacedClock } from '../composables/use-paced-clock.ts';
import { useLink } from './link-key.ts';
import { momentSummary } from './moment-summary.ts';

export type Summary = EventPayload<'summary.updated'>;
export type Description = CallResult<'workbench.describe'>;

/** Paces the picker offers, milliseconds; the contract allows 200–10,000. */
export const PACES_MS = [200, 500, 1000, 2000, 5000, 10_000] as const;

/** The newest summary, the state of the sampler and of the link, and what the user may do to them. */
export const useWorkbench = defineStore('workbench', () => {
  const link = useLink();
  const nowMs = usePacedClock();
  /** The newest that was published. */
  const live = shallowRef<Summary | null>(null);
  /** A moment of the past that is shown instead; null while what is shown is what is. */
  const moment = shallowRef<{ atMs: number; summary: Summary; kept: NonNullable<HistoryMoment> } | null>(
    null,
  );
  /** What is shown. */
  const summary = computed(() => moment.value?.summary ?? live.value);
  const sampler = shallowRef<SamplerLink | null>(null);
  const linkState = shallowRef<LinkState>(link.state);
  const description = shallowRef<Description | null>(null);
  /** A call of this store that was refused or failed, in a sentence; null when the last one went well. */
  const problem = ref<string | null>(null);
  /** Page time minus the host's: the host may be another machine, reached by ssh -L. */
  const hostOffsetMs = ref(0);

  const isConnected = computed(() => linkState.value.kind === 'connected');
  /** The files that are shown instead of this machine; null while it is live. */
  const imported = computed(() => (live.value?.origin.kind === 'imported' ? live.value.origin : null));
  const isPaused = computed(() => imported.value === null && (live.value?.sampler.paused ?? false));
  /** A file's time is its own, not the host's. */
  const clockOffsetMs = computed(() => (imported.value ? 0 : hostOffsetMs.value));
  const platform = computed(() => summary.value?.target.platform ?? description.value?.platform ?? 'linux');
  /** Milliseconds since the last sample was taken; null before the first. */
  const ageMs = computed(() =>
    live.value ? Math.max(0, nowMs.value - clockOffsetMs.value - live.value.takenAtMs) : null,
  );
  /** True when what is shown is the last that was known, not what is. */
  const isStale = computed(
    () =>
      !isConnected.value ||
      (sampler.value !== null && !['running', 'starting'].includes(sampler.value.state)),
  );

  function accept(next: Summary): void {
    const current = live.value;
    // Times of files and of this machine do not follow each other.
    const isOther = current?.origin.kind !== next.origin.kind || next.origin.kind === 'imported';
    // A smaller sequence is a sampler that was started again, not a late answer.
    if (!current || isOther || next.takenAtMs >= current.takenAtMs || next.sequence < current.sequence)
      live.value = next;
  }

  /** Runs a call whose failure is shown and not thrown. */
  async function attempt<T>(call: Promise<T>): Promise<T | null> {
    try {
      const result = await call;
      problem.value = null;
      return result;
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
      return null;
    }
  }

  async function load(): Promise<void> {
    const [described, got] = await Promise.all([
      attempt(link.call('workbench.describe', {})),
      attempt(link.call('summary.get', {})),
    ]);
    if (described) description.value = described;
    if (got?.summary) accept(got.summary);
    if (got) sampler.value = got.sampler;
  }

  async function configure(change: { paused?: boolean; intervalMs?: number }): Promise<void> {
    // Nothing is sampled that could be paced.
    if (imported.value) return;
    const result = await attempt(link.call('sampling.configure', change));
    const current = live.value;
    if (!result || !current) return;
    // Said at once: the next summary may be ten seconds away, or never come while paused.
    live.value = { ...current, sampler: { ...current.sampler, ...result } };
  }

  /** Shows a moment that history kept; tells whether enough of it is kept. */
  function showMoment(kept: HistoryMoment): boolean {
    const then = kept && momentSummary(kept);
    if (kept && then) moment.value = { atMs: kept.atMs, summary: then, kept };
    return then !== null;
  }

  const stops = [
    link.on('summary.updated', (next) => {
      if (next.origin.kind === 'live') {
        const isFirst = live.value === null;
        hostOffsetMs.value = learnOffset(hostOffsetMs.value, isFirst, Date.now() - next.takenAtMs);
      }
      accept(next);
    }),
    link.on('sampler.changed', (next) => (sampler.value = next)),
    link.onState((next) => {
      const wasConnected = isConnected.value;
      linkState.value = next;
      if (!wasConnected && next.kind === 'connected') void load();
    }),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));
  if (link.state.kind === 'connected') void load();

  return {
    nowMs,
    live,
    moment,
    summary,
    sampler,
    linkState,
    description,
    problem,
    hostOffsetMs,
    clockOffsetMs,
    isConnected,
    imported,
    isPaused,
    isStale,
    platform,
    ageMs,
    showMoment,
    leaveMoment: () => (moment.value = null),
    reload: load,
    setPaused: (paused: boolean) => configure({ paused }),
    togglePaused: () => configure({ paused: !isPaused.value }),
    setIntervalMs: (intervalMs: number) => configure({ intervalMs }),
    restartSampler: async () => {
      const state = await attempt(link.call('sampling.restart', {}));
      if (state) sampler.value = state;
    },
    controlWindow: (action: 'minimize' | 'maximize' | 'close') =>
      attempt(link.call('window.control', { action })),
    retryLink: () => link.retryNow(),
    dismissProblem: () => (problem.value = null),
  };
});

/** A live sample is at most seconds old when it arrives; more than a minute either way is another clock. */
const FOREIGN_CLOCK_MS = 60_000;

function learnOffset(offsetMs: number, isFirst: boolean, delayMs: number): number {
  const isForeign = Math.abs(delayMs - offsetMs) > FOREIGN_CLOCK_MS;
  if (isFirst || isForeign) return Math.abs(delayMs) > FOREIGN_CLOCK_MS ? delayMs : 0;
  return offsetMs;
}
