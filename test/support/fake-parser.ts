/** The thread that understands outputs, without a thread; or one that never answers, when told so. */
import { understand } from '../../main/workbench/understand.ts';
import { KeptOutputs } from '../../main/workbench/kept-outputs.ts';
import type { FromParser, ToParser } from '../../main/workbench/parse-protocol.ts';
import { FakeChild } from './fake-child.ts';

export class FakeParser extends FakeChild<ToParser, FromParser> {
  isHanging = false;
  readonly #kept: KeptOutputs;

  constructor(kept = new KeptOutputs()) {
    super();
    this.#kept = kept;
  }

  protected override react(message: ToParser): void {
    if (!this.isHanging) queueMicrotask(() => this.#answer(message));
  }

  #answer(message: ToParser): void {
    const { id } = message;
    if (message.type === 'page') {
      const value = this.#kept.page(message.runId, message.offset, message.limit);
      const failure = { code: 'gone', what: 'what was understood' } as const;
      return this.say(
        value ? { type: 'answer', id, ok: true, value } : { type: 'answer', id, ok: false, failure },
      );
    }
    const outcome = understand(message.output);
    if (!outcome.ok) return this.say({ type: 'answer', id, ok: false, failure: outcome.failure });
    this.#kept.keep(message.output.runId, outcome.value.understood);
    this.say({ type: 'answer', id, ok: true, value: outcome.value.judgement });
  }
}
