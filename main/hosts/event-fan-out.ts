/**
 * Events to many pages. Each page has at most one event on its way; while it is busy only the newest of each kind is
 * kept for it (hardening S5, W9), so a frozen page costs a constant amount of memory.
 */
import type { EventName } from '../../preload/contract.ts';
import type { WorkbenchEvent } from '../workbench/workbench.ts';

export interface Subscriber {
  /** Sends one event and calls `sent` once when the page has taken it. */
  post(event: WorkbenchEvent, sent: () => void): void;
  /** Bytes waiting to be sent to this page for whatever reason; above the limit nothing more is posted. */
  bufferedBytes?(): number;
}

/** Nothing is posted to a page that has more than this waiting (hardening W9). */
export const MAX_BUFFERED_BYTES = 1024 * 1024;

interface Lane {
  subscriber: Subscriber;
  isBusy: boolean;
  newest: Map<EventName, WorkbenchEvent>;
}

export class EventFanOut {
  readonly #lanes = new Set<Lane>();

  /** Adds a page. `flush` posts what had to wait, `remove` ends it. */
  add(subscriber: Subscriber): { flush(): void; remove(): void } {
    const lane: Lane = { subscriber, isBusy: false, newest: new Map() };
    this.#lanes.add(lane);
    return { flush: () => this.#flush(lane), remove: () => this.#lanes.delete(lane) };
  }

  publish(event: WorkbenchEvent): void {
    for (const lane of this.#lanes) {
      lane.newest.set(event.name, event);
      this.#flush(lane);
    }
  }

  get size(): number {
    return this.#lanes.size;
  }

  #flush(lane: Lane): void {
    if (lane.isBusy || !this.#lanes.has(lane)) return;
    if ((lane.subscriber.bufferedBytes?.() ?? 0) > MAX_BUFFERED_BYTES) return;
    const next = lane.newest.values().next();
    if (next.done) return;
    lane.newest.delete(next.value.name);
    lane.isBusy = true;
    lane.subscriber.post(next.value, () => {
      lane.isBusy = false;
      this.#flush(lane);
    });
  }
}
