/** Connections that ended, as they are told: row i of `ends` is exchange i. */
import type { Exchange } from './close-likeness.ts';
import { SocketTable } from './socket-table.ts';

export class CloseBatch {
  readonly ends = new SocketTable();
  /** Null where the kernel tells too little of it. */
  readonly exchanges: (Exchange | null)[] = [];

  clear(): void {
    this.ends.clear();
    this.exchanges.length = 0;
  }
}
