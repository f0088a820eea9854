/**
 * Events to many pages. Each page has at most one event on its way; while it is busy only the newest of each kind is
 * kept for it, those of a run, wizard or change apart from those of another (hardening S5, W9), so a frozen page costs a bounded amount
 * of memory.
 */
import type { WorkbenchEvent } from '../workbench/workbench.ts';

export interface Subscriber {
  /** Sends one event and calls `sent` once when the page has taken it. */
  post(event: WorkbenchEvent, sent: () => void): void;
  /** Bytes waiting to be sent to this page for whatever reason; above the limit nothing more is posted. */
  bufferedBytes?(): number;
}

/** Nothing is posted to a page that has more than this waiting (hardening W9). */
export const MAX_BUFFERED_BYTES = 1024 * 1024;

/** Kinds of events waiting for one page; beyond it the oldest give way. At 32 KiB each it stays below the 8 MiB of W9. */
const MAX_WAITING = 200;

interface Lane {
  subscriber: Subscriber;
  isBusy: boolean;
  /** By kind. */
  newest: Map<string, WorkbenchEvent>;
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
      lane.newest.set(kindOf(event), event);
      const [eldest] = lane.newest.keys();
      if (lane.newest.size > MAX_WAITING && eldest !== undefined) lane.newest.delete(eldest);
      this.#flush(lane);
    }
  }

  get size(): number {
    return this.#lanes.size;
  }

  #flush(lane: Lane): void {
    if (lane.isBusy || !this.#lanes.has(lane)) return;
    if ((lane.subscriber.bufferedBytes?.() ?? 0) > MAX_BUFFERED_BYTES) return;
    const next = lane.newest.entries().next();
    if (next.done) return;
    const [kind, event] = next.value;
    lane.newest.delete(kind);
    lane.isBusy = true;
    lane.subscriber.post(event, () => {
      lane.isBusy = false;
      this.#flush(lane);
    });
  }
}

/** That one run has ended does not make it old news that another has; so with wizards and changes. */
function kindOf({ name, payload }: WorkbenchEvent): string {
  if ('runId' in payload) return `${name} ${payload.runId}`;
  if ('wizardId' in payload) return `${name} ${payload.wizardId}`;
  return 'changeId' in payload ? `${name} ${payload.changeId}` : name;
}
