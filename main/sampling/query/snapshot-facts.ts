/** What queries derive from a dump once and use again until the next: address ranks, owners, listening ports. */
import { OwnerIndex, TcpState, type SocketOwner } from '../../core/model.ts';
import type { SocketTable } from '../socket-table.ts';
import { indexAddresses, type AddressIndex, type Side } from './address-index.ts';
import type { QueryContext } from './context.ts';

/** Orderings kept a snapshot: scrolling asks for the same one again and again. */
const MAX_REMEMBERED = 4;

/** Facts of one snapshot; each is computed at first use. */
export class SnapshotFacts {
  private readonly addresses = new Map<Side, AddressIndex>();
  private ownerList: OwnerList | null = null;
  private listening: Uint8Array | null = null;
  private readonly remembered = new Map<string, unknown>();
  private readonly context: QueryContext;
  readonly snapshotId: number;
  readonly rows: number;

  constructor(context: QueryContext) {
    this.context = context;
    this.snapshotId = context.table.snapshotId;
    this.rows = context.table.length;
  }

  addressIndex(side: Side): AddressIndex {
    const known = this.addresses.get(side);
    if (known !== undefined) return known;
    const index = indexAddresses(this.context.table, side);
    this.addresses.set(side, index);
    return index;
  }

  get owners(): OwnerList {
    this.ownerList ??= listOwners(this.context);
    return this.ownerList;
  }

  /** 1 for each port somebody listens on. */
  get listeningPorts(): Uint8Array {
    this.listening ??= findListeningPorts(this.context.table);
    return this.listening;
  }

  /** The value made for this key before, or a new one; only the last few of a kind are kept. */
  remember<T>(kind: string, key: string, make: () => T): T {
    const slot = `${kind}\n${key}`;
    const known = this.remembered.get(slot);
    const value = known === undefined ? make() : (known as T);
    this.remembered.delete(slot);
    this.remembered.set(slot, value);
    const same = [...this.remembered.keys()].filter((name) => name.startsWith(`${kind}\n`));
    for (const name of same.slice(0, -MAX_REMEMBERED)) this.remembered.delete(name);
    return value;
  }
}

/** The owners that occur in a table, by their index there. */
export interface OwnerList {
  /** Owner by index; undefined where no row has it, null where it is not known any more. */
  byIndex: (SocketOwner | null | undefined)[];
  /** Indices in the order of name, then pid. */
  ordered: number[];
  /** Place of each index in that order, the same for one process under two names (after an exec); -1 if not known. */
  rankOfIndex: Int32Array;
}

/** The facts of the table as it is now; made anew when it holds another dump. */
export function factsOf(context: QueryContext): SnapshotFacts {
  const { table } = context;
  const known = factsByTable.get(table);
  if (known?.snapshotId === table.snapshotId && known.rows === table.length) return known;
  const facts = new SnapshotFacts(context);
  factsByTable.set(table, facts);
  return facts;
}

const factsByTable = new WeakMap<SocketTable, SnapshotFacts>();

function listOwners(context: QueryContext): OwnerList {
  const { table } = context;
  const byIndex: (SocketOwner | null | undefined)[] = [];
  for (let row = 0; row < table.length; row++) {
    const index = table.owner[row] ?? OwnerIndex.unknown;
    if (index >= 0 && byIndex[index] === undefined) byIndex[index] = context.ownerOf(index);
  }
  const named: { index: number; name: string; pid: number; identity: string }[] = [];
  for (const [index, owner] of byIndex.entries()) {
    if (!owner) continue;
    const name = owner.process?.toLowerCase() ?? '';
    named.push({ index, name, pid: owner.pid ?? -1, identity: processIdentity(owner) });
  }
  named.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.pid - b.pid));
  const rankOfIndex = new Int32Array(byIndex.length).fill(-1);
  const rankOfProcess = new Map<string, number>();
  for (const [place, { index, identity }] of named.entries()) {
    const rank = rankOfProcess.get(identity) ?? place;
    rankOfProcess.set(identity, rank);
    rankOfIndex[index] = rank;
  }
  return { byIndex, ordered: named.map(({ index }) => index), rankOfIndex };
}

/** What is the same for one process under two names (after an exec), as far as it is known. */
export function processIdentity({ pid, startTicks, process }: SocketOwner): string {
  return pid === null ? `name:${process}` : `${pid}:${startTicks ?? ''}`;
}

function findListeningPorts(table: SocketTable): Uint8Array {
  const ports = new Uint8Array(65536);
  for (let row = 0; row < table.length; row++) {
    if (table.state[row] === TcpState.LISTEN) ports[table.localPort[row] ?? 0] = 1;
  }
  return ports;
}
