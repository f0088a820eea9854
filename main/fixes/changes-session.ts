/** One helper from start to end: what it says as messages, what it prints for the person, and what it is told. */
import type { Outcome } from '../core/model.ts';
import type { Helper, HelperAnswer, HelperCommand, HelperEnd, HelperMessage, StartHelper } from './helper.ts';
import { HelperLines } from './helper-lines.ts';

const ASKED_CHARACTERS = 2000;

export interface SessionHooks {
  message(message: HelperMessage): void;
  printed(bytes: Uint8Array): void;
  /** Once, after the last message. */
  ended(end: HelperEnd): void;
}

export class HelperSession {
  #helper: Helper | null = null;
  #hasEnded = false;
  #hasRights = false;
  #isCancelled = false;
  #asked = '';
  readonly #hooks: SessionHooks;
  readonly #lines: HelperLines;

  private constructor(hooks: SessionHooks) {
    this.#hooks = hooks;
    this.#lines = new HelperLines({
      message: (message) => this.#heard(message),
      printed: (bytes) => this.#print(bytes),
    });
  }

  /** Failure: it could not be started. */
  static start(
    startHelper: StartHelper,
    command: HelperCommand,
    hooks: SessionHooks,
  ): Outcome<HelperSession> {
    const session = new HelperSession(hooks);
    const started = startHelper(command, {
      printed: (bytes) => (command.speaks ? session.#lines.write(bytes) : session.#print(bytes)),
      ended: (end) => session.#over(end),
    });
    if (!started.ok) return started;
    session.#helper = started.value;
    if (session.#isCancelled) started.value.cancel();
    return { ok: true, value: session };
  }

  /** Whether it was given the rights: before that, what is typed may go to the one who asks for a password. */
  get hasRights(): boolean {
    return this.#hasRights;
  }

  /** The end of what was printed before it had the rights: why they were not given. */
  get asked(): string {
    return this.#asked;
  }

  say(answer: HelperAnswer): void {
    const words = answer.kind === 'go' ? `go ${answer.step}` : answer.kind;
    this.type(new TextEncoder().encode(`${words}\n`));
  }

  type(bytes: Uint8Array): boolean {
    if (this.#hasEnded || this.#helper === null) return false;
    this.#helper.write(bytes);
    return true;
  }

  resize(columns: number, rows: number): boolean {
    if (this.#hasEnded || this.#helper === null) return false;
    this.#helper.resize(columns, rows);
    return true;
  }

  cancel(): void {
    this.#isCancelled = true;
    if (!this.#hasEnded) this.#helper?.cancel();
  }

  #print(bytes: Uint8Array): void {
    if (!this.#hasRights) this.#asked = (this.#asked + textOf(bytes)).slice(-ASKED_CHARACTERS);
    this.#hooks.printed(bytes);
  }

  #heard(message: HelperMessage): void {
    if (this.#hasEnded) return;
    // Refusing, too, is done by one who has them.
    this.#hasRights = true;
    this.#hooks.message(message);
  }

  #over(end: HelperEnd): void {
    if (this.#hasEnded) return;
    this.#lines.end();
    this.#hasEnded = true;
    this.#hooks.ended(end);
  }
}

/** Messages of sudo and its kind are ASCII: commands run in the C locale. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes.subarray(-ASKED_CHARACTERS));
}
