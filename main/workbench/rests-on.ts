/** Which lines of an output the figures rest on that its probe is evidence for. */
import { TcpState } from '../core/model.ts';
import type { Fact, SocketReading } from '../core/readings.ts';
import type { FigureId } from '../probes/probe.ts';

/** Figures for which every socket counts. */
const EVERY_SOCKET: ReadonlySet<FigureId> = new Set([
  'verdict',
  'pool-used',
  'new-connections',
  'time-to-exhaustion',
  'port-map',
  'sockets',
  'consumers',
]);

/** Names of settings that decide how many ports there are and how long one is held, on any system. */
const SETTINGS =
  /ip_local_port_range|ip_local_reserved_ports|tcp_tw_reuse|tcp_max_tw_buckets|tcp_timestamps|portrange|\.msl$|MaxUserPort|TcpTimedWaitDelay|conntrack_(max|tcp_timeout_time_wait)|file-(max|nr)/i;

/** Counters that the workbench shows or checks its own figures with. */
const COUNTERS: ReadonlySet<string> = new Set([
  'ActiveOpens',
  'PassiveOpens',
  'AttemptFails',
  'EstabResets',
  'RetransSegs',
  'CurrEstab',
  'TW',
  'TWRecycled',
  'TWKilled',
  'TCPTimeWaitOverflow',
  'ListenOverflows',
  'ListenDrops',
  'inuse',
  'orphan',
  'tw',
  'timewait',
  'estab',
  'entries',
  'nf_conntrack_count',
  'nf_conntrack_max',
]);

/** Whether this socket's line is one that the figures rest on. */
export function socketCounts({ state }: Pick<SocketReading, 'state'>, figures: readonly FigureId[]): boolean {
  return figures.some((figure) => {
    if (figure === 'time-wait' || figure === 'hold') return state === TcpState.TIME_WAIT;
    if (figure === 'listeners') return state === TcpState.LISTEN;
    return EVERY_SOCKET.has(figure);
  });
}

/** Whether this fact's line is one that the figures rest on. */
export function factCounts(fact: Fact, figures: readonly FigureId[]): boolean {
  if (figures.length === 0) return false;
  switch (fact.kind) {
    case 'setting':
    case 'absent':
      return SETTINGS.test(fact.name);
    case 'registry':
      return true;
    case 'counter': {
      // Tools that tell of nothing else.
      if (figures.includes('conntrack') || figures.includes('descriptors')) return true;
      const name = fact.name.replace(/^(Tcp|TcpExt)/, '');
      return COUNTERS.has(fact.name) || COUNTERS.has(name);
    }
    case 'dynamic-ports':
      return fact.protocol !== 'udp';
    case 'tracked-flow':
      return figures.includes('conntrack');
    case 'process':
      return figures.includes('consumers');
    case 'note':
      return false;
    default:
      return true;
  }
}
