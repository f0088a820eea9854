/** A consumer (a process towards one destination) as words. Pure. */
import type { EventPayload } from '../../preload/contract.ts';
import { formatTerm } from './filter-text.ts';
import { formatCount, formatShare } from './numbers.ts';
import { formatRate } from './rates.ts';
import { formatState } from './states.ts';

export type Consumer = EventPayload<'summary.updated'>['consumers'][number];

export interface ConsumerFact {
  name: string;
  value: string;
  /** Set in mono type. */
  isCode: boolean;
}

/** The name to call it by: "python3", "nc ×312" for processes that each lived for a moment. */
export function consumerName({ process, pid, group }: Pick<Consumer, 'process' | 'pid' | 'group'>): string {
  const name = process ?? (pid === null ? 'owner unknown' : 'process');
  return group ? `${name} ×${formatCount(group.processCount)}` : name;
}

/** Filter text for its sockets. */
export function consumerFilter({
  destination,
  pid,
  process,
}: Pick<Consumer, 'destination' | 'pid' | 'process'>): string {
  const owner = pid === null ? process && formatTerm('process', process) : `pid:${pid}`;
  return [`dst:${destination}`, owner].filter(Boolean).join(' ');
}

const CONFIDENCE_SENTENCES = {
  observed: 'seen: these sockets were open in the process',
  inferred: 'inferred from the connections to this destination that were seen open',
  unknown: 'unknown: these closed before a process was seen with them',
} as const;

/** What is shown while the pointer rests on it. */
export function consumerTitle(consumer: Consumer): string {
  return [
    consumer.commandLine,
    groupWords(consumer.group),
    consumer.unit && `Unit ${consumer.unit}`,
    consumer.container && `Container ${consumer.container}`,
    `${formatShare(consumer.shareOfPool)} of the pool`,
    `Owner ${CONFIDENCE_SENTENCES[consumer.confidence]}`,
    'Shows its sockets',
  ]
    .filter(Boolean)
    .join('\n');
}

/** Everything known of it, in reading order; what is not known is left out. */
export function consumerFacts(consumer: Consumer, platform: string): ConsumerFact[] {
  const { timeWait, established, sockets } = consumer;
  const states = [
    `${formatCount(timeWait)} ${formatState('TIME_WAIT', platform)}`,
    `${formatCount(established)} established`,
    ...(sockets > timeWait + established ? [`${formatCount(sockets - timeWait - established)} other`] : []),
  ];
  const facts: [string, string | null, boolean?][] = [
    ['Ports', `${states.join(', ')}: ${formatShare(consumer.shareOfPool)} of the pool`],
    ['Opens', consumer.openRatePerSecond === null ? 'not known yet' : formatRate(consumer.openRatePerSecond)],
    ['Requests', requestWords(consumer.requestsPerConnection)],
    ['Owner', CONFIDENCE_SENTENCES[consumer.confidence]],
    ['Processes', groupWords(consumer.group)],
    ['Runtime', consumer.runtime],
    ['Unit', consumer.unit],
    ['Container', consumer.container],
    ['Command', consumer.commandLine, true],
  ];
  return facts.flatMap(([name, value, isCode = false]) =>
    value === null || value === '' ? [] : [{ name, value, isCode }],
  );
}

/** "about 1.0 a connection". */
function requestWords(perConnection: number | null): string | null {
  if (perConnection === null) return null;
  return `about ${perConnection < 10 ? perConnection.toFixed(1) : formatCount(perConnection)} a connection`;
}

/** "at least 312, each short-lived, started by bash (pid 4711)". */
function groupWords(group: Consumer['group']): string | null {
  if (!group) return null;
  const { processCount, parentProcess, parentPid } = group;
  const parent = parentProcess ?? (parentPid === null ? null : 'a process');
  const by =
    parent === null ? '' : `, started by ${parent}${parentPid === null ? '' : ` (pid ${parentPid})`}`;
  return `at least ${formatCount(processCount)}, each short-lived${by}`;
}
