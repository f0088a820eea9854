/** The pool of a change as its charts draw it: when it changed, how many ports it had and has. Pure. */
import type { PlanInfo } from '../../../preload/contract-fixes.ts';
import type { PoolTrend } from '../../charts/change-trend.ts';
import type { BeforePicture } from '../../stores/change-pictures.ts';
import type { ChangeInfo } from '../../stores/changes.ts';
import type { TrendAnswer } from '../../stores/headroom.ts';

export interface ChangePool {
  trend: PoolTrend;
  /** Null where it is not in force (any more). */
  changedAtMs: number | null;
  capacityBefore: number | null;
  capacityAfter: number | null;
  /** Of the last sample. */
  nowMs: number;
  predicted: { atSeconds: readonly number[]; withChange: readonly number[] } | null;
  /** Shares of the pool in use at the last sample, and at the last one before the change; null where not known. */
  shareNow: number | null;
  shareBefore: number | null;
}

/** Null before there is a sample. `plan` is what was previewed, where this page still has it; `told` is of any change. */
export function poolOfChange(
  change: ChangeInfo,
  plan: PlanInfo | null,
  told: Pick<BeforePicture, 'changeId' | 'capacity' | 'curve'> | null,
  answer: TrendAnswer | null,
): ChangePool | null {
  const nowMs = answer?.trend.atMs.at(-1);
  if (!answer || nowMs === undefined) return null;
  const { trend, capacity } = answer;
  const changedAtMs = changedAt(change);
  const planned = plan?.fixId === change.fixId ? plan : null;
  const known = told?.changeId === change.changeId ? told : null;
  const hasSampleSince = changedAtMs !== null && nowMs >= changedAtMs;
  const planBefore = known?.capacity ?? planned?.effect?.capacity.now ?? null;
  // Taken back, the pool is as it was, also while it is idle and no sample has it.
  const capacityBefore = changedAtMs === null ? (capacity ?? planBefore) : planBefore;
  const capacityAfter = hasSampleSince ? capacity : null;
  const shareAt = (index: number, of: number | null) =>
    index < 0 || !of
      ? null
      : ((trend.timeWait[index] ?? 0) + (trend.established[index] ?? 0) + (trend.other[index] ?? 0)) / of;
  const before = changedAtMs === null ? -1 : trend.atMs.findLastIndex((at) => at < changedAtMs);
  return {
    trend,
    changedAtMs,
    capacityBefore,
    capacityAfter,
    nowMs,
    predicted: known?.curve ?? planned?.curve ?? null,
    shareNow: shareAt(trend.atMs.length - 1, hasSampleSince ? capacityAfter : capacityBefore),
    shareBefore: shareAt(before, capacityBefore),
  };
}

/** When the last of its steps was done, while it is in force. */
function changedAt({ phase, steps }: ChangeInfo): number | null {
  if (phase !== 'holding' && phase !== 'kept' && phase !== 'applying') return null;
  const times = steps.flatMap(({ status, atMs }) => (status === 'done' && atMs !== null ? [atMs] : []));
  return times.length === 0 ? null : Math.max(...times);
}
