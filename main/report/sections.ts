/** What a report says, as tables and paragraphs without a format: HTML and Markdown draw the same. Pure. */
import { sayPercent, sayRate, saySustainable } from '../core/words/figures.ts';
import { formatEndpoint } from '../core/address.ts';
import type { Pool, PoolOwner, StackCounters, Summary } from '../core/model.ts';
import type { ReportInput } from './model.ts';
import { sayKnown, sayMoment } from './times.ts';

export interface ReportTable {
  caption: string;
  heads: readonly string[];
  /** Indices of columns that hold numbers, set to the right. */
  numeric: readonly number[];
  rows: readonly (readonly string[])[];
}

const POOLS = 20;
const CONSUMERS = 12;

/** Facts about the machine and the look, name and value. */
export function aboutTable({ summary, createdAtMs, timeZone, version }: ReportInput): ReportTable {
  const { target, settings, sampler, origin } = summary;
  const source =
    origin.kind === 'live' ? sampler.source : `files: ${origin.files.map(({ name }) => name).join(', ')}`;
  const rows = [
    ['Machine', target.address === null ? target.hostname : `${target.hostname} (${target.address})`],
    ['System', settings.profileName],
    ['Looked at', sayMoment(summary.takenAtMs, timeZone)],
    ['Sockets', `${sayKnown(summary.totals.sockets)}, read from ${source}`],
    ['Report made', `${sayMoment(createdAtMs, timeZone)} by Fourtuple ${version}`],
  ];
  return { caption: 'What was looked at', heads: ['', ''], numeric: [], rows };
}

/** The settings that decide how many ports there are. */
export function settingsTable({ summary }: ReportInput): ReportTable {
  const { settings, reservedCount } = summary;
  const { range, reuse } = settings;
  const modes = { off: 'off', all: 'for all connections', loopback: 'on loopback only' } as const;
  const scopes = {
    destination: 'each destination',
    address: 'each local address',
    host: 'the whole host',
  } as const;
  const ports = range.last - range.first + 1;
  const rows = [
    ['Ephemeral port range', `${range.first}–${range.last}, ${sayKnown(ports)} ports`],
    ['Reserved or excluded', `${sayKnown(reservedCount)} ports of the range`],
    ['Hold of a closed connection', `${settings.timeWaitSeconds} s (${settings.timeWaitBasis})`],
    ['Ports count for', scopes[settings.scope]],
    [
      'TIME_WAIT reuse',
      `${modes[reuse.mode]}, after ${reuse.delayMs / 1000} s; timestamps ${reuse.timestamps ? 'on' : 'off'}`,
    ],
    ['Limit of TIME_WAIT sockets', sayKnown(settings.maxTimeWaitSockets)],
  ];
  return { caption: 'Settings', heads: ['', ''], numeric: [], rows };
}

/** The fullest pools. */
export function poolsTable({ summary }: ReportInput): ReportTable {
  return {
    caption: `Port pools, fullest first (${Math.min(POOLS, summary.pools.length)} of ${sayKnown(summary.poolCount)})`,
    heads: ['From', 'To', 'Used', 'of', 'Opens/s', 'Sustainable/s', 'Largest user'],
    numeric: [2, 3, 4, 5],
    rows: summary.pools.slice(0, POOLS).map(poolRow),
  };
}

function poolRow(pool: Pool): string[] {
  return [
    pool.localAddress,
    formatEndpoint(pool.remoteAddress, pool.remotePort),
    `${sayKnown(pool.used)} (${sayPercent(pool.usedRatio)})`,
    sayKnown(pool.capacity),
    pool.openRatePerSecond === null ? '–' : sayRate(pool.openRatePerSecond),
    saySustainable(pool.sustainableRatePerSecond),
    largestUser(pool.owners[0]),
  ];
}

function largestUser(owner: PoolOwner | undefined): string {
  if (!owner || owner.process === null) return 'unknown';
  const pid = owner.pid === null ? '' : ` (pid ${owner.pid})`;
  return `${owner.process}${pid}, ${sayPercent(owner.share)} ${owner.confidence}`;
}

/** Who uses the ports. */
export function consumersTable({ summary }: ReportInput): ReportTable {
  return {
    caption: 'Top consumers',
    heads: ['Process', 'pid', 'To', 'Sockets', 'TIME_WAIT', 'Opens/s', 'Known how'],
    numeric: [1, 3, 4, 5],
    rows: summary.consumers
      .slice(0, CONSUMERS)
      .map((consumer) => [
        consumer.process ?? 'unknown',
        consumer.pid === null ? '–' : String(consumer.pid),
        consumer.destination,
        sayKnown(consumer.sockets),
        sayKnown(consumer.timeWait),
        consumer.openRatePerSecond === null ? '–' : sayRate(consumer.openRatePerSecond),
        consumer.confidence,
      ]),
  };
}

/** Sockets by state. */
export function statesTable({ summary }: ReportInput): ReportTable {
  const rows = Object.entries(summary.totals.byState)
    .sort(([, a], [, b]) => b - a)
    .map(([state, sockets]) => [state, sayKnown(sockets)]);
  return { caption: 'Sockets by state', heads: ['State', 'Sockets'], numeric: [1], rows };
}

const COUNTER_WORDS: Readonly<Record<keyof StackCounters, string>> = {
  activeOpens: 'Connections opened (ActiveOpens)',
  passiveOpens: 'Connections accepted (PassiveOpens)',
  attemptFails: 'Attempts refused or timed out (AttemptFails)',
  establishedResets: 'Connections reset (EstabResets)',
  retransmittedSegments: 'Segments sent again (RetransSegs)',
  timeWaitEntered: 'Entered TIME_WAIT (TW)',
  timeWaitRecycled: 'TIME_WAIT reused (TWRecycled)',
  timeWaitOverflow: 'TIME_WAIT skipped at the limit (TCPTimeWaitOverflow)',
  listenOverflows: 'Listen queue overflows (ListenOverflows)',
  listenDrops: 'Listen drops (ListenDrops)',
  socketStatTimeWait: 'sockstat tw',
  socketStatInUse: 'sockstat inuse, IPv4',
  socketStatInUse6: 'sockstat inuse, IPv6',
  orphans: 'Orphans, whole host',
  conntrackCount: 'Tracked connections (nf_conntrack_count)',
  conntrackMax: 'Limit of tracked connections (nf_conntrack_max)',
  fileHandlesUsed: 'File handles in use',
  fileHandlesMax: 'Limit of file handles',
};

/** Counters since boot; a dash where one could not be read. */
export function countersTable({ summary }: ReportInput): ReportTable {
  const rows = Object.entries(COUNTER_WORDS).map(([name, words]) => [
    words,
    sayKnown(summary.counters[name as keyof StackCounters]),
  ]);
  return { caption: 'Counters since boot', heads: ['Counter', 'Value'], numeric: [1], rows };
}

/** Titles of the checks that found nothing. */
export function passedChecks({ checks, summary }: ReportInput): string[] {
  const found = new Set(summary.findings.map(({ rule }) => rule));
  return checks.filter(({ rule }) => !found.has(rule)).map(({ title }) => title);
}

/** One line on how well the owners of TIME_WAIT are known. */
export function ownershipLine({ ownership }: Summary): string {
  const total = ownership.observed + ownership.inferred + ownership.unknown;
  if (total === 0) return 'No TIME_WAIT socket of a client.';
  const share = (count: number) => sayPercent(count / total);
  return `Owners of ${sayKnown(total)} TIME_WAIT sockets: ${share(ownership.observed)} observed, ${share(ownership.inferred)} inferred, ${share(ownership.unknown)} unknown.`;
}
