/** Notices that a process has fallen silent (hardening S7). */
import { HEARTBEAT_MS } from '../sampling/protocol.ts';

/** A beat is late after this. */
const LATE_AFTER_MS = HEARTBEAT_MS + 1000;
/** After waking from suspend the first timer fires at once; the grace lets the process beat before any alarm. */
const GRACE_MS = 5000;
/** Silence until the alarm, in milliseconds. */
export const SILENT_AFTER_MS = LATE_AFTER_MS + GRACE_MS;

export class Watchdog {
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #alarm: () => void;

  constructor(alarm: () => void) {
    this.#alarm = alarm;
  }

  /** The process gave a sign of life, or has just been started. */
  alive(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#timer = setTimeout(this.#alarm, GRACE_MS);
    }, LATE_AFTER_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
