/** Answers what the workbench asks of the thread that understands outputs. */
import type { Outcome } from '../core/model.ts';
import { KeptOutputs } from './kept-outputs.ts';
import type { FinishedOutput, FromParser, Judgement, ToParser } from './parse-protocol.ts';
import { understand } from './understand.ts';

export class Understanding {
  readonly #kept: KeptOutputs;
  /** Text sent ahead of the output it belongs to. */
  #text: string[] = [];

  constructor(kept = new KeptOutputs()) {
    this.#kept = kept;
  }

  /** Null for what is not answered. */
  answer(message: ToParser): FromParser | null {
    if (message.type === 'text') {
      this.#text.push(...message.text);
      return null;
    }
    const { id } = message;
    const outcome = message.type === 'judge' ? this.#judge(message.output) : this.#page(message);
    return outcome.ok
      ? { type: 'answer', id, ok: true, value: outcome.value }
      : { type: 'answer', id, ok: false, failure: outcome.failure };
  }

  #judge(output: FinishedOutput): Outcome<Judgement> {
    const text = [...this.#text, ...output.text];
    this.#text = [];
    const outcome = understand({ ...output, text });
    if (!outcome.ok) return outcome;
    this.#kept.keep(output.runId, outcome.value.understood);
    return { ok: true, value: outcome.value.judgement };
  }

  #page({ runId, offset, limit }: Extract<ToParser, { type: 'page' }>): Outcome<unknown> {
    const page = this.#kept.page(runId, offset, limit);
    if (page) return { ok: true, value: page };
    return { ok: false, failure: { code: 'gone', what: 'what was understood' } };
  }
}
