/** Who hears what: the listeners of one link. A listener that throws does not keep the others from hearing. */
import type { EventName, EventPayload } from '../../preload/contract.ts';
import type { LinkState } from './link.ts';
import type { LinkEvent } from './read-answer.ts';

export class Listeners {
  readonly #events = new Map<EventName, Set<(payload: never) => void>>();
  readonly #states = new Set<(state: LinkState) => void>();

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const listeners = this.#events.get(name) ?? new Set();
    this.#events.set(name, listeners);
    listeners.add(listener as (payload: never) => void);
    return () => listeners.delete(listener as (payload: never) => void);
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#states.add(listener);
    return () => this.#states.delete(listener);
  }

  publish(event: LinkEvent): void {
    for (const listener of this.#events.get(event.name) ?? []) safely(() => listener(event.payload as never));
  }

  publishState(state: LinkState): void {
    for (const listener of this.#states) safely(() => listener(state));
  }
}

function safely(run: () => void): void {
  try {
    run();
  } catch (error) {
    // Rethrown on its own, so that it is still reported as the bug it is.
    queueMicrotask(() => {
      throw error;
    });
  }
}
