/** Of what time the words beside a moment's figures are, where it is another one. Pure. */
import type { HistoryMoment } from '../../../preload/contract-history.ts';
import { isOfAnotherTime } from '../../stores/moment-summary.ts';

/**
 * "Findings and consumers as of 09:12:30", with the verdict where that is as old; none when all is of the moment.
 * `sayTime` writes a time of the host as the page does.
 */
export function otherTimeWords(
  moment: NonNullable<HistoryMoment>,
  sayTime: (atMs: number) => string,
): string[] {
  const { summary, verdict } = moment;
  if (!summary) return [];
  const saidAtMs = Math.max(summary.takenAtMs, verdict?.atMs ?? 0);
  const [lists, said] = [sayTime(summary.takenAtMs), sayTime(saidAtMs)];
  const isSaidThen = !isOfAnotherTime(saidAtMs, moment);
  if (!isOfAnotherTime(summary.takenAtMs, moment)) return [];
  if (isSaidThen) return [`Findings and consumers as of ${lists}`];
  return lists === said
    ? [`Verdict, findings and consumers as of ${lists}`]
    : [`Findings and consumers as of ${lists}`, `verdict as of ${said}`];
}
