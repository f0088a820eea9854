/**
 * The columnar store of one dump: typed arrays, no object per socket. Rows are appended by a decoder, then read by
 * the core (as SocketColumns) and by queries. Arrays grow by half and are kept between dumps.
 */
import { OwnerIndex, type SocketColumns } from '../core/model.ts';

const INITIAL_ROWS = 4096;

/** Values of `closedSinceMs` that are no time. */
export const NOT_CLOSED = -1;
export const CLOSED_BEFORE = 0;

export class SocketTable implements SocketColumns {
  length = 0;
  /** Monotonic milliseconds when the dump was taken. */
  takenMonotonicMs = 0;
  /** Epoch milliseconds when the dump was taken. */
  takenAtMs = 0;
  /** Grows by one each dump. */
  snapshotId = 0;

  family = new Uint8Array(INITIAL_ROWS);
  state = new Uint8Array(INITIAL_ROWS);
  timer = new Uint8Array(INITIAL_ROWS);
  retransmits = new Uint8Array(INITIAL_ROWS);
  ownerConfidence = new Uint8Array(INITIAL_ROWS);
  localPort = new Uint16Array(INITIAL_ROWS);
  remotePort = new Uint16Array(INITIAL_ROWS);
  localAddress = new Uint32Array(INITIAL_ROWS * 4);
  remoteAddress = new Uint32Array(INITIAL_ROWS * 4);
  scopeId = new Uint32Array(INITIAL_ROWS);
  expiresMs = new Uint32Array(INITIAL_ROWS);
  receiveQueue = new Uint32Array(INITIAL_ROWS);
  sendQueue = new Uint32Array(INITIAL_ROWS);
  uid = new Uint32Array(INITIAL_ROWS);
  inode = new Uint32Array(INITIAL_ROWS);
  cookieLow = new Uint32Array(INITIAL_ROWS);
  cookieHigh = new Uint32Array(INITIAL_ROWS);
  owner = new Int32Array(INITIAL_ROWS);
  firstSeenMs = new Float64Array(INITIAL_ROWS);
  /** What kind of exchange a closed connection was (close-likeness.ts); 0 when not known. */
  likeness = new Uint32Array(INITIAL_ROWS);
  /** Made at the first mark: most sources tell everything. */
  unknownParts: Uint8Array | null = null;
  /**
   * Where the source tells no TIME_WAIT timers: monotonic milliseconds when the row was first seen in TIME_WAIT,
   * CLOSED_BEFORE when it was so at the first dump, NOT_CLOSED in another state or with a timer. Null where it tells.
   */
  closedSinceMs: Float64Array | null = null;

  /** Forgets all rows, keeps the memory. */
  clear(): void {
    this.length = 0;
    this.unknownParts?.fill(0);
    this.closedSinceMs = null;
  }

  /** Notes that `parts` (UnknownPart bits) of a row are not known. */
  markUnknown(row: number, parts: number): void {
    if (parts === 0) return;
    this.unknownParts ??= new Uint8Array(this.state.length);
    this.unknownParts[row] = parts;
  }

  /**
   * Appends a row and gives its index; every column of it starts empty (owner unknown). Callers then write the columns.
   */
  append(): number {
    const row = this.length;
    if (row === this.state.length) this.reserve(Math.ceil(row * 1.5));
    this.length = row + 1;
    this.owner[row] = OwnerIndex.unknown;
    this.ownerConfidence[row] = 0;
    this.firstSeenMs[row] = 0;
    this.scopeId[row] = 0;
    this.likeness[row] = 0;
    return row;
  }

  /** Makes room for at least `rows` rows without moving them again. */
  reserve(rows: number): void {
    if (rows <= this.state.length) return;
    this.family = grown(this.family, rows);
    this.state = grown(this.state, rows);
    this.timer = grown(this.timer, rows);
    this.retransmits = grown(this.retransmits, rows);
    this.ownerConfidence = grown(this.ownerConfidence, rows);
    this.localPort = grown(this.localPort, rows);
    this.remotePort = grown(this.remotePort, rows);
    this.localAddress = grown(this.localAddress, rows * 4);
    this.remoteAddress = grown(this.remoteAddress, rows * 4);
    this.scopeId = grown(this.scopeId, rows);
    this.expiresMs = grown(this.expiresMs, rows);
    this.receiveQueue = grown(this.receiveQueue, rows);
    this.sendQueue = grown(this.sendQueue, rows);
    this.uid = grown(this.uid, rows);
    this.inode = grown(this.inode, rows);
    this.cookieLow = grown(this.cookieLow, rows);
    this.cookieHigh = grown(this.cookieHigh, rows);
    this.owner = grown(this.owner, rows);
    this.firstSeenMs = grown(this.firstSeenMs, rows);
    this.likeness = grown(this.likeness, rows);
    if (this.unknownParts) this.unknownParts = grown(this.unknownParts, rows);
  }
}

type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

function grown<T extends Column>(column: T, length: number): T {
  const larger = new (column.constructor as new (length: number) => T)(length);
  larger.set(column);
  return larger;
}
