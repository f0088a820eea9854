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
  if (first && first.opened !== null) {
    // Rates of a process and of the machine come from different sources: a part may exceed the whole a little.
    const isPart = opened !== null && opened >= first.opened && opened > 0;
    const share = isPart ? ` of them (${formatShare(first.opened / opened)})` : '';
    sentences.push(
      `${processName(first)} opened ${formatCount(first.opened)}${share} to ${first.destination}.`,
    );
  }
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
