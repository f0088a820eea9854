/** What the rules look at, gathered from one sample. */
import type { FindingEvidence, ServerTimeWait } from '../core/findings/evidence.ts';
import { PortClass, type PoolIndex } from '../core/pools.ts';
import { systemOfProfile } from '../core/profiles.ts';
import { NOT_TOLD, OwnerIndex, TcpState } from '../core/model.ts';
import type {
  Consumer,
  Pool,
  SocketOwner,
  StackCounters,
  StackSettings,
  SummaryOrigin,
  Target,
  Thresholds,
  Totals,
} from '../core/model.ts';
import type { SystemId } from '../core/readings.ts';
import type { SocketTable } from './socket-table.ts';

export interface EvidenceInput {
  table: SocketTable;
  index: PoolIndex;
  target: Target;
  origin: SummaryOrigin['kind'];
  settings: StackSettings;
  thresholds: Thresholds;
  counters: StackCounters;
  pools: readonly Pool[];
  consumers: readonly Consumer[];
  totals: Totals;
  /** Seconds since the first sample. */
  watchedSeconds: number;
  ownerOf(index: number): SocketOwner | null;
}

/** The evidence of a sample. */
export function gatherEvidence(input: EvidenceInput): FindingEvidence {
  const { table, index, settings } = input;
  const { listeners, serverTimeWait } = readServers(input);
  return {
    atMs: table.takenAtMs,
    watchedSeconds: input.watchedSeconds,
    origin: input.origin,
    system: systemOf(settings.profileId, input.target.platform),
    settings,
    capacity: index.ledger.capacity,
    reservedCount: index.ledger.reservedCount,
    thresholds: input.thresholds,
    pools: input.pools,
    poolCount: index.count,
    totals: input.totals,
    counters: input.counters,
    counterRates: {},
    consumers: input.consumers,
    listeners,
    serverTimeWait,
    piles: [],
    poolParity: [],
    processes: [],
    linux: null,
    windows: null,
    macos: null,
    surroundings: { addresses: [], container: null, cloud: null },
    connectCostMs: null,
  };
}

/** As process.platform calls systems; OpenBSD is counted as FreeBSD. */
const PLATFORMS: ReadonlyMap<string, SystemId> = new Map<string, SystemId>([
  ['linux', 'linux'],
  ['android', 'linux'],
  ['win32', 'windows'],
  ['darwin', 'macos'],
  ['freebsd', 'freebsd'],
  ['openbsd', 'freebsd'],
]);

/** The profile tells, of this machine as of files; one of a NAT in the path says nothing, and the target does. */
export function systemOf(profileId: string, platform: string): SystemId {
  return systemOfProfile(profileId) ?? PLATFORMS.get(platform) ?? 'linux';
}

function told(value: number | undefined): number | null {
  return value === undefined || value === NOT_TOLD ? null : value;
}

function fillOf(acceptQueue: number | null, backlog: number | null): number {
  return (acceptQueue ?? 0) / Math.max(1, backlog ?? 1);
}

/** Sockets that share a port (SO_REUSEPORT, several addresses) have a queue each: the fullest speaks. */
function noteListener(
  listeners: Map<number, FindingEvidence['listeners'][number]>,
  row: number,
  { table, index, ownerOf }: Pick<EvidenceInput, 'table' | 'index' | 'ownerOf'>,
): void {
  const port = table.localPort[row] ?? 0;
  const acceptQueue = told(table.receiveQueue[row]);
  const backlog = told(table.sendQueue[row]);
  const other = listeners.get(port);
  if (other && fillOf(acceptQueue, backlog) <= fillOf(other.acceptQueue, other.backlog)) return;
  const owner = ownerOf(table.owner[row] ?? OwnerIndex.unknown);
  listeners.set(port, {
    address: '',
    port,
    pid: owner?.pid ?? null,
    process: owner?.process ?? null,
    insideRange: index.ledger.classOfPort[port] === PortClass.blocked,
    acceptQueue,
    backlog,
  });
}

function readServers({
  table,
  index,
  ownerOf,
}: EvidenceInput): Pick<FindingEvidence, 'listeners' | 'serverTimeWait'> {
  const listeners = new Map<number, FindingEvidence['listeners'][number]>();
  const waiting = new Uint32Array(65536);
  const { state, localPort } = table;
  for (let row = 0; row < table.length; row++) {
    const found = state[row];
    if (found === TcpState.TIME_WAIT) waiting[localPort[row] ?? 0] = (waiting[localPort[row] ?? 0] ?? 0) + 1;
    else if (found === TcpState.LISTEN) noteListener(listeners, row, { table, index, ownerOf });
  }
  const serverTimeWait: ServerTimeWait[] = [];
  for (const [port, { process }] of listeners) {
    const sockets = waiting[port] ?? 0;
    if (sockets > 0) serverTimeWait.push({ localPort: port, process, sockets });
  }
  return {
    listeners: [...listeners.values()],
    serverTimeWait: serverTimeWait.sort((a, b) => b.sockets - a.sockets),
  };
}
