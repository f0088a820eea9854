/** What every one of the 65,536 local ports is used for, one byte each. */
import { mergeRanges } from '../../core/port-range.ts';
import { SocketTimer, TcpState, type PortRange } from '../../core/model.ts';
import type { QueryContext } from './context.ts';

/** The bytes of the map; the same table as the contract's PORT_MAP_CODES. */
export const PortCode = {
  free: 0,
  established: 1,
  listen: 2,
  closeWait: 3,
  synSent: 4,
  other: 5,
  reserved: 6,
  bound: 7,
  timeWaitNoTimer: 8,
  timeWaitBase: 16,
  timeWaitSteps: 60,
} as const;

/** The contract's ports.map. */
export interface PortMap {
  takenAtMs: number;
  /** 65,536 bytes, base64. */
  ports: string;
  range: PortRange;
  /** Ports by what they are used for; `free` counts inside the range only. */
  counts: Record<string, number>;
  timeWaitSeconds: number | null;
  nextPort: number | null;
}

const PORTS = 65536;

/**
 * Answers ports.map: sockets for which `poolMatches` holds, or all when it is null. Where several share a port the most
 * telling one is shown. Listening, bound and reserved ports are there whatever the pool: it cannot use them.
 */
export function portMap(context: QueryContext, poolMatches: ((row: number) => boolean) | null): PortMap {
  const { table, settings } = context;
  const codes = paintSockets(context, poolMatches);
  for (const { first, last } of mergeRanges(settings.reserved)) {
    for (let port = Math.max(0, first); port <= Math.min(last, PORTS - 1); port++) {
      if (codes[port] === PortCode.free) codes[port] = PortCode.reserved;
    }
  }
  const hasTimers =
    !codes.includes(PortCode.timeWaitNoTimer) || codes.some((code) => code >= PortCode.timeWaitBase);
  return {
    takenAtMs: table.takenAtMs,
    ports: Buffer.from(codes.buffer).toString('base64'),
    range: { ...settings.range },
    counts: countCodes(codes, settings.range),
    timeWaitSeconds: hasTimers ? context.timeWaitSeconds : null,
    nextPort: poolMatches === null ? null : newestPort(context, poolMatches),
  };
}

function paintSockets(context: QueryContext, poolMatches: ((row: number) => boolean) | null): Uint8Array {
  const { table } = context;
  const { state, localPort, length } = table;
  const codes = new Uint8Array(PORTS);
  const ranks = codeRanks();
  for (let row = 0; row < length; row++) {
    const isFixed = state[row] === TcpState.LISTEN || state[row] === TcpState.BOUND;
    if (!isFixed && poolMatches !== null && !poolMatches(row)) continue;
    const code = codeOf(context, row);
    const port = localPort[row] ?? 0;
    if ((ranks[code] ?? 0) > (ranks[codes[port] ?? 0] ?? 0)) codes[port] = code;
  }
  // Port 0 is no port: sockets without a name yet.
  codes[0] = PortCode.free;
  return codes;
}

/** How telling each code is; of two TIME_WAIT sockets the one that ends later keeps the port longer. */
function codeRanks(): Uint8Array {
  const ranks = new Uint8Array(256);
  const { timeWaitBase, timeWaitSteps } = PortCode;
  ranks[PortCode.bound] = 1;
  ranks[PortCode.timeWaitNoTimer] = 2;
  for (let step = 0; step <= timeWaitSteps; step++) ranks[timeWaitBase + step] = 3 + step;
  ranks[PortCode.other] = 100;
  ranks[PortCode.synSent] = 101;
  ranks[PortCode.closeWait] = 102;
  ranks[PortCode.established] = 103;
  ranks[PortCode.listen] = 104;
  return ranks;
}

function codeOf({ table, timeWaitSeconds }: QueryContext, row: number): number {
  switch (table.state[row]) {
    case TcpState.ESTABLISHED:
      return PortCode.established;
    case TcpState.LISTEN:
      return PortCode.listen;
    case TcpState.CLOSE_WAIT:
      return PortCode.closeWait;
    case TcpState.SYN_SENT:
      return PortCode.synSent;
    case TcpState.BOUND:
      return PortCode.bound;
    case TcpState.TIME_WAIT: {
      if (table.timer[row] !== SocketTimer.timeWait) return PortCode.timeWaitNoTimer;
      const left = (table.expiresMs[row] ?? 0) / (timeWaitSeconds * 1000);
      return PortCode.timeWaitBase + Math.round(Math.min(1, left) * PortCode.timeWaitSteps);
    }
    default:
      return PortCode.other;
  }
}

function countCodes(codes: Uint8Array, range: PortRange): Record<string, number> {
  const tally = new Uint32Array(256);
  let free = 0;
  for (let port = 0; port < codes.length; port++) {
    const code = codes[port] ?? PortCode.free;
    tally[code] = (tally[code] ?? 0) + 1;
    if (code === PortCode.free && port >= range.first && port <= range.last) free++;
  }
  const of = (code: number) => tally[code] ?? 0;
  const { timeWaitBase, timeWaitSteps } = PortCode;
  const timed = tally
    .subarray(timeWaitBase, timeWaitBase + timeWaitSteps + 1)
    .reduce((sum, count) => sum + count, 0);
  return {
    free,
    established: of(PortCode.established),
    listen: of(PortCode.listen),
    closeWait: of(PortCode.closeWait),
    synSent: of(PortCode.synSent),
    other: of(PortCode.other),
    reserved: of(PortCode.reserved),
    bound: of(PortCode.bound),
    timeWait: timed + of(PortCode.timeWaitNoTimer),
  };
}

/** The port of the pool's latest event: a socket first seen, or closed (TIME_WAIT timers say when); null without one. */
function newestPort(
  { table, settings, timeWaitSeconds }: QueryContext,
  poolMatches: (row: number) => boolean,
) {
  const { range } = settings;
  let newest: number | null = null;
  let newestMs = -Infinity;
  for (let row = 0; row < table.length; row++) {
    const port = table.localPort[row] ?? 0;
    if (port < range.first || port > range.last || !poolMatches(row)) continue;
    const seenMs = table.firstSeenMs[row] ?? 0;
    const isTimed = table.timer[row] === SocketTimer.timeWait;
    const closedMs = table.takenMonotonicMs - timeWaitSeconds * 1000 + (table.expiresMs[row] ?? 0);
    const atMs = Math.max(seenMs === 0 ? -Infinity : seenMs, isTimed ? closedMs : -Infinity);
    if (atMs <= newestMs) continue;
    newestMs = atMs;
    newest = port;
  }
  return newest;
}
