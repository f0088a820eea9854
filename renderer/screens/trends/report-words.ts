/** What a test run consumed, in sentences. Pure. */
import type { TestRunReport } from '../../../preload/contract-history.ts';
import { formatClock, formatDuration } from '../../format/durations.ts';
import { formatCount, formatCountOf, formatShare } from '../../format/numbers.ts';
import { processName } from '../../stores/trend-questions.ts';

export function reportSentences(report: TestRunReport, nowMs: number): string[] {
  const { opened, peakOpensPerSecond, socketsBefore, peakSockets, pools, consumers, portsHeldUntilMs } =
    report;
  const sentences: string[] = [];
  const [first] = consumers;
  if (opened !== null) {
    const most = peakOpensPerSecond === null ? '' : `, at most ${formatCount(peakOpensPerSecond)} a second`;
    sentences.push(
      `${formatCountOf(opened, 'connection was', 'connections were')} opened on this machine${most}.`,
    );
  }
  if (first && first.opened !== null && opened !== 0)
    sentences.push(
      `${processName(first)} opened ${partWords(first.opened, opened)} to ${first.destination}.`,
    );
  if (peakSockets !== null) {
    const before = socketsBefore === null ? '' : `, from ${formatCount(socketsBefore)} before`;
    sentences.push(`There were at most ${formatCountOf(peakSockets, 'socket')}${before}.`);
  }
  const [fullest] = pools;
  if (fullest)
    sentences.push(
      `The fullest pool, to ${fullest.target}, had ${formatCount(fullest.peakUsed)} of ${formatCount(fullest.capacity)} ports in use (${formatShare(fullest.peakShare)}).`,
    );
  if (portsHeldUntilMs > nowMs)
    sentences.push(
      `Ports it used stay locked until ${formatClock(portsHeldUntilMs)} at the latest, for ${formatDuration(Math.ceil((portsHeldUntilMs - nowMs) / 1000))} more.`,
    );
  return sentences;
}

/**
 * What a process or a pool had of what the whole machine had: "34", "up to 19". Its rate is smoothed over a longer time
 * than the machine's, so it may tell of connections from before the run: the machine's figure is the most it can be.
 */
export function formatPart(part: number | null, whole: number | null): string {
  if (part === null || whole === null || Math.round(part) <= Math.round(whole)) return formatCount(part);
  return `up to ${formatCount(whole)}`;
}

function partWords(part: number, whole: number | null): string {
  if (whole === null) return `about ${formatCount(part)}`;
  if (part > whole) return `${formatPart(part, whole)} of them`;
  return `about ${formatCount(part)} of them (${formatShare(part / whole)})`;
}
