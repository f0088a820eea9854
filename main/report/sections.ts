/** What a report says, as tables and paragraphs without a format: HTML and Markdown draw the same. Pure. */
import { THRESHOLDS } from '../core/assess.ts';
import { sayDuration, sayPercent, sayRate, saySustainable } from '../core/words/figures.ts';
import { sayPoolTarget } from '../core/words/pool-target.ts';
import type { Finding, Pool, PoolOwner, StackCounters, Summary, Thresholds } from '../core/model.ts';
import type { ReportInput, ReportTranscript } from './model.ts';
import { sayKnown, sayMoment } from './times.ts';

export interface ReportTable {
  caption: string;
  heads: readonly string[];
  /** Indices of columns that hold numbers, set to the right. */
  numeric: readonly number[];
  rows: readonly (readonly string[])[];
  /** A share 0–1 a row, drawn beside it where there are pictures. */
  shares?: { values: readonly number[]; thresholds: Thresholds };
  /** Said instead of a table without rows; without it nothing is. */
  empty?: string;
}

const POOLS = 20;
const CONSUMERS = 12;
const LISTENERS = 50;
const SOCKETS = 1000;

/** Facts about the machine and the look, name and value. */
export function aboutTable({ summary, createdAtMs, timeZone, version }: ReportInput): ReportTable {
  const { target, settings, sampler, origin } = summary;
  const source =
    origin.kind === 'live' ? sampler.source : `files: ${origin.files.map(({ name }) => name).join(', ')}`;
  const { thresholds } = summary;
  const rows = [
    ['Machine', target.address === null ? target.hostname : `${target.hostname} (${target.address})`],
    ['System', settings.profileName],
    ['Looked at', sayMoment(summary.takenAtMs, timeZone)],
    ['Sockets', `${sayKnown(summary.totals.sockets)}, read from ${source}`],
    ['Report made', `${sayMoment(createdAtMs, timeZone)} by Fourtuple ${version}`],
    ...(thresholds ? [['Judged by', sayThresholds(thresholds)]] : []),
  ];
  return { caption: 'What was looked at', heads: ['', ''], numeric: [], rows };
}

/** Where they are not the usual ones. */
function sayThresholds(thresholds: Thresholds): string {
  const { warningShare, criticalShare, warningSeconds, criticalSeconds, warningRateShare } = thresholds;
  return [
    `a pool is a warning from ${sayPercent(warningShare)} and critical from ${sayPercent(criticalShare)}`,
    `when it runs out within ${sayDuration(warningSeconds)} or ${sayDuration(criticalSeconds)}`,
    `or opens at ${sayPercent(warningRateShare)} of its sustainable rate (set on this machine)`,
  ].join(', ');
}

export interface KeyFigure {
  name: string;
  value: string;
  aside: string;
}

/** The figures that the verdict rests on, of the pool it speaks of or else the fullest. */
export function keyFigures({ summary }: ReportInput): KeyFigure[] {
  const { pools, verdict, settings, totals, rates } = summary;
  const pool = pools.find(({ key }) => key === verdict.poolKey) ?? pools[0];
  const waiting = totals.byState.TIME_WAIT ?? 0;
  const opens = pool ? pool.openRatePerSecond : rates.opensPerSecond;
  const { expected = false, inSeconds = null } = pool?.exhaustion ?? {};
  return [
    {
      name: 'Pool used',
      value: pool ? sayPercent(pool.usedRatio) : '–',
      aside: pool ? `${sayKnown(pool.used)} of ${sayKnown(pool.capacity)} ports` : 'no pool in use',
    },
    {
      name: 'TIME_WAIT',
      value: sayKnown(pool ? (pool.byState.TIME_WAIT ?? 0) : waiting),
      aside: `${sayKnown(waiting)} on the whole machine`,
    },
    {
      name: 'New connections',
      value: opens === null ? 'not known' : `${sayRate(opens)}/s`,
      aside: pool
        ? `${saySustainable(pool.sustainableRatePerSecond)}/s can be kept`
        : `a port is held ${settings.timeWaitSeconds} s`,
    },
    {
      name: 'Full in',
      value: !expected
        ? 'not expected'
        : inSeconds === null
          ? 'not known'
          : inSeconds === 0
            ? 'now'
            : sayDuration(inSeconds),
      aside: pool ? sayPoolTarget(pool) : 'no pool in use',
    },
  ];
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
  const shown = Math.min(POOLS, summary.pools.length);
  return {
    caption:
      shown === 0 ? 'Port pools' : `Port pools, fullest first (${shown} of ${sayKnown(summary.poolCount)})`,
    heads: ['From', 'To', 'Used', 'of', 'TIME_WAIT', 'Opens/s', 'Sustainable/s', 'Full in', 'Largest user'],
    numeric: [2, 3, 4, 5, 6, 7],
    rows: summary.pools.slice(0, POOLS).map(poolRow),
    shares: {
      values: summary.pools.slice(0, POOLS).map(({ usedRatio }) => usedRatio),
      thresholds: summary.thresholds ?? THRESHOLDS,
    },
    empty: 'No outgoing connection: no pool is in use.',
  };
}

function poolRow(pool: Pool): string[] {
  const { inSeconds } = pool.exhaustion;
  return [
    pool.localAddress || 'any',
    sayPoolTarget(pool),
    `${sayKnown(pool.used)} (${sayPercent(pool.usedRatio)})`,
    sayKnown(pool.capacity),
    sayKnown(pool.byState.TIME_WAIT ?? 0),
    pool.openRatePerSecond === null ? '–' : sayRate(pool.openRatePerSecond),
    saySustainable(pool.sustainableRatePerSecond),
    inSeconds === null ? '–' : inSeconds === 0 ? 'full' : sayDuration(inSeconds),
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
    heads: ['Process', 'pid', 'To', 'Sockets', 'TIME_WAIT', 'Opens/s', 'Of the pool', 'Known how'],
    numeric: [1, 3, 4, 5, 6],
    rows: summary.consumers
      .slice(0, CONSUMERS)
      .map((consumer) => [
        consumer.process ?? 'unknown',
        consumer.pid === null ? '–' : String(consumer.pid),
        consumer.destination,
        sayKnown(consumer.sockets),
        sayKnown(consumer.timeWait),
        consumer.openRatePerSecond === null ? '–' : sayRate(consumer.openRatePerSecond),
        sayPercent(consumer.shareOfPool),
        consumer.confidence,
      ]),
    empty: 'No process with outgoing connections was seen.',
  };
}

/** What the consumers run as: service, container, command line. */
export function programsTable({ summary }: ReportInput): ReportTable {
  const seen = new Map<string, string[]>();
  for (const consumer of summary.consumers.slice(0, CONSUMERS)) {
    const { process, pid, unit, container, commandLine, group, requestsPerConnection: requests } = consumer;
    if ([unit, container, commandLine, group, requests].every((part) => part === null)) continue;
    const name = process ?? 'unknown';
    const runsIn = [unit, container === null ? null : `container ${container}`].filter(
      (part) => part !== null,
    );
    const cells = [
      name,
      pid === null ? '–' : String(pid),
      runsIn.join(', ') || '–',
      requests === null ? '–' : sayRate(requests),
      commandLine ?? '–',
    ];
    seen.set(`${pid ?? ''} ${name}`, cells);
  }
  return {
    caption: 'Their programs',
    heads: ['Process', 'pid', 'Service or container', 'Requests per connection', 'Command line'],
    numeric: [1, 3],
    rows: [...seen.values()],
  };
}

/** Servers whose port an outgoing connection could otherwise have been given. */
export function listenersTable({ summary }: ReportInput): ReportTable {
  const inside = summary.listeners.filter(({ insideRange }) => insideRange);
  return {
    caption: `Listening inside the ephemeral range (${inside.length} of ${summary.listeners.length} listeners)`,
    heads: ['Port', 'Process'],
    numeric: [0],
    rows: inside.slice(0, LISTENERS).map(({ port, process }) => [String(port), process ?? 'unknown']),
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

/** Counters since boot that could be read. */
export function countersTable({ summary }: ReportInput): ReportTable {
  const rows = Object.entries(COUNTER_WORDS).flatMap(([name, words]) => {
    const value = summary.counters[name as keyof StackCounters];
    return value === null ? [] : [[words, sayKnown(value)]];
  });
  return {
    caption: 'Counters since boot',
    heads: ['Counter', 'Value'],
    numeric: [1],
    rows,
    empty: 'No counter could be read.',
  };
}

/** The list of sockets, as far as a document can carry it. */
export function socketsTable({ sockets }: ReportInput): ReportTable | null {
  if (sockets === null) return null;
  const at = (head: string) => sockets.heads.indexOf(head);
  const columns = [
    { head: 'State', index: at('state') },
    { head: 'Local', index: at('local_address'), port: at('local_port') },
    { head: 'Remote', index: at('remote_address'), port: at('remote_port') },
    { head: 'Process', index: at('process') },
    { head: 'pid', index: at('pid') },
    { head: 'Known how', index: at('owner_confidence') },
    { head: 'Timer', index: at('timer') },
    { head: 's left', index: at('timer_seconds') },
  ];
  const shown = sockets.rows.slice(0, SOCKETS);
  const more = sockets.rows.length > SOCKETS ? `the first ${sayKnown(SOCKETS)} of ` : '';
  return {
    caption: `Sockets: ${more}${sayKnown(sockets.rows.length)}${more === '' ? '' : '; the CSV report has all'}`,
    heads: columns.map(({ head }) => head),
    numeric: [4, 7],
    rows: shown.map((row) =>
      columns.map(({ index, port }) => {
        const cell = row[index] ?? '';
        if (port === undefined) return cell;
        return cell === '' ? '–' : `${cell.includes(':') ? `[${cell}]` : cell}:${row[port] || '*'}`;
      }),
    ),
    empty: 'There is no socket.',
  };
}

/** Indices of the transcripts that show what a finding rests on. */
export function transcriptsOf({ figures }: Finding, transcripts: readonly ReportTranscript[]): number[] {
  return [...transcripts.keys()].filter((at) =>
    transcripts[at]?.figures.some((figure) => figures.includes(figure)),
  );
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

/** What a trend shows. */
export function trendTitle(pool: Pool | null): string {
  if (pool === null) return 'All pools';
  const from = pool.localAddress !== '' && pool.remoteAddress !== '' ? ` from ${pool.localAddress}` : '';
  return `Pool to ${sayPoolTarget(pool)}${from}`;
}
