/** A history that the test makes up: a day of seconds of the interface design's incident, answered at any fineness. */
import type { CallArgs, CallResult } from '../../preload/contract.ts';
import type {
  ConsumerRank,
  HistoryMark,
  HistorySeries,
  HistoryStateInfo,
  PoolRank,
} from '../../preload/contract-history.ts';
import type { FakeLink } from './fake-link.ts';
import { INCIDENT_AT_MS, INCIDENT_POOL_KEY, incidentSummary } from './incident.ts';
import { incidentLink } from './mount-screen.ts';

const DAY_SECONDS = 86_400;
export const OTHER_POOL_KEY = '10.0.2.7>10.0.7.3:5432';
export const CONSUMER_KEY = '4312 python3 10.0.3.12:443';
/** Seconds before the end. */
const DEPLOYED = 2700;
const WIDENED = 2222;
const KEPT_ALIVE = 1087;
const TESTED = { from: 607, until: 307 };
const GAP = { from: 3300, until: 3180 };

export interface MadeHistory {
  fromMs: number;
  untilMs: number;
  marks: HistoryMark[];
  state: HistoryStateInfo;
  /** The link that answers from it. */
  link: FakeLink;
}

type Seconds = Record<string, Float64Array>;

/** A link with the incident's summary and a day of history that ends with it. */
export function incidentHistory(seconds = DAY_SECONDS): MadeHistory {
  const untilMs = INCIDENT_AT_MS;
  const fromMs = untilMs - (seconds - 1) * 1000;
  const series = new Map<string, Seconds>([
    ['totals', madeSeconds(seconds, 1.04)],
    [`pool ${INCIDENT_POOL_KEY}`, madeSeconds(seconds, 1)],
    [`pool ${OTHER_POOL_KEY}`, madeSeconds(seconds, 0.08)],
    [`consumer ${CONSUMER_KEY}`, madeSeconds(seconds, 0.97)],
  ]);
  const marks = incidentMarks(untilMs).filter(({ atMs }) => atMs >= fromMs);
  const made: MadeHistory = { fromMs, untilMs, marks, state: stateOf(fromMs, untilMs), link: incidentLink() };
  const { link } = made;
  link
    .respond('history.state', () => made.state)
    .respond('history.query', (args) => answer(series, args, fromMs))
    .respond('history.marks', (args) => ({
      marks: made.marks.filter(
        (mark) => mark.atMs <= args.untilMs && (mark.untilMs ?? mark.atMs) >= args.fromMs,
      ),
    }))
    .respond('history.pools', () => ({ stepMs: 1000, pools: [madePool(untilMs), otherPool(untilMs)] }))
    .respond('history.consumers', () => ({ stepMs: 1000, consumers: [madeConsumer(untilMs)] }))
    .respond('history.mark', ({ atMs, text, detail }) => {
      const mark = aMark({ id: 100 + made.marks.length, kind: 'note', atMs, text, detail });
      made.marks.push(mark);
      return mark;
    })
    .respond('history.moment', ({ atMs }) => ({ moment: momentAt(atMs) }))
    .respond('testRun.start', ({ name }) => aMark({ id: 77, kind: 'test-run', atMs: untilMs, text: name }))
    .respond('testRun.stop', ({ id }) => aMark({ id, kind: 'test-run', atMs: untilMs, text: 'ab -n 20000' }))
    .respond('testRun.report', ({ id }) => madeReport(id, untilMs));
  return made;
}

export function aMark(
  change: Partial<HistoryMark> & Pick<HistoryMark, 'id' | 'kind' | 'atMs' | 'text'>,
): HistoryMark {
  return { untilMs: null, level: null, detail: '', ...change };
}

function incidentMarks(untilMs: number): HistoryMark[] {
  const at = (secondsAgo: number) => untilMs - secondsAgo * 1000;
  return [
    aMark({
      id: 1,
      kind: 'gap',
      atMs: at(GAP.from),
      untilMs: at(GAP.until),
      text: 'Not sampled',
      detail: 'Fourtuple was not running for 2 min.',
    }),
    aMark({ id: 2, kind: 'note', atMs: at(DEPLOYED), text: 'order-sync 2.14 rolled out' }),
    aMark({
      id: 3,
      kind: 'verdict',
      atMs: at(2400),
      level: 'critical',
      text: 'Critical',
      detail: 'Port pool to 10.0.3.12:443 runs out in about 2 min 10 s.',
    }),
    aMark({
      id: 4,
      kind: 'fix',
      atMs: at(WIDENED),
      text: 'Fix: wider range',
      detail: '470/s → 1,049/s sustainable',
    }),
    aMark({ id: 5, kind: 'fix', atMs: at(KEPT_ALIVE), text: 'Fix: keep-alive', detail: '560/s → 34/s' }),
    aMark({
      id: 6,
      kind: 'test-run',
      atMs: at(TESTED.from),
      untilMs: at(TESTED.until),
      text: 'Load test',
      detail: 'ab -n 20000 -c 50',
    }),
  ];
}

function stateOf(fromMs: number, untilMs: number): HistoryStateInfo {
  return {
    mode: 'recording',
    sentence: null,
    fromMs,
    untilMs,
    bytes: 43_000_000,
    maxBytes: 209_715_200,
    levels: [{ stepSeconds: 1, keepSeconds: 7200 }],
    marksRevision: 1,
    testRun: null,
    missedSamples: 0,
  };
}

/** Connections a second at so many seconds before the end. */
function rateAt(secondsAgo: number): number {
  if (secondsAgo > DEPLOYED) return 250 + 12 * Math.sin(secondsAgo / 90) + 40 * Math.sin(secondsAgo / 9000);
  if (secondsAgo > 1500) return 250 + ((DEPLOYED - secondsAgo) / 1200) * 310;
  if (secondsAgo > KEPT_ALIVE) return 560 + 6 * Math.sin(secondsAgo / 70);
  return secondsAgo < TESTED.from && secondsAgo > TESTED.until ? 100 : 34;
}

function madeSeconds(count: number, scale: number): Seconds {
  const names = [
    'used',
    'timeWait',
    'established',
    'opensPerSecond',
    'capacity',
    'sustainablePerSecond',
    'attemptFailsPerSecond',
  ];
  const columns: Seconds = Object.fromEntries(names.map((name) => [name, new Float64Array(count)]));
  let noise = 7;
  let waiting = 15_000;
  for (let index = 0; index < count; index++) {
    const secondsAgo = count - 1 - index;
    noise = (noise * 1_103_515_245 + 12_345) % 2_147_483_648;
    const rate = Math.max(1, (rateAt(secondsAgo) + ((noise / 2_147_483_648) * 2 - 1) * 14) * scale);
    const size = secondsAgo > WIDENED ? 28_232 : 62_948;
    waiting = Math.min(waiting + (rate * 60 - waiting) / 30, size * 0.97);
    const established = secondsAgo < KEPT_ALIVE ? 2027 * scale : rate * 3.62;
    const put = (name: string, value: number) => ((columns[name] ?? new Float64Array(0))[index] = value);
    put('timeWait', waiting);
    put('established', established);
    put('used', Math.min(size, waiting + established + rate * 0.08));
    put('opensPerSecond', rate);
    put('capacity', size);
    put('sustainablePerSecond', size / 60);
  }
  const aliases = { sockets: 'used', TIME_WAIT: 'timeWait', ESTABLISHED: 'established' } as const;
  for (const [name, of] of Object.entries(aliases)) columns[name] = columns[of] ?? new Float64Array(0);
  return columns;
}

function answer(
  made: ReadonlyMap<string, Seconds>,
  { fromMs, untilMs, points, series, columns }: CallArgs<'history.query'>,
  startMs: number,
): HistorySeries {
  const key =
    series.kind === 'totals'
      ? 'totals'
      : series.kind === 'pool'
        ? `pool ${series.poolKey}`
        : `consumer ${series.consumerKey}`;
  const seconds = made.get(key);
  const stepSeconds = Math.max(1, Math.ceil((untilMs - fromMs) / points / 1000));
  const stepMs = stepSeconds * 1000;
  const gap = { fromMs: INCIDENT_AT_MS - GAP.from * 1000, untilMs: INCIDENT_AT_MS - GAP.until * 1000 };
  const atMs: number[] = [];
  const length = seconds?.['used']?.length ?? 0;
  const firstMs = Math.max(Math.floor(fromMs / stepMs) * stepMs, Math.ceil(startMs / stepMs) * stepMs);
  for (let at = firstMs; at <= Math.min(untilMs, startMs + (length - 1) * 1000); at += stepMs)
    if (at < gap.fromMs || at > gap.untilMs) atMs.push(at);
  return {
    stepMs,
    fromStepMs: { finest: 1000, coarsest: 1000 },
    atMs,
    columns: columns.map((name) => ({ name, ...reduced(seconds?.[name], atMs, startMs, stepSeconds) })),
    gaps: [{ ...gap, why: 'Fourtuple was not running for 2 min.' }].filter(
      (one) => one.fromMs < untilMs && one.untilMs > fromMs,
    ),
  };
}

function reduced(
  values: Float64Array | undefined,
  atMs: readonly number[],
  startMs: number,
  stepSeconds: number,
) {
  const [min, max, mean]: (number | null)[][] = [[], [], []];
  for (const at of atMs) {
    const first = Math.round((at - startMs) / 1000);
    let [low, high, sum, told] = [Infinity, -Infinity, 0, 0];
    for (let index = first; index < first + stepSeconds; index++) {
      const value = values?.[index];
      if (value === undefined) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
      told++;
    }
    min?.push(told > 0 ? low : null);
    max?.push(told > 0 ? high : null);
    mean?.push(told > 0 ? sum / told : null);
  }
  return { min: min ?? [], max: max ?? [], mean: mean ?? [] };
}

function madePool(untilMs: number): PoolRank {
  return {
    poolKey: INCIDENT_POOL_KEY,
    target: '10.0.3.12:443',
    peakUsed: 35_634,
    peakAtMs: untilMs - 1_300_000,
    capacity: 62_948,
    peakShare: 0.97,
    meanUsed: 18_000,
    peakOpensPerSecond: 574,
    owner: { pid: 4312, process: 'python3', share: 0.97 },
  };
}

function otherPool(untilMs: number): PoolRank {
  return {
    ...madePool(untilMs),
    poolKey: OTHER_POOL_KEY,
    target: '10.0.7.3:5432',
    peakUsed: 2900,
    peakShare: 0.1,
    owner: null,
  };
}

function madeConsumer(untilMs: number): ConsumerRank {
  return {
    consumerKey: CONSUMER_KEY,
    pid: 4312,
    process: 'python3',
    commandLine: 'python3 order_sync.py',
    unit: null,
    container: null,
    runtime: 'Python',
    isGroup: false,
    poolKey: INCIDENT_POOL_KEY,
    destination: '10.0.3.12:443',
    peakSockets: 34_500,
    peakAtMs: untilMs - 1_300_000,
    meanSockets: 17_000,
    peakTimeWait: 33_000,
    peakShareOfPool: 0.95,
    opened: 19_800,
    peakOpensPerSecond: 106,
  };
}

function momentAt(atMs: number): CallResult<'history.moment'>['moment'] {
  const summary = incidentSummary({ sequence: 9, takenAtMs: atMs - 4000 });
  return {
    atMs,
    stepMs: 1000,
    totals: { sockets: 26_000, opensPerSecond: 400 },
    pools: [
      {
        poolKey: INCIDENT_POOL_KEY,
        target: '10.0.3.12:443',
        values: { used: 20_000, timeWait: 18_700, established: 1280, opensPerSecond: 390, capacity: 28_232 },
      },
    ],
    consumers: [],
    verdict: {
      atMs: atMs - 1000,
      level: 'warning',
      sentence: 'Port pool to 10.0.3.12:443 is 71% used.',
      poolKey: INCIDENT_POOL_KEY,
    },
    summary,
  };
}

export function madeReport(id: number, untilMs: number): CallResult<'testRun.report'> {
  return {
    id,
    name: 'ab -n 20000 -c 50',
    fromMs: untilMs - 300_000,
    untilMs,
    isRunning: false,
    stepMs: 1000,
    opened: 20_400,
    peakOpensPerSecond: 112,
    socketsBefore: 4100,
    peakSockets: 8300,
    pools: [{ ...madePool(untilMs), peakUsed: 8200, peakShare: 0.13 }],
    consumers: [madeConsumer(untilMs)],
    portsHeldUntilMs: untilMs + 60_000,
  };
}
