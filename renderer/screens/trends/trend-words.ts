/** Sentences of Trends: what each chart shows, how finely, what changed between two windows. Pure. */
import type { HistorySeries, HistoryStateInfo } from '../../../preload/contract-history.ts';
import { MAX_LINES } from '../../charts/history-lane.ts';
import { formatMoment, formatRange, type Span } from '../../charts/history-time.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatBytes, formatCount, formatShare, UNKNOWN_MARK } from '../../format/numbers.ts';
import {
  consumersOf,
  processName,
  shifted,
  type Ranks,
  type Subject,
  type TrendsFrame,
} from '../../stores/trend-questions.ts';
import { columnsOf, meanIn, peakIn } from './readings.ts';

/** "Pool to 10.0.3.12:443", "All sockets". */
export function subjectTitle(subject: Subject, ranks: Ranks | null): string {
  return subject.kind === 'pool' ? `Pool to ${targetOf(subject.poolKey, ranks)}` : 'All sockets';
}

/** Where a pool leads; its key ends with it where no rank tells. */
export function targetOf(poolKey: string, ranks: Ranks | null): string {
  const rank = ranks?.pools.find((one) => one.poolKey === poolKey);
  return rank?.target ?? poolKey.split('>').at(-1) ?? poolKey;
}

/** How the samples were kept and how they are drawn: "1 s samples drawn as 10 s averages". */
export function finenessWords({ stepMs, fromStepMs }: Pick<HistorySeries, 'stepMs' | 'fromStepMs'>): string {
  const { finest, coarsest } = fromStepMs;
  const name = (ms: number) => formatDuration(ms / 1000);
  const kept = finest === coarsest ? name(finest) : `${name(finest)} to ${name(coarsest)}`;
  const what = finest <= 1000 && finest === coarsest ? 'samples' : 'averages';
  return stepMs > coarsest ? `${kept} ${what} drawn as ${name(stepMs)} averages` : `${kept} ${what}`;
}

/** One sentence a chart, which states the finding. */
export function chartLabels(frame: TrendsFrame, window: Span, nowMs: number): string[] {
  const { series, subject, ranks, lines, question } = frame;
  const columns = columnsOf(frame);
  const when = formatRange({ fromMs: window.fromMs, untilMs: Math.min(window.untilMs, nowMs) }, nowMs);
  const title = subjectTitle(subject, ranks);
  const peak = peakIn(series.atMs, columns.high, window);
  const opens = peakIn(series.atMs, columns.opensHigh, window);
  const noun = subject.kind === 'pool' ? 'ports in use' : 'sockets';
  const capacity = peak ? (columns.capacity[series.atMs.indexOf(peak.atMs)] ?? null) : null;
  const of =
    capacity === null
      ? ''
      : ` of ${formatCount(capacity)} (${formatShare(Math.min(1, (peak?.value ?? 0) / capacity))})`;
  const owner = subject.kind === 'pool' ? culprit(frame) : null;
  const held = owner ? ` Most were held by ${owner}.` : '';
  const sustainable = peakIn(series.atMs, columns.sustainable, window);
  const against = sustainable ? `; the pool sustains ${formatCount(Math.floor(sustainable.value))}/s` : '';
  const by = question.linesBy === 'destination' ? 'Pools' : 'Processes';
  return [
    peak
      ? `${title}, ${when}: at most ${formatCount(peak.value)}${of} ${noun}, at ${formatMoment(peak.atMs, nowMs)}.${held}`
      : `${title}, ${when}: nothing is known of this time.`,
    opens
      ? `New connections, ${when}: at most ${formatCount(opens.value)}/s, at ${formatMoment(opens.atMs, nowMs)}${against}.`
      : `New connections, ${when}: not known.`,
    lines.length === 0
      ? `${by}, ${when}: none is kept.`
      : `${by} with most ports, ${when}: ${lines
          .slice(0, MAX_LINES)
          .map(({ name }) => name)
          .join(', ')}.`,
  ];
}

/** Who held the most of the pool in focus; null where nobody is known. */
export function culprit({ subject, ranks }: Pick<TrendsFrame, 'subject' | 'ranks'>): string | null {
  if (subject.kind !== 'pool') return null;
  const owner = ranks.pools.find(({ poolKey }) => poolKey === subject.poolKey)?.owner;
  if (owner && (owner.process !== null || owner.pid !== null)) return processName(owner);
  const [first] = consumersOf(ranks.consumers, subject)
    .filter(({ process, pid }) => process !== null || pid !== null)
    .sort((a, b) => b.peakSockets - a.peakSockets);
  return first ? processName(first) : null;
}

/** "6 h · 41 MB" of the status bar; null where nothing is kept. */
export function historySize(state: HistoryStateInfo | null): string | null {
  if (!state || state.fromMs === null || state.untilMs === null) return null;
  return `${formatSpan(state.untilMs - state.fromMs)} · ${formatBytes(state.bytes)}`;
}

/** A length of time in its largest unit: "40 s", "6 h", "12 d". */
export function formatSpan(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

export interface ChangeRow {
  name: string;
  before: string;
  after: string;
  change: string;
}

/** What the window has beside the one it is compared with, which is `byMs` earlier. */
export function changeRows(
  frame: TrendsFrame,
  window: Span,
  byMs: number,
  before: Ranks | null,
): ChangeRow[] {
  const { compared, subject, ranks } = frame;
  if (!compared) return [];
  const earlier = shifted(window, -byMs);
  const now = columnsOf(frame);
  const then = columnsOf({ subject, series: compared });
  const row = (
    name: string,
    one: number | null,
    other: number | null,
    say: (value: number) => string,
  ): ChangeRow => ({
    name,
    before: one === null ? UNKNOWN_MARK : say(one),
    after: other === null ? UNKNOWN_MARK : say(other),
    change: changeWords(one, other),
  });
  const mean = (of: 'then' | 'now', key: 'used' | 'opens' | 'fails') =>
    of === 'then' ? meanIn(compared.atMs, then[key], earlier) : meanIn(frame.series.atMs, now[key], window);
  const peak = (of: 'then' | 'now', key: 'high' | 'opensHigh') =>
    (of === 'then' ? peakIn(compared.atMs, then[key], earlier) : peakIn(frame.series.atMs, now[key], window))
      ?.value ?? null;
  const noun = subject.kind === 'pool' ? 'Ports in use' : 'Sockets';
  const rate = (value: number) => `${formatCount(value)}/s`;
  const rows = [
    row(`${noun}, mean`, mean('then', 'used'), mean('now', 'used'), formatCount),
    row(`${noun}, most`, peak('then', 'high'), peak('now', 'high'), formatCount),
    row('Opens, mean', mean('then', 'opens'), mean('now', 'opens'), rate),
    row('Opens, most', peak('then', 'opensHigh'), peak('now', 'opensHigh'), rate),
  ];
  if (subject.kind === 'totals')
    rows.push(row('Failures', mean('then', 'fails'), mean('now', 'fails'), rate));
  // Of a time that is not kept nothing is known: no process had 0 in it.
  const [isThenKnown, isNowKnown] = [mean('then', 'used') !== null, mean('now', 'used') !== null];
  for (const { name, one, other } of processRows(ranks, before, subject))
    rows.push(row(name, isThenKnown ? one : null, isNowKnown ? other : null, formatCount));
  return rows;
}

const PROCESS_ROWS = 3;

function processRows(now: Ranks, before: Ranks | null, subject: Subject) {
  if (!before) return [];
  const sums = (ranks: Ranks) => {
    const found = new Map<string, number>();
    for (const { process, peakSockets } of consumersOf(ranks.consumers, subject))
      found.set(process ?? 'unknown', (found.get(process ?? 'unknown') ?? 0) + peakSockets);
    return found;
  };
  const [earlier, later] = [sums(before), sums(now)];
  return [...new Set([...later.keys(), ...earlier.keys()])]
    .map((name) => ({ name, one: earlier.get(name) ?? 0, other: later.get(name) ?? 0 }))
    .sort((a, b) => Math.max(b.one, b.other) - Math.max(a.one, a.other))
    .slice(0, PROCESS_ROWS);
}

/** "−93%", "+12%", "none", "× 12" where percent get unwieldy. */
export function changeWords(before: number | null, after: number | null): string {
  if (before === null || after === null) return UNKNOWN_MARK;
  if (Math.abs(after - before) < 0.5) return 'none';
  if (before < 0.5) return 'new';
  if (after >= before * 10) return `× ${formatCount(after / before)}`;
  const percent = Math.round((after / before - 1) * 100);
  return percent === 0 ? 'none' : `${percent < 0 ? '−' : '+'}${Math.abs(percent)}%`;
}
