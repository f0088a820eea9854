/** From sockets as tools print them to the rows of a socket table. */
import { IPV4_MAPPED_WORD, type ParsedAddress } from '../../core/address.ts';
import { NOT_TOLD, OwnerConfidence, OwnerIndex, SocketTimer, UnknownPart } from '../../core/model.ts';
import type { SocketReading } from '../../core/readings.ts';
import type { SocketTable } from '../socket-table.ts';
import { ReadingOwners } from './owners.ts';
import { TupleIndex } from './tuple-index.ts';

const LARGEST = NOT_TOLD - 1;
const NO_ADDRESS_4 = [0, 0, IPV4_MAPPED_WORD, 0] as const;
const NO_ADDRESS_6 = [0, 0, 0, 0] as const;

/**
 * Appends each socket once. A part that the tool did not tell is marked unknown, never invented; a connection that a
 * second listing (or a second holder) names again adds to the first row what that did not tell.
 */
export class TableFiller {
  readonly owners: ReadingOwners;
  /** Rows of which an address or a port is not known. */
  incompleteCount = 0;
  /** Sockets that an earlier row already stood for. */
  repeatedCount = 0;
  private readonly table: SocketTable;
  private readonly tuples: TupleIndex;
  /** First row of the listing that is being read. */
  private listingStart = 0;

  /** `table` is filled from its present end. */
  constructor(table: SocketTable, owners = new ReadingOwners()) {
    this.table = table;
    this.owners = owners;
    this.tuples = new TupleIndex(table);
  }

  /** Another output begins: the listening sockets it names may be those already there. */
  nextListing(): void {
    this.listingStart = this.table.length;
  }

  add(socket: SocketReading): void {
    const { table } = this;
    const row = table.append();
    const unknown = this.writeEndpoints(row, socket);
    if (unknown === 0) {
      const same = this.tuples.add(row, (candidate) => this.isSameSocket(candidate, socket));
      if (same !== row) {
        table.length = row;
        this.repeatedCount++;
        this.supplement(same, socket);
        return;
      }
    } else {
      this.incompleteCount++;
    }
    table.state[row] = socket.state;
    table.timer[row] = SocketTimer.unknown;
    table.expiresMs[row] = 0;
    table.retransmits[row] = 0;
    table.receiveQueue[row] = NOT_TOLD;
    table.sendQueue[row] = NOT_TOLD;
    table.uid[row] = NOT_TOLD;
    table.inode[row] = 0;
    table.cookieLow[row] = 0;
    table.cookieHigh[row] = 0;
    table.markUnknown(row, unknown);
    this.supplement(row, socket);
  }

  /** Gives the UnknownPart bits of the row. */
  private writeEndpoints(row: number, { local, remote, family }: SocketReading): number {
    const { table } = this;
    // IPv4-mapped addresses are IPv4 in every table, whatever socket they belong to.
    const shown = local.address?.family ?? remote.address?.family ?? family;
    table.family[row] = shown;
    table.scopeId[row] = local.address?.scopeId || remote.address?.scopeId || 0;
    writeAddress(table.localAddress, row, local.address, shown);
    writeAddress(table.remoteAddress, row, remote.address, shown);
    table.localPort[row] = local.port ?? 0;
    table.remotePort[row] = remote.port ?? 0;
    return (
      (local.address === null ? UnknownPart.localAddress : 0) |
      (local.port === null ? UnknownPart.localPort : 0) |
      (remote.address === null ? UnknownPart.remoteAddress : 0) |
      (remote.port === null ? UnknownPart.remotePort : 0)
    );
  }

  /** Several sockets may listen on one endpoint: only another listing, or the same inode, names one of them again. */
  private isSameSocket(row: number, { remote, inode }: SocketReading): boolean {
    if (remote.port !== 0 || row < this.listingStart) return true;
    return inode !== null && inode !== 0 && this.table.inode[row] === inode;
  }

  /** Writes what the row does not have yet. */
  private supplement(row: number, socket: SocketReading): void {
    const { table } = this;
    if (table.state[row] === 0) table.state[row] = socket.state;
    if (table.timer[row] === SocketTimer.unknown) this.writeTimer(row, socket.timer);
    if (table.receiveQueue[row] === NOT_TOLD) table.receiveQueue[row] = toldOrNot(socket.receiveQueue);
    if (table.sendQueue[row] === NOT_TOLD) table.sendQueue[row] = toldOrNot(socket.sendQueue);
    if (table.uid[row] === NOT_TOLD) table.uid[row] = toldOrNot(socket.uid);
    if (table.inode[row] === 0) table.inode[row] = inodeOf(socket.inode);
    if (table.cookieLow[row] === 0 && table.cookieHigh[row] === 0) this.writeCookie(row, socket.cookie);
    if (table.owner[row] !== OwnerIndex.unknown || socket.holders.length === 0) return;
    const owner = this.owners.indexOf(socket.holders);
    if (owner === OwnerIndex.unknown) return;
    table.owner[row] = owner;
    table.ownerConfidence[row] = OwnerConfidence.observed;
  }

  private writeTimer(row: number, timer: SocketReading['timer']): void {
    if (timer === null) return;
    this.table.retransmits[row] = Math.min(255, timer.retransmits ?? 0);
    if (timer.kind === SocketTimer.none) this.table.timer[row] = SocketTimer.none;
    // A timer of which the tool does not say when it fires is as good as unknown.
    else if (timer.expiresMs !== null) {
      this.table.timer[row] = timer.kind;
      this.table.expiresMs[row] = clamp(timer.expiresMs);
    }
  }

  private writeCookie(row: number, cookie: string | null): void {
    if (cookie === null || !/^[0-9a-f]{1,16}$/i.test(cookie)) return;
    const digits = cookie.padStart(16, '0');
    this.table.cookieHigh[row] = Number.parseInt(digits.slice(0, 8), 16);
    this.table.cookieLow[row] = Number.parseInt(digits.slice(8), 16);
  }
}

function writeAddress(column: Uint32Array, row: number, address: ParsedAddress | null, family: 4 | 6): void {
  const words = address?.words ?? (family === 4 ? NO_ADDRESS_4 : NO_ADDRESS_6);
  const at = row * 4;
  column[at] = words[0];
  column[at + 1] = words[1];
  column[at + 2] = words[2];
  column[at + 3] = words[3];
}

function toldOrNot(value: number | null): number {
  return value === null ? NOT_TOLD : clamp(value);
}

function inodeOf(inode: number | null): number {
  return inode === null || inode > NOT_TOLD ? 0 : inode;
}

function clamp(value: number): number {
  return Math.min(LARGEST, Math.max(0, Math.round(value)));
}
