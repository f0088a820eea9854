import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { HistoryMark, HistorySeries, TestRunReport } from '../../preload/contract-history.ts';
import { usePageVisible } from '../composables/use-page-visible.ts';
import { useHistory } from './history.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';
import { inPageTime } from './page-time.ts';
import {
  askRanks,
  askTrends,
  seriesQuestion,
  shifted,
  type LinesBy,
  type Ranks,
  type Span,
  type Subject,
  type SubjectChoice,
  type TrendsFrame,
} from './trend-questions.ts';
import { useWorkbench } from './workbench.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Lengths that the picker and the keys offer. */
export const SPANS_MS = [15 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY] as const;
const MIN_SPAN_MS = MINUTE;
const MAX_SPAN_MS = 90 * DAY;
/** The overview shows so many windows. */
const OVERVIEW_WINDOWS = 6;
const OVERVIEW_POINTS = 400;
/** A window that has stood still so long is asked for. */
const SETTLE_MS = 160;
const RANKS_LAST_MS = 10_000;
/** Room for what is to come, beside a live window; and the longest window that has it. */
const AHEAD_SHARE = 0.1;
const MAX_AHEAD_MS = 4 * MINUTE;
const FORECAST_SPAN_MS = HOUR;

export interface Comparison {
  /** How much earlier the other window is. */
  byMs: number;
  words: string;
  ranks: Ranks | null;
}

/** The window of time that Trends shows, what is known of it, and the cursor in it. */
export const useTrends = defineStore('trends', () => {
  const workbench = useWorkbench();
  const hostLink = useLink();
  const link = inPageTime(hostLink, () => workbench.hostOffsetMs);
  const history = useHistory();
  const visible = usePageVisible();
  const isOpen = ref(false);
  const spanMs = ref<number>(HOUR);
  /** Where the window ends; null keeps it at the present. */
  const endMs = ref<number | null>(null);
  const choice = shallowRef<SubjectChoice>({ kind: 'fullest' });
  const linesBy = ref<LinesBy>('destination');
  const cursorMs = ref<number | null>(null);
  const comparison = shallowRef<Comparison | null>(null);
  const frame = shallowRef<TrendsFrame | null>(null);
  const overview = shallowRef<{ span: Span; series: HistorySeries; subject: Subject } | null>(null);
  const report = shallowRef<TestRunReport | null>(null);
  /** Why the last question or action failed; null when it went well. */
  const problem = ref<string | null>(null);

  const nowMs = computed(() => history.nowMs);
  const isLive = computed(() => endMs.value === null);
  const hasForecast = computed(
    () =>
      isLive.value &&
      spanMs.value <= FORECAST_SPAN_MS &&
      workbench.live?.origin.kind === 'live' &&
      !workbench.isStale &&
      !workbench.isPaused,
  );
  const aheadMs = computed(() =>
    hasForecast.value ? Math.min(MAX_AHEAD_MS, Math.round(spanMs.value * AHEAD_SHARE)) : 0,
  );
  const window = computed<Span>(() => {
    const untilMs = (endMs.value ?? nowMs.value) + (isLive.value ? aheadMs.value : 0);
    return { fromMs: untilMs - spanMs.value, untilMs };
  });
  const overviewSpan = computed<Span>(() =>
    overviewOf(window.value, history.state?.fromMs ?? null, nowMs.value),
  );
  /** What the loaded answer is of, and what is looked at until there is one. */
  const subject = computed<Subject>(() => frame.value?.subject ?? { kind: 'totals' });
  const hasHistory = computed(() => history.state !== null && history.state.fromMs !== null);

  const requests = newestWins({
    run: (settled: { window: Span; isTick: boolean }) => {
      const ranks = settled.isTick ? youngRanks(frame.value) : null;
      return askTrends(link, {
        window: settled.window,
        loaded: loadedOf(settled.window, nowMs.value),
        choice: choice.value,
        linesBy: linesBy.value,
        compareMs: comparison.value?.byMs ?? null,
        wantsForecast: hasForecast.value,
        ranks,
      });
    },
    accept: (next) => {
      frame.value = next;
      problem.value = null;
      askOverview();
    },
    fail: (error) => (problem.value = sentenceOf(error)),
  });
  const overviewRequests = newestWins({
    run: async ({ span, of }: { span: Span; of: Subject }) => ({
      span,
      subject: of,
      series: await link.call('history.query', seriesQuestion(span, OVERVIEW_POINTS, of)),
    }),
    accept: (next) => (overview.value = next),
    // The charts tell of the same trouble.
    fail: () => {},
  });
  const comparedRanks = newestWins({
    run: (span: Span) => askRanks(link, span),
    accept: (ranks) => comparison.value && (comparison.value = { ...comparison.value, ranks }),
    fail: (error) => (problem.value = sentenceOf(error)),
  });

  function mayAsk(): boolean {
    return isOpen.value && visible.value && workbench.isConnected && hasHistory.value;
  }
  let settleTimer: ReturnType<typeof setTimeout> | null = null;
  /** Asks once the window has stood still for a moment. */
  function settle(): void {
    if (settleTimer !== null) clearTimeout(settleTimer);
    settleTimer = setTimeout(() => {
      settleTimer = null;
      ask(false);
    }, SETTLE_MS);
  }
  function ask(isTick: boolean): void {
    if (!mayAsk()) return;
    requests.ask({ window: window.value, isTick });
    const { value: compared } = comparison;
    if (compared && !isTick) comparedRanks.ask(shifted(window.value, -compared.byMs));
  }
  function askOverview(): void {
    const [span, of] = [overviewSpan.value, subject.value];
    const before = overview.value;
    const isOld =
      !before ||
      !isSame(before.subject, of) ||
      Math.abs(before.span.fromMs - span.fromMs) + Math.abs(before.span.untilMs - span.untilMs) >
        (span.untilMs - span.fromMs) / OVERVIEW_POINTS;
    if (isOld) overviewRequests.ask({ span, of });
  }

  watch(
    [isOpen, visible, () => workbench.isConnected, hasHistory, choice, linesBy, () => comparison.value?.byMs],
    () => ask(false),
    { immediate: true },
  );
  watch(
    () => workbench.hostOffsetMs,
    (offsetMs, beforeMs) => {
      // What was asked for by the other offset stands in another time.
      if (endMs.value !== null) endMs.value += offsetMs - beforeMs;
      frame.value = null;
      overview.value = null;
      ask(false);
    },
  );
  watch([spanMs, endMs], settle);
  watch(
    () => history.state?.marksRevision,
    () => ask(true),
  );
  // At the right edge a step of the chart is asked for when it is over.
  watch(nowMs, (now) => {
    if (!isLive.value || settleTimer !== null || requests.isBusy) return;
    const shown = frame.value;
    if (!shown || now - shown.question.window.untilMs + aheadMs.value >= stepOf(shown)) ask(true);
  });
  onScopeDispose(() => settleTimer !== null && clearTimeout(settleTimer));

  /** Shows a window that ends at a time; at the present when that is where it ends. */
  function show(fromMs: number, untilMs: number): void {
    spanMs.value = clamp(untilMs - fromMs, MIN_SPAN_MS, MAX_SPAN_MS);
    const isAtEdge = untilMs >= nowMs.value - Math.max(1000, spanMs.value / 200);
    endMs.value = isAtEdge ? null : untilMs;
  }
  function setSpan(ms: number): void {
    const { fromMs, untilMs } = window.value;
    if (isLive.value) spanMs.value = clamp(ms, MIN_SPAN_MS, MAX_SPAN_MS);
    else {
      // What is looked at stays in sight.
      const aroundMs = cursorMs.value ?? (fromMs + untilMs) / 2;
      show(aroundMs - ms / 2, Math.min(nowMs.value, aroundMs + ms / 2));
    }
  }
  /** Moves the window; never past the present. */
  function pan(byMs: number): void {
    const untilMs = Math.min(nowMs.value, (endMs.value ?? nowMs.value) + byMs);
    show(untilMs - spanMs.value, untilMs);
  }

  async function attempt<T>(call: Promise<T>): Promise<T | null> {
    try {
      const result = await call;
      problem.value = null;
      return result;
    } catch (error) {
      problem.value = sentenceOf(error);
      return null;
    }
  }
  async function addMark(atMs: number, text: string, detail = ''): Promise<HistoryMark | null> {
    const mark = await attempt(link.call('history.mark', { atMs: Math.round(atMs), text, detail }));
    if (mark) ask(true);
    return mark;
  }
  async function startTestRun(name: string): Promise<void> {
    if (await attempt(link.call('testRun.start', { name }))) ask(true);
  }
  async function openReport(id: number): Promise<void> {
    report.value = await attempt(link.call('testRun.report', { id }));
  }
  async function stopTestRun(id: number): Promise<void> {
    if (!(await attempt(link.call('testRun.stop', { id })))) return;
    ask(true);
    await openReport(id);
  }
  function compare(byMs: number | null, words = ''): void {
    comparison.value = byMs === null ? null : { byMs, words, ranks: null };
  }
  /** Makes Headroom show what was; tells whether it could. */
  async function openMoment(atMs: number): Promise<boolean> {
    // Headroom draws it with the host's time, as it does everything.
    const hostAtMs = Math.round(atMs - workbench.hostOffsetMs);
    const answer = await attempt(hostLink.call('history.moment', { atMs: hostAtMs }));
    if (!answer) return false;
    const isShown = workbench.showMoment(answer.moment);
    if (!isShown) problem.value = 'Too little is kept of that time to draw Headroom as it was.';
    return isShown;
  }

  return {
    isOpen,
    spanMs,
    endMs,
    choice,
    linesBy,
    cursorMs,
    comparison,
    frame,
    overview,
    report,
    problem,
    nowMs,
    isLive,
    window,
    overviewSpan,
    subject,
    hasHistory,
    show,
    setSpan,
    pan,
    compare,
    addMark,
    startTestRun,
    stopTestRun,
    openReport,
    openMoment,
    refresh: () => ask(false),
  };
});

/** A window's width more on either side, up to the present. */
export function loadedOf({ fromMs, untilMs }: Span, nowMs: number): Span {
  const width = untilMs - fromMs;
  return {
    fromMs: Math.max(0, fromMs - width),
    untilMs: Math.max(fromMs + 1, Math.min(untilMs + width, nowMs + 1)),
  };
}

/** Several windows up to the present, or around a window that is further back; never emptier than it must be. */
export function overviewOf(window: Span, oldestMs: number | null, nowMs: number): Span {
  const width = (window.untilMs - window.fromMs) * OVERVIEW_WINDOWS;
  const untilMs = Math.max(window.untilMs, Math.min(nowMs, window.untilMs + width / 2));
  const fromMs = Math.max(untilMs - width, oldestMs ?? 0);
  return { fromMs: Math.min(fromMs, window.fromMs), untilMs };
}

function youngRanks(frame: TrendsFrame | null): Ranks | null {
  return frame && Date.now() - frame.ranks.atMs < RANKS_LAST_MS ? frame.ranks : null;
}

function stepOf({ series }: TrendsFrame): number {
  return Math.max(1000, series.stepMs);
}

function isSame(one: Subject, other: Subject): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
