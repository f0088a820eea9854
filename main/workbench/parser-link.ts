/** The workbench's side of the thread that understands outputs: started when first needed, ended when it hangs. */
import { z } from 'zod';
import { EVIDENCE_CALLS, runSchema } from '../../preload/contract-evidence.ts';
import type { Failure, Outcome } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import { parseChildMessage } from './child-messages.ts';
import { failureSchema } from './failure-schema.ts';
import type { ForkedProcess } from './forked-process.ts';
import {
  MAX_TEXT_AT_ONCE,
  type FinishedOutput,
  type FromParser,
  type Judgement,
  type ParsedPage,
  type ToParser,
} from './parse-protocol.ts';
import { PendingCalls } from './pending-calls.ts';

const id = z.number().int().nonnegative();
const messageSchema = z.union([
  z.strictObject({ type: z.literal('answer'), id, ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ type: z.literal('answer'), id, ok: z.literal(false), failure: failureSchema }),
]) satisfies z.ZodType<FromParser>;
const judgementSchema = z.strictObject({
  outcome: runSchema.shape.outcome.unwrap(),
  sentence: z.string(),
  claims: z.string().nullable(),
}) satisfies z.ZodType<Judgement>;
const pageSchema = EVIDENCE_CALLS['runs.parsed'].result.omit({
  comparison: true,
}) satisfies z.ZodType<ParsedPage>;

const GONE: Failure = { code: 'gone', what: 'the thread that reads outputs' };

export interface ParserLinkOptions {
  startParser(): ForkedProcess<ToParser>;
  log(line: string): void;
}

export class ParserLink {
  readonly #options: ParserLinkOptions;
  readonly #calls = new PendingCalls('the thread that reads outputs');
  #thread: ForkedProcess<ToParser> | null = null;
  /** Ends with the question asked last: each has its time only while it is its turn. */
  #lastTurn: Promise<unknown> = Promise.resolve();
  #hasStopped = false;

  constructor(options: ParserLinkOptions) {
    this.#options = options;
  }

  /** Judges a finished run and keeps what was understood for page(). */
  async judge(output: FinishedOutput): Promise<Outcome<Judgement>> {
    const message = (id: number): ToParser => ({ type: 'judge', id, output: { ...output, text: [] } });
    return checked(judgementSchema, await this.#ask(message, output.text));
  }

  /** Fails as 'gone' when it was not judged, or is not kept any more. */
  async page(runId: string, offset: number, limit: number): Promise<Outcome<ParsedPage>> {
    return checked(pageSchema, await this.#ask((id) => ({ type: 'page', id, runId, offset, limit })));
  }

  stop(): void {
    this.#hasStopped = true;
    this.#drop();
  }

  #drop(): void {
    const thread = this.#thread;
    this.#thread = null;
    thread?.kill();
    this.#calls.failAll(GONE);
  }

  #ask(message: (id: number) => ToParser, text: readonly string[] = []): Promise<Outcome<unknown>> {
    const turn = this.#lastTurn.then(() => this.#askNow(message, text));
    this.#lastTurn = turn;
    return turn;
  }

  async #askNow(message: (id: number) => ToParser, text: readonly string[]): Promise<Outcome<unknown>> {
    if (this.#hasStopped) return { ok: false, failure: GONE };
    const thread = (this.#thread ??= this.#start());
    await sendText(thread, text);
    if (thread !== this.#thread) return { ok: false, failure: GONE };
    const outcome = await this.#calls.start('reading the output', (id) => thread.post(message(id)));
    // No answer in time: it hangs. Ended, and started afresh by the next output.
    if (!outcome.ok && outcome.failure.code === 'unavailable' && thread === this.#thread) this.#drop();
    return outcome;
  }

  #start(): ForkedProcess<ToParser> {
    const thread = this.#options.startParser();
    thread.onMessage((raw) => {
      if (thread !== this.#thread) return;
      const message = parseChildMessage(messageSchema, raw, 'parser');
      if (!message.ok) return this.#options.log(failureSentence(message.failure));
      const answer = message.value;
      this.#calls.settle(answer.id, answer.ok ? answer : { ok: false, failure: answer.failure });
    });
    thread.onExit((exit) => {
      if (thread !== this.#thread) return;
      this.#options.log(`The thread that reads outputs ended (code ${exit.code ?? 'unknown'}).`);
      this.#drop();
    });
    return thread;
  }
}

/** In parts, with room for other work between them: copying a long text at once would block the workbench. */
async function sendText(thread: ForkedProcess<ToParser>, text: readonly string[]): Promise<void> {
  let part: string[] = [];
  let characters = 0;
  for (const piece of text) {
    part.push(piece);
    characters += piece.length;
    if (characters < MAX_TEXT_AT_ONCE) continue;
    thread.post({ type: 'text', text: part });
    part = [];
    characters = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (part.length > 0) thread.post({ type: 'text', text: part });
}

function checked<T>(schema: z.ZodType<T>, outcome: Outcome<unknown>): Outcome<T> {
  if (!outcome.ok) return outcome;
  const parsed = schema.safeParse(outcome.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  const why = `the reading has another shape (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`;
  return { ok: false, failure: { code: 'unavailable', what: 'reading the output', why } };
}
