/** How long a helper that takes back may say nothing: one that was stopped, or hangs, is ended and then told of. */
import type { ChangesMakings } from './changes-makings.ts';

/** Milliseconds without a word: a step takes a few, telling systemd of a file some seconds. */
export const SILENT_MS = 30_000;
/** Milliseconds that it may take to end: it is killed 2 s after it was told. */
const END_MS = 15_000;

export interface PatienceHooks {
  /** Ends it. */
  end(): void;
  /** It has not ended: nothing more can be done from here. */
  giveUp(): void;
}

export class Patience {
  readonly #setTimer: ChangesMakings['setTimer'];
  readonly #hooks: PatienceHooks;
  #stopTimer: (() => void) | null = null;
  #wasLost = false;
  #isOver = false;

  constructor({ setTimer }: Pick<ChangesMakings, 'setTimer'>, hooks: PatienceHooks) {
    this.#setTimer = setTimer;
    this.#hooks = hooks;
  }

  /** True when it was ended because it said nothing. */
  get wasLost(): boolean {
    return this.#wasLost;
  }

  /** From now on it has to say something; again with each thing that it says. */
  expect(): void {
    if (this.#wasLost || this.#isOver) return;
    this.#stopTimer?.();
    this.#stopTimer = this.#setTimer(SILENT_MS, () => this.#lose());
  }

  /** It spoke, or printed something. */
  heard(): void {
    if (this.#stopTimer !== null) this.expect();
  }

  /** It has ended. */
  over(): void {
    this.#isOver = true;
    this.#stopTimer?.();
    this.#stopTimer = null;
  }

  #lose(): void {
    this.#wasLost = true;
    this.#stopTimer = this.#setTimer(END_MS, () => this.#hooks.giveUp());
    this.#hooks.end();
  }
}
