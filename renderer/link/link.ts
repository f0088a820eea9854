/** What a store may know of the workbench, whichever host serves the page. */
import type { CallArgs, CallName, CallResult, EventName, EventPayload } from '../../preload/contract.ts';

export interface LinkState {
  /** refused: this page may not speak to the workbench; only a new address or a reload helps. */
  kind: 'connecting' | 'connected' | 'lost' | 'refused';
  /** Epoch milliseconds since when it is so. */
  sinceMs: number;
  /** Epoch milliseconds of the next try; null when none is planned. */
  retryAtMs: number | null;
  /** Tries since the link was last up; 0 while connected. */
  attempt: number;
  /** What is wrong and what to do, in a sentence; null when nothing is wrong. */
  sentence: string | null;
}

export interface Link {
  readonly host: 'desktop' | 'web';
  readonly state: LinkState;
  /** Answers the call's result, already checked by its schema; rejects with a LinkError otherwise. */
  call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>>;
  /** Hears an event until the returned function is called. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /** Hears each change of `state` until the returned function is called. */
  onState(listener: (state: LinkState) => void): () => void;
  /** Tries again now instead of at `retryAtMs`; does nothing while connected or refused. */
  retryNow(): void;
}

/** A call that was refused or failed: a code for programs, a sentence to show. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly code: string;
  readonly sentence: string;

  constructor(code: string, sentence: string) {
    super(sentence);
    this.code = code;
    this.sentence = sentence;
  }
}
