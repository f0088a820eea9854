/** What can run out besides ports, and which of it binds first. */
import { boundless, deriveFigures, finiteOrNull } from './figures.ts';
import type { LimitId, WhatIfEffective, WhatIfLimit } from './model.ts';

/**
 * Seconds that Linux connection tracking keeps a closed connection (nf_conntrack_tcp_timeout_time_wait, docs.kernel.org
 * nf_conntrack-sysctl) and that Cloud NAT keeps its port: 120 by default. Here also for an unnamed source NAT.
 */
export const TRACKED_SECONDS = 120;

interface Need {
  id: LimitId;
  title: string;
  capacity: number;
  /** Entries that one request per second keeps occupied. */
  perRequestRate: number;
  note: string;
}

/** Every limit that is known of, lowest rate first. Ports are always among them. */
export function limitsOf(load: WhatIfEffective): WhatIfLimit[] {
  const limits = needsOf(load).map((need) => limitOf(need, load.ratePerSecond));
  limits.sort((a, b) => (a.holdsRatePerSecond ?? Infinity) - (b.holdsRatePerSecond ?? Infinity));
  return limits.map((limit, index) => ({
    ...limit,
    isFirst: index === 0 && limit.holdsRatePerSecond !== null,
  }));
}

function limitOf({ id, title, capacity, perRequestRate, note }: Need, ratePerSecond: number): WhatIfLimit {
  const needed = ratePerSecond * perRequestRate;
  return {
    id,
    title,
    capacity,
    needed: Math.ceil(needed - 1e-9),
    share: needed / capacity,
    holdsRatePerSecond: perRequestRate > 0 ? finiteOrNull(boundless(capacity / perRequestRate)) : null,
    isFirst: false,
    holds: needed <= capacity * (1 + 1e-12),
    note,
  };
}

function needsOf(load: WhatIfEffective): Need[] {
  const figures = deriveFigures(load);
  const { limits, connectionSeconds, requestsPerConnection, activeCloseShare } = load;
  const per = (seconds: number) => seconds / requestsPerConnection;
  const ports: Need = {
    id: 'ports',
    title: figures.poolCount === 1 ? 'Ports' : `Ports of ${figures.poolCount} pools`,
    capacity: figures.capacity,
    perRequestRate: per(figures.lockSeconds),
    note: `connect() fails: ${load.errorOnExhaustion}`,
  };
  const others: (Omit<Need, 'capacity'> & { capacity: number | null })[] = [
    {
      id: 'snat',
      title: 'SNAT ports',
      capacity: limits.snatPorts === null ? null : limits.snatPorts * load.destinations,
      perRequestRate: per(connectionSeconds + TRACKED_SECONDS),
      note: `new connections time out; a port counts as kept for ${TRACKED_SECONDS} s after the close`,
    },
    {
      id: 'conntrack',
      title: 'Conntrack entries',
      capacity: limits.conntrackEntries,
      perRequestRate: per(connectionSeconds + TRACKED_SECONDS),
      note: `“nf_conntrack: table full, dropping packet”; an entry stays ${TRACKED_SECONDS} s after the close`,
    },
    {
      id: 'file-descriptors',
      title: 'File descriptors',
      capacity: limits.fileDescriptors,
      perRequestRate: per(connectionSeconds),
      note: 'socket() fails: EMFILE; each open connection needs one, a closed one none',
    },
    {
      id: 'time-wait-sockets',
      title: 'TIME_WAIT sockets',
      capacity: timeWaitLimit(load, figures.capacity),
      perRequestRate: per(activeCloseShare * load.timeWaitSeconds),
      note: 'no error: above tcp_max_tw_buckets a closed socket skips TIME_WAIT and its protection',
    },
    {
      id: 'connection-pool',
      title: 'Pooled connections',
      capacity: limits.connectionPool,
      perRequestRate: load.holdSeconds,
      note: 'requests wait for a free connection',
    },
  ];
  return [
    ports,
    ...others.flatMap((need) => (need.capacity === null ? [] : [{ ...need, capacity: need.capacity }])),
  ];
}

/** Where reuse works, TIME_WAIT never outgrows the ports: a limit above them cannot be reached. */
function timeWaitLimit({ limits, isReuseEffective }: WhatIfEffective, portCapacity: number): number | null {
  const { timeWaitSockets } = limits;
  return timeWaitSockets !== null && isReuseEffective && portCapacity <= timeWaitSockets
    ? null
    : timeWaitSockets;
}
