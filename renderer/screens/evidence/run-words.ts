/** Words of probes and their runs. */
import type { IconName } from '../../components/icon-names.ts';
import { formatClock, formatWorkTime } from '../../format/durations.ts';
import type { Level } from '../../format/levels.ts';
import { formatCount, formatCountOf } from '../../format/numbers.ts';
import type { FigureName, ProbeInfo, RunInfo } from '../../stores/evidence.ts';

/** Groups of the catalogue in their order. */
export const PROBE_GROUPS: readonly { group: ProbeInfo['group']; title: string; note: string }[] = [
  { group: 'sockets', title: 'Sockets', note: 'who holds which port' },
  { group: 'settings', title: 'Settings', note: 'how many ports, and for how long' },
  { group: 'counters', title: 'Counters', note: 'what the system counted since it started' },
  { group: 'owners', title: 'Owners', note: 'which program it is' },
  { group: 'path', title: 'Path', note: 'tables on the way that can fill first' },
  { group: 'misleading', title: 'Commands that mislead', note: 'beside the figure they are taken for' },
];

const FIGURE_WORDS: Record<FigureName, string> = {
  verdict: 'the verdict',
  'pool-used': 'pool used',
  'time-wait': 'TIME-WAIT',
  'new-connections': 'new connections',
  'time-to-exhaustion': 'time to exhaustion',
  range: 'the port range',
  hold: 'hold time',
  reuse: 'reuse',
  'port-map': 'the port map',
  sockets: 'sockets',
  consumers: 'top consumers',
  listeners: 'listeners',
  counters: 'counters',
  conntrack: 'conntrack',
  descriptors: 'descriptors',
};

/** "evidence for pool used, TIME-WAIT and 2 more"; '' for a probe that no figure rests on. */
export function figuresWords(figures: readonly FigureName[]): string {
  if (figures.length === 0) return '';
  const named = figures.slice(0, 3).map((figure) => FIGURE_WORDS[figure]);
  const more = figures.length - named.length;
  return `evidence for ${named.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}

/** The command as a person would type it: of a misleading one the whole pipeline. */
export function typedCommand(probe: ProbeInfo): string {
  return probe.folklore?.command ?? probe.command;
}

/** The mark before a run: a severity where something went wrong, else a line icon; null before the first run. */
export type RunMark = { level: Level } | { icon: IconName; words: string } | null;

export function runMark(run: RunInfo | null): RunMark {
  if (!run) return null;
  if (run.state === 'running') return { icon: 'play', words: 'running' };
  if (run.outcome === 'failed') return { level: 'critical' };
  if (run.outcome === 'partial') return { level: 'warning' };
  if (run.outcome === 'cancelled') return { icon: 'stop', words: 'cancelled' };
  return { icon: 'check', words: run.outcome === 'empty' ? 'ended well, no data' : 'ended well' };
}

/** "exit 0", "SIGKILL"; '–' where it has neither. */
export function exitWord(run: RunInfo): string {
  if (run.signal !== null) return run.signal;
  return run.exitCode === null ? '–' : `exit ${run.exitCode}`;
}

/** The line under a transcript: "exit 0 · 44 ms", "exit 1 · 7 ms · The firewall …". */
export function footWords(run: RunInfo): string {
  const took = run.tookMs === null ? [] : [formatWorkTime(run.tookMs)];
  const isPlain = run.outcome === 'good' && run.exitCode === 0;
  const why = isPlain || run.endSentence === null ? [] : [run.endSentence];
  return [exitWord(run), ...took, ...why, ...(run.truncated ? ['output cut'] : [])].join(' · ');
}

/** "14:32:07.204": to the millisecond, as evidence. */
export function formatMoment(atMs: number): string {
  return `${formatClock(atMs)}.${String(Math.floor(atMs) % 1000).padStart(3, '0')}`;
}

/** "9c1f…e07a" */
export function shortHash(sha256: string): string {
  return `${sha256.slice(0, 4)}…${sha256.slice(-4)}`;
}

/** Counts of the foot: how the newest runs ended. */
export function runCounts(runs: readonly RunInfo[]): { well: number; partial: number; failed: number } {
  const counts = { well: 0, partial: 0, failed: 0 };
  for (const { outcome } of runs) {
    if (outcome === 'good' || outcome === 'empty') counts.well++;
    else if (outcome === 'partial') counts.partial++;
    else if (outcome === 'failed') counts.failed++;
  }
  return counts;
}

/** "38 of 41 can run here" */
export function catalogueWords(probes: readonly ProbeInfo[]): string {
  const possible = probes.filter(({ unavailable }) => unavailable === null).length;
  if (possible === probes.length) return `${formatCountOf(probes.length, 'command')}, none changes anything`;
  return `${formatCount(possible)} of ${formatCount(probes.length)} can run here, none changes anything`;
}
