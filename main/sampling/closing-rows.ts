/** Which rows of a dump closed since the dump before. */
import { SocketTimer, type StackSettings } from '../core/model.ts';
import type { SocketTable } from './socket-table.ts';

/** What is told of a closing may come so much later than the socket that shows it. */
const LATE_MS = 1500;

export interface ClosingRowsInput {
  table: SocketTable;
  settings: StackSettings;
  /** 1 for a row that closed since, where the source tells no timers; null where it does. */
  hasClosed: Uint8Array | null;
  /** Null at the first dump: nothing is known to have closed since. */
  previous: SocketTable | null;
}

export class ClosingRows {
  private readonly table: SocketTable;
  private readonly hasClosed: Uint8Array | null;
  private readonly holdMs: number;
  private readonly elapsedMs: number;

  constructor({ table, settings, hasClosed, previous }: ClosingRowsInput) {
    this.table = table;
    this.hasClosed = hasClosed;
    this.holdMs = settings.timeWaitSeconds * 1000;
    this.elapsedMs = previous ? table.takenMonotonicMs - previous.takenMonotonicMs : -Infinity;
  }

  /** Closed since the last dump. */
  isFresh(row: number): boolean {
    if (this.hasClosed) return this.hasClosed[row] === 1;
    return this.ageMs(row) <= this.elapsedMs;
  }

  /** The same and a moment longer ago. */
  isRecent(row: number): boolean {
    if (this.hasClosed) return this.hasClosed[row] === 1;
    return this.ageMs(row) <= this.elapsedMs + LATE_MS;
  }

  private ageMs(row: number): number {
    if (this.table.timer[row] !== SocketTimer.timeWait) return Infinity;
    return this.holdMs - (this.table.expiresMs[row] ?? 0);
  }
}
