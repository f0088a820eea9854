/** When a process that died is started again, and when no more (hardening S7). Times are epoch milliseconds. */

const FIRST_DELAY_MS = 500;
const LAST_DELAY_MS = 30_000;
/** Part of a delay that jitter may add, so that several workbenches do not restart in step. */
const JITTER_SHARE = 0.2;
const MAX_RESTARTS = 5;
const RESTART_WINDOW_MS = 5 * 60_000;

/** After this long without a failure the past is forgotten. */
export const HEALTHY_AFTER_MS = 60_000;

export type RestartDecision = { restart: true; delayMs: number } | { restart: false };

export class RestartPolicy {
  #restartsAtMs: number[] = [];
  #delayMs = FIRST_DELAY_MS;

  /** What to do about a death at `nowMs`; `jitter` is 0–1. A granted restart is counted. */
  decide(nowMs: number, jitter: number): RestartDecision {
    this.#forgetOld(nowMs);
    if (this.#restartsAtMs.length >= MAX_RESTARTS) return { restart: false };
    const delayMs = Math.round(this.#delayMs * (1 + JITTER_SHARE * jitter));
    this.#restartsAtMs.push(nowMs);
    this.#delayMs = Math.min(this.#delayMs * 2, LAST_DELAY_MS);
    return { restart: true, delayMs: Math.min(delayMs, LAST_DELAY_MS) };
  }

  /** Restarts in the five minutes before `nowMs`. */
  count(nowMs: number): number {
    this.#forgetOld(nowMs);
    return this.#restartsAtMs.length;
  }

  /** Forgets the past: the process has been healthy, or a person asks for a fresh start. */
  reset(): void {
    this.#restartsAtMs = [];
    this.#delayMs = FIRST_DELAY_MS;
  }

  #forgetOld(nowMs: number): void {
    this.#restartsAtMs = this.#restartsAtMs.filter((atMs) => nowMs - atMs < RESTART_WINDOW_MS);
  }
}
