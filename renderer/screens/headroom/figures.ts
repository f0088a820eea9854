/** From a pool, its trend and the state of sampling to the four headline figures. Pure. */
import {
  durationParts,
  formatClock,
  formatDuration,
  formatForecast,
  formatHold,
  roundForecastSeconds,
  type DurationPart,
} from '../../format/durations.ts';
import type { EventPayload } from '../../../preload/contract.ts';
import { formatCount, formatCountOf, formatPercentFigure, formatShare } from '../../format/numbers.ts';
import { heldTimeWait, poolSegments, type Pool } from '../../format/pools.ts';
import { formatChangePerMinute, formatRateFigure, formatSustainable } from '../../format/rates.ts';

export interface FigureView {
  parts?: DurationPart[] | { value: string; unit?: string }[];
  words?: string;
  note?: string;
  /** The strong part of the caption, before the rest. */
  captionStrong?: string;
  caption?: string;
  aside?: { strong?: string; text?: string };
  unknownReason?: string;
}
export interface GaugeView {
  segments?: { share: number; kind: 'tw' | 'est' | 'other' | 'neutral' }[];
  band?: { from: number; to: number };
  ticks?: { at: number; kind: 'mark' | 'limit' | 'quiet' }[];
}
export interface Gauged {
  figure: FigureView;
  gauge: GaugeView;
}

/** The columns of a trend that figures need. */
export interface FigureTrend {
  atMs: number[];
  timeWait: (number | null)[];
  opensPerSecond: (number | null)[];
}

export type Thresholds = NonNullable<EventPayload<'summary.updated'>['thresholds']>;

/** Levels of the verdict where none were set, DESIGN-UI §5. */
const USUAL = { warningShare: 0.8, criticalShare: 0.9 };
const MINUTE_MS = 60_000;
/** A change a minute needs most of a minute to be one. */
const MIN_CHANGE_SPAN_MS = 40_000;

/** How full the pool is, with the levels of the verdict as ticks so that "how far to critical" can be read off. */
export function usedFigure(
  pool: Pool,
  thresholds: Pick<Thresholds, 'warningShare' | 'criticalShare'> = USUAL,
): Gauged {
  const { warningShare, criticalShare } = thresholds;
  return {
    figure: {
      parts: [{ value: formatPercentFigure(pool.usedRatio), unit: '%' }],
      note: `${formatCount(pool.used)} of ${formatCountOf(pool.capacity, 'port')}`,
      captionStrong: formatCount(Math.max(0, pool.capacity - pool.used)),
      caption: 'free',
      aside: { text: `warn ${formatShare(warningShare)} · critical ${formatShare(criticalShare)}` },
    },
    gauge: {
      segments: poolSegments(pool),
      ticks: [
        { at: warningShare, kind: 'mark' },
        { at: criticalShare, kind: 'mark' },
      ],
    },
  };
}

/** Ports of the pool in TIME_WAIT and how that changes. */
export function timeWaitFigure(pool: Pool, trend: FigureTrend | null, timeWaitSeconds: number): FigureView {
  const change = trend ? changePerMinute(trend.atMs, trend.timeWait) : null;
  const reusable = pool.reusable > 0 ? `${formatCount(pool.reusable)} more may be reused` : null;
  return {
    parts: [{ value: formatCount(heldTimeWait(pool)) }],
    note: reusable ?? (change === null ? undefined : formatChangePerMinute(change)),
    caption:
      trend && trend.atMs.length > 1
        ? `last ${formatDuration(Math.round(spanSeconds(trend.atMs)))}`
        : undefined,
    aside: { strong: formatHold(timeWaitSeconds), text: 'hold each' },
  };
}

/** How fast connections are opened, against what the pool sustains. */
export function rateFigure(pool: Pool, trend: FigureTrend | null, isImported = false): Gauged {
  const rate = pool.openRatePerSecond;
  const sustainable = pool.sustainableRatePerSecond;
  if (rate === null && isImported) {
    return { figure: { unknownReason: 'one listing tells no rate' }, gauge: {} };
  }
  if (rate === null) {
    return { figure: { unknownReason: `rate not known yet: ${basisWords(pool.rateBasis)}` }, gauge: {} };
  }
  const full = Math.max(rate, sustainable) * 1.19 || 1;
  const change = trend ? changePerMinute(trend.atMs, trend.opensPerSecond) : null;
  const isSteady = change === null || Math.abs(change) < Math.max(1, rate * 0.02);
  return {
    figure: {
      parts: [{ value: formatRateFigure(rate), unit: '/s' }],
      note: sustainable > 0 ? `of ${formatSustainable(sustainable)} sustainable` : undefined,
      caption:
        sustainable > 0
          ? `${formatCountOf(pool.capacity, 'port')} ÷ ${formatHold(pool.capacity / sustainable)}${pool.reuseEffective ? ', reused' : ''}`
          : undefined,
      aside: isSteady
        ? { text: pool.rateBasis === 'none' ? undefined : basisWords(pool.rateBasis) }
        : {
            strong: `${change > 0 ? '+' : '−'}${formatRateFigure(Math.abs(change))}/s`,
            text: 'every minute',
          },
    },
    gauge: {
      segments: [{ share: rate / full, kind: 'neutral' }],
      ticks: sustainable > 0 ? [{ at: sustainable / full, kind: 'limit' }] : [],
    },
  };
}

/** When the pool is full, or that it never will be; `hiddenBecause` while a forecast would be out of date. */
export function exhaustionFigure(pool: Pool, takenAtMs: number, hiddenBecause: string | null): Gauged {
  const { expected, inSeconds, likelySeconds, steadyState, basis } = pool.exhaustion;
  if (hiddenBecause !== null) return { figure: { unknownReason: hiddenBecause }, gauge: {} };
  if (expected && inSeconds !== null) {
    if (inSeconds <= 0) {
      return { figure: { words: 'Full now', note: 'connect() has no free port', caption: basis }, gauge: {} };
    }
    return {
      figure: {
        parts: durationParts(roundForecastSeconds(inSeconds)),
        note: `at ${formatClock(takenAtMs + inSeconds * 1000)}`,
        caption: likelySeconds
          ? `likely ${formatForecast(likelySeconds.from)} – ${formatForecast(likelySeconds.to)}`
          : basis,
        aside: likelySeconds ? { text: '80% band' } : undefined,
      },
      gauge: timeGauge(inSeconds, likelySeconds),
    };
  }
  if (pool.openRatePerSecond === null) {
    return { figure: { unknownReason: basis || 'rate not known yet' }, gauge: {} };
  }
  return { figure: willNotRunOut(pool, steadyState, basis), gauge: steadyGauge(pool, steadyState) };
}

function willNotRunOut(pool: Pool, steadyState: number | null, basis: string): FigureView {
  if (steadyState === null || pool.capacity === 0) return { words: 'Will not run out', caption: basis };
  return {
    words: 'Will not run out',
    caption: `levels off at ${formatCountOf(Math.round(steadyState), 'port')}`,
    aside: { strong: formatShare(steadyState / pool.capacity), text: 'of the pool' },
  };
}

function steadyGauge(pool: Pool, steadyState: number | null): GaugeView {
  if (pool.capacity === 0) return {};
  const ticks: GaugeView['ticks'] =
    steadyState === null ? [] : [{ at: steadyState / pool.capacity, kind: 'mark' as const }];
  return { segments: [{ share: pool.usedRatio, kind: 'neutral' }], ticks };
}

function timeGauge(inSeconds: number, likely: { from: number; to: number } | null): GaugeView {
  const latest = Math.max(inSeconds, likely?.to ?? 0) * 1.25;
  const full = [60, 300, 600, 1800, 3600, 10_800, 43_200].find((scale) => scale >= latest) ?? latest;
  return {
    band: likely ? { from: likely.from / full, to: Math.min(1, likely.to / full) } : undefined,
    ticks: [{ at: Math.min(1, inSeconds / full), kind: 'limit' }],
  };
}

/** Change over the last minute, from the mean of a few samples at each end; null when there is no minute yet. */
export function changePerMinute(atMs: number[], values: (number | null)[]): number | null {
  const end = atMs.at(-1);
  if (end === undefined) return null;
  const start = atMs.findIndex((at) => at >= end - MINUTE_MS);
  const spanMs = end - (atMs[start] ?? end);
  if (spanMs < MIN_CHANGE_SPAN_MS) return null;
  const first = mean(values.slice(start, start + 3));
  const last = mean(values.slice(-3));
  return first === null || last === null ? null : ((last - first) / spanMs) * MINUTE_MS;
}

function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function spanSeconds(atMs: number[]): number {
  return ((atMs.at(-1) ?? 0) - (atMs[0] ?? 0)) / 1000;
}

const BASIS_WORDS: Record<Pool['rateBasis'], string> = {
  'timers and dumps': 'from timers and dumps',
  timers: 'from timers',
  dumps: 'from dumps',
  'close events': 'from close events',
  counters: 'from counters',
  none: 'no samples to compare yet',
};

function basisWords(basis: Pool['rateBasis']): string {
  return BASIS_WORDS[basis];
}
