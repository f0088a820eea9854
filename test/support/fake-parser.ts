/** The thread that understands outputs, without a thread; or one that never answers, when told so. */
import { KeptOutputs } from '../../main/workbench/kept-outputs.ts';
import type { FromParser, ToParser } from '../../main/workbench/parse-protocol.ts';
import { Understanding } from '../../main/workbench/understanding.ts';
import { FakeChild } from './fake-child.ts';

export class FakeParser extends FakeChild<ToParser, FromParser> {
  isHanging = false;
  readonly #understanding: Understanding;

  constructor(kept = new KeptOutputs()) {
    super();
    this.#understanding = new Understanding(kept);
  }

  protected override react(message: ToParser): void {
    const answer = this.isHanging ? null : this.#understanding.answer(message);
    if (answer !== null) queueMicrotask(() => this.say(answer));
  }
}
