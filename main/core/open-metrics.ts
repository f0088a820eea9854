/**
 * A summary as OpenMetrics text, for those who scrape. What is not known is left out, never 0. Pure.
 * Source: OpenMetrics 1.0 (github.com/prometheus/OpenMetrics, specification/OpenMetrics.md).
 */
import { TCP_STATE_NAMES, type Consumer, type Level, type Pool, type Summary } from './model.ts';
import { sayPoolTarget } from './words/pool-target.ts';

export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

type Labels = Readonly<Record<string, string>>;
interface Point {
  labels: Labels;
  value: number | null;
}

interface Family {
  name: string;
  unit?: 'seconds' | 'ports';
  help: string;
  points: readonly Point[];
}

const LEVELS: Record<Level, number | null> = { ok: 0, notice: 1, warning: 2, critical: 3, unknown: null };

/** All that are counted: one that no socket is in is known to be 0, and a series that comes and goes alerts nobody. */
const STATES = TCP_STATE_NAMES.slice(1);

/** The whole exposition, with the mark of its end. */
export function openMetrics(summary: Summary, version: string): string {
  const families = [
    // Not of type info: the plain text format that node_exporter's textfile collector reads has no such type.
    gauge('fourtuple_build_info', 'The version that measured this.', [{ labels: { version }, value: 1 }]),
    ...machineFamilies(summary),
    ...poolFamilies(summary.pools),
    processFamily(summary.consumers),
  ];
  return `${families.map(writeFamily).join('')}# EOF\n`;
}

function machineFamilies({ totals, rates, settings, reservedCount, verdict, findings, takenAtMs }: Summary) {
  const ports = settings.range.last - settings.range.first + 1 - reservedCount;
  return [
    gauge('fourtuple_verdict_level', '0 ok, 1 notice, 2 warning, 3 critical.', [only(LEVELS[verdict.level])]),
    gauge(
      'fourtuple_findings',
      'Findings by rule and level.',
      countBy(findings.map(({ rule, level }) => ({ rule, level }))),
    ),
    gauge(
      'fourtuple_sockets',
      'TCP sockets by state.',
      STATES.map((state) => ({ labels: { state }, value: totals.byState[state] ?? 0 })),
    ),
    gauge('fourtuple_opens_per_second', 'Connections that this machine opens a second.', [
      only(rates.opensPerSecond),
    ]),
    gauge('fourtuple_closes_per_second', 'Connections that end a second.', [only(rates.closesPerSecond)]),
    {
      ...gauge('fourtuple_range_ports', 'Ports of the range, less those reserved.', [only(ports)]),
      unit: 'ports',
    },
    {
      ...gauge('fourtuple_time_wait_seconds', 'How long a closed connection locks its port.', [
        only(settings.timeWaitSeconds),
      ]),
      unit: 'seconds',
    },
    {
      ...gauge('fourtuple_sample_timestamp_seconds', 'When this was measured, seconds since 1970.', [
        only(takenAtMs / 1000),
      ]),
      unit: 'seconds',
    },
  ] satisfies Family[];
}

function poolFamilies(pools: readonly Pool[]): Family[] {
  const each = (value: (pool: Pool) => number | null): Point[] =>
    pools.map((pool) => ({
      labels: { source: pool.localAddress, destination: sayPoolTarget(pool) },
      value: value(pool),
    }));
  return [
    {
      ...gauge(
        'fourtuple_pool_capacity_ports',
        'Ports of the pool.',
        each(({ capacity }) => capacity),
      ),
      unit: 'ports',
    },
    {
      ...gauge(
        'fourtuple_pool_used_ports',
        'Ports that cannot be handed out now.',
        each(({ used }) => used),
      ),
      unit: 'ports',
    },
    {
      ...gauge(
        'fourtuple_pool_time_wait_ports',
        'Ports in TIME_WAIT.',
        each(({ byState }) => byState.TIME_WAIT ?? 0),
      ),
      unit: 'ports',
    },
    gauge(
      'fourtuple_pool_opens_per_second',
      'Connections opened a second.',
      each(({ openRatePerSecond }) => openRatePerSecond),
    ),
    gauge(
      'fourtuple_pool_sustainable_opens_per_second',
      'Connections a second that the pool bears for ever: ports / hold.',
      each(({ sustainableRatePerSecond }) => sustainableRatePerSecond),
    ),
    {
      ...gauge(
        'fourtuple_pool_exhaustion_seconds',
        'Estimate: seconds until the pool is full at the present rate; absent when it does not fill.',
        each(({ exhaustion }) => (exhaustion.expected ? exhaustion.inSeconds : null)),
      ),
      unit: 'seconds',
    },
  ];
}

/** By process and destination, without pids: a pid a label would make a new series of each restart. */
function processFamily(consumers: readonly Consumer[]): Family {
  const sums = new Map<string, Point & { value: number }>();
  for (const { process, destination, sockets } of consumers) {
    const labels = { process: process ?? 'unknown', destination };
    const key = JSON.stringify(labels);
    sums.set(key, { labels, value: (sums.get(key)?.value ?? 0) + sockets });
  }
  return {
    ...gauge('fourtuple_process_ports', 'Ports in use by process and destination, the largest.', [
      ...sums.values(),
    ]),
    unit: 'ports',
  };
}

function countBy(items: readonly Labels[]): Point[] {
  const counts = new Map<string, Point & { value: number }>();
  for (const labels of items) {
    const key = JSON.stringify(labels);
    counts.set(key, { labels, value: (counts.get(key)?.value ?? 0) + 1 });
  }
  return [...counts.values()];
}

function gauge(name: string, help: string, points: readonly Point[]): Family {
  return { name, help, points };
}

function only(value: number | null): Point {
  return { labels: {}, value };
}

function writeFamily({ name, unit, help, points }: Family): string {
  const known = points.filter(({ value }) => value !== null && Number.isFinite(value));
  if (known.length === 0) return '';
  const head = [
    `# TYPE ${name} gauge`,
    ...(unit ? [`# UNIT ${name} ${unit}`] : []),
    `# HELP ${name} ${help}`,
  ];
  return `${[...head, ...known.map(({ labels, value }) => `${name}${writeLabels(labels)} ${value}`)].join('\n')}\n`;
}

function writeLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
