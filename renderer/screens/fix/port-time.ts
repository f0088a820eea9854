/** What one port does with its time, in shares and words. Pure. */
import type { Understanding } from '../../../preload/contract-fixes.ts';
import { formatDuration, formatHold } from '../../format/durations.ts';
import { formatCount, formatShare } from '../../format/numbers.ts';
import { formatRate } from '../../format/rates.ts';

export interface PortTime {
  openSeconds: number;
  waitSeconds: number;
  /** Of the time that a port is taken. */
  openShare: number;
  openWords: string;
  waitWords: string;
  sentence: string;
}

/** Null where it is not known how long a connection lives. */
export function portTime(
  input: Pick<Understanding, 'closesFirst' | 'openSeconds' | 'waitSeconds' | 'opensPerSecond' | 'capacity'>,
): PortTime | null {
  const { openSeconds } = input;
  const waits = input.closesFirst === 'this side' || input.closesFirst === 'both';
  const waitSeconds = waits ? input.waitSeconds : 0;
  if (openSeconds === null || waitSeconds === null) return null;
  const taken = openSeconds + waitSeconds;
  if (taken <= 0) return null;
  const openShare = openSeconds / taken;
  return {
    openSeconds,
    waitSeconds,
    openShare,
    openWords: `${formatDuration(openSeconds)} in use, ${sayShare(openShare)}`,
    waitWords:
      waitSeconds === 0 ? 'free at once' : `${formatHold(waitSeconds)} waiting, ${sayShare(1 - openShare)}`,
    sentence: sentenceOf(input, openSeconds, waitSeconds),
  };
}

/** The last percent in tenths, so that two shares never say more than all. */
function sayShare(share: number): string {
  return share > 0.99 && share < 1 ? `${Math.min(99.9, Math.round(share * 1000) / 10)}%` : formatShare(share);
}

function sentenceOf(
  { opensPerSecond: rate, capacity }: Pick<Understanding, 'opensPerSecond' | 'capacity'>,
  openSeconds: number,
  waitSeconds: number,
): string {
  if (rate === null || rate === 0) return 'How many that takes depends on the rate, which is not known.';
  const busy = roundTwo(rate * (openSeconds + waitSeconds));
  const working = waitSeconds === 0 ? 'all' : formatCount(roundTwo(rate * openSeconds));
  // More than there are cannot be busy.
  const keep = capacity !== null && busy > capacity ? 'would keep' : 'keep';
  const ports = busy === 1 ? 'port' : 'ports';
  return `So ${formatRate(rate).replace('/s', ' connections/s')} ${keep} about ${formatCount(busy)} ${ports} busy, ${working} of them doing work.`;
}

/** To two figures: these are estimates. At least one. */
function roundTwo(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.max(1, Math.round(count / step) * step);
}
