/** The workbench's side of the thread that keeps history: bounded, restarted, and never waited for by the live view. */
import { z } from 'zod';
import { historyStateSchema, type HistoryStateInfo } from '../../preload/contract-history.ts';
import type { Place } from '../core/fixes/change.ts';
import type { Failure, Outcome } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import type { Retention } from '../history/levels.ts';
import type {
  AppendedSample,
  FromHistory,
  HistoryCall,
  HistoryQuestions,
  ToHistory,
} from '../history/protocol.ts';
import { parseChildMessage } from './child-messages.ts';
import { failureSchema } from './failure-schema.ts';
import type { ForkedProcess } from './forked-process.ts';
import { PendingCalls } from './pending-calls.ts';
import { RestartPolicy } from './restart-policy.ts';
import { SampleQueue } from './sample-queue.ts';

const id = z.number().int().nonnegative();
const messageSchema = z.union([
  z.strictObject({ type: z.literal('state'), state: historyStateSchema }),
  z.strictObject({ type: z.literal('appended') }),
  z.strictObject({ type: z.literal('closed') }),
  z.strictObject({ type: z.literal('answer'), id, ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ type: z.literal('answer'), id, ok: z.literal(false), failure: failureSchema }),
]) satisfies z.ZodType<FromHistory>;

const GONE: Failure = { code: 'gone', what: 'the thread that keeps history' };
/** What closing the file may take. */
const FAREWELL_MS = 3000;

export interface HistoryLinkOptions {
  folder: string;
  /** From where this machine is seen. */
  place: Place;
  retention: Retention;
  /** Before the thread has said anything. */
  initial: HistoryStateInfo;
  /** This process ran while nothing was recorded. */
  wasOff: boolean;
  startWriter(): ForkedProcess<ToHistory>;
  /** Epoch milliseconds. */
  now(): number;
  onState(state: HistoryStateInfo): void;
  log(line: string): void;
}

export class HistoryLink {
  readonly #options: HistoryLinkOptions;
  readonly #calls = new PendingCalls('the thread that keeps history');
  readonly #policy = new RestartPolicy();
  readonly #queue = new SampleQueue<AppendedSample>();
  #thread: ForkedProcess<ToHistory> | null = null;
  #restartTimer: ReturnType<typeof setTimeout> | undefined;
  #onClosed: (() => void) | null = null;
  #isWriting = false;
  #hasStopped = false;
  #state: HistoryStateInfo;
  #retention: Retention;
  #isContinued: boolean;

  constructor(options: HistoryLinkOptions) {
    this.#options = options;
    this.#state = options.initial;
    this.#retention = options.retention;
    this.#isContinued = options.wasOff;
  }

  get state(): HistoryStateInfo {
    return this.#state;
  }

  start(): void {
    if (this.#hasStopped || this.#thread) return;
    const { folder, place, startWriter } = this.#options;
    const thread = startWriter();
    this.#thread = thread;
    thread.onMessage((raw) => {
      if (thread === this.#thread) this.#hear(raw);
    });
    thread.onExit((exit) => {
      if (thread === this.#thread) this.#ended(exit.code);
    });
    const [retention, isContinued] = [this.#retention, this.#isContinued];
    thread.post({ type: 'open', folder, retention, isContinued, place });
    this.#isContinued = true;
    this.#send();
  }

  retain(retention: Retention): void {
    this.#retention = retention;
    this.#thread?.post({ type: 'retain', retention });
  }

  /** Never waits; while the thread is busy samples queue up to a bound, then every other one goes. */
  append(sample: AppendedSample): void {
    if (this.#hasStopped) return;
    this.#queue.add(sample);
    this.#send();
  }

  async call<C extends HistoryCall, T>(
    name: C,
    args: HistoryQuestions[C],
    schema: z.ZodType<T>,
  ): Promise<Outcome<T>> {
    const thread = this.#thread;
    if (!thread) return { ok: false, failure: GONE };
    const outcome = await this.#calls.start(`history (${name})`, (callId) => {
      // The compiler cannot tell that name and args belong together.
      thread.post({ type: 'call', id: callId, name, args } as ToHistory);
    });
    if (!outcome.ok) return outcome;
    const parsed = schema.safeParse(outcome.value);
    if (parsed.success) return { ok: true, value: parsed.data };
    const issue = parsed.error.issues[0];
    const why = `what is kept has another shape (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`;
    return { ok: false, failure: { code: 'unavailable', what: 'this part of the history', why } };
  }

  /** Lets the thread write what waits and close the file. */
  async stop(): Promise<void> {
    if (this.#hasStopped) return;
    clearTimeout(this.#restartTimer);
    const thread = this.#thread;
    if (thread) {
      if (this.#queue.size > 0) thread.post({ type: 'append', ...this.#queue.take() });
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, FAREWELL_MS);
        this.#onClosed = () => {
          clearTimeout(timer);
          resolve();
        };
        thread.post({ type: 'close' });
      });
    }
    this.#hasStopped = true;
    this.#drop();
  }

  #send(): void {
    if (!this.#thread || this.#isWriting || this.#queue.size === 0) return;
    this.#isWriting = true;
    this.#thread.post({ type: 'append', ...this.#queue.take() });
  }

  #hear(raw: unknown): void {
    const message = parseChildMessage(messageSchema, raw, 'history');
    if (!message.ok) return this.#options.log(failureSentence(message.failure));
    this.#take(message.value);
  }

  #take(message: FromHistory): void {
    switch (message.type) {
      case 'state':
        this.#state = message.state;
        return this.#options.onState(message.state);
      case 'appended':
        this.#isWriting = false;
        return this.#send();
      case 'closed':
        return this.#onClosed?.();
      case 'answer':
        return this.#calls.settle(message.id, message.ok ? message : { ok: false, failure: message.failure });
    }
  }

  #ended(code: number | null): void {
    this.#drop();
    if (this.#onClosed) return this.#onClosed();
    const { now, log, onState } = this.#options;
    log(`The thread that keeps history ended (code ${code ?? 'unknown'}).`);
    const decision = this.#policy.decide(now(), 0);
    const sentence = decision.restart
      ? 'What keeps history stopped; it is being started again.'
      : 'What keeps history stopped five times within five minutes, so nothing is kept until Fourtuple is started again.';
    this.#state = { ...this.#state, mode: 'off', sentence };
    onState(this.#state);
    if (decision.restart) this.#restartTimer = setTimeout(() => this.start(), decision.delayMs);
  }

  #drop(): void {
    const thread = this.#thread;
    this.#thread = null;
    this.#isWriting = false;
    thread?.kill();
    this.#calls.failAll(GONE);
  }
}
