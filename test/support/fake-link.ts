/** A link for component and store tests: answers what the test says, and lets it publish events and states. */
import type { CallArgs, CallName, CallResult, EventName, EventPayload } from '../../preload/contract.ts';
import { LinkError, type Link, type LinkState } from '../../renderer/link/link.ts';

type Responder<N extends CallName> = (args: CallArgs<N>) => CallResult<N> | Promise<CallResult<N>>;

export class FakeLink implements Link {
  readonly host: 'desktop' | 'web';
  /** Every call so far, oldest first. */
  readonly calls: { name: CallName; args: unknown }[] = [];
  retries = 0;
  #state: LinkState = { kind: 'connected', sinceMs: 0, retryAtMs: null, attempt: 0, sentence: null };
  readonly #responders = new Map<CallName, (args: never) => unknown>();
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();
  readonly #stateListeners = new Set<(state: LinkState) => void>();

  constructor(host: 'desktop' | 'web' = 'web') {
    this.host = host;
  }

  get state(): LinkState {
    return this.#state;
  }

  async call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    this.calls.push({ name, args });
    const responder = this.#responders.get(name);
    if (!responder) throw new LinkError('unavailable', `The test did not say how ${name} answers.`);
    return (await responder(args as never)) as CallResult<N>;
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener as (payload: never) => void);
    return () => listeners.delete(listener as (payload: never) => void);
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  retryNow(): void {
    this.retries++;
  }

  /** Says how a call answers; the responder may throw a LinkError. */
  respond<N extends CallName>(name: N, responder: Responder<N>): this {
    this.#responders.set(name, responder as (args: never) => unknown);
    return this;
  }

  /** Calls of one name, oldest first. */
  callsOf<N extends CallName>(name: N): CallArgs<N>[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.args as CallArgs<N>);
  }

  emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(payload as never);
  }

  setState(change: Partial<LinkState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#stateListeners) listener(this.#state);
  }

  /** Listeners still there: a test of unmounting expects 0. */
  get listenerCount(): number {
    const events = [...this.#listeners.values()].reduce((sum, listeners) => sum + listeners.size, 0);
    return events + this.#stateListeners.size;
  }
}
