/**
 * Keeps one child process running: starts it, hears its signs of life, starts it again with back-off when it dies or
 * falls silent, and after five deaths says so and waits for a person (hardening S7).
 */
import type { Failure } from '../core/model.ts';
import type { ChildExit, ForkedProcess } from './forked-process.ts';
import { HEALTHY_AFTER_MS, RestartPolicy } from './restart-policy.ts';
import { SILENT_AFTER_MS, Watchdog } from './watchdog.ts';

/** A killed process that does not report its end by then is left behind. */
const KILL_TIMEOUT_MS = 2000;

export interface KeptState {
  state: 'starting' | 'running' | 'silent' | 'restarting' | 'stopped';
  /** Epoch milliseconds since when it is in this state. */
  sinceMs: number;
  /** Restarts in the last five minutes. */
  restarts: number;
  /** Epoch milliseconds of the next try while restarting. */
  retryAtMs: number | null;
  /** One sentence when something is wrong. */
  sentence: string | null;
}

export interface KeptProcessOptions<ToChild> {
  /** In sentences: "sampler". */
  name: string;
  /** What a person does to have it started after it was given up: "Choose Try now to start it." */
  remedy: string;
  fork(): ForkedProcess<ToChild>;
  /** A process has just been started. */
  onFork(): void;
  onMessage(raw: unknown): void;
  /** What was asked of the process will not be answered. */
  onGone(): void;
  onState(state: KeptState): void;
  /** Epoch milliseconds. */
  now(): number;
  /** 0–1, for the back-off. */
  jitter(): number;
  log(line: string): void;
}

export class KeptProcess<ToChild> {
  readonly #options: KeptProcessOptions<ToChild>;
  readonly #policy = new RestartPolicy();
  readonly #watchdog = new Watchdog(() => this.#fallenSilent());
  #process: ForkedProcess<ToChild> | null = null;
  #state: KeptState;
  #restartTimer: ReturnType<typeof setTimeout> | undefined;
  #healthyTimer: ReturnType<typeof setTimeout> | undefined;
  #killTimer: ReturnType<typeof setTimeout> | undefined;
  /** Called at its exit while it has been asked to end. */
  #onFarewell: (() => void) | null = null;

  constructor(options: KeptProcessOptions<ToChild>) {
    this.#options = options;
    this.#state = { state: 'stopped', sinceMs: options.now(), restarts: 0, retryAtMs: null, sentence: null };
  }

  get state(): KeptState {
    return this.#state;
  }

  get hasProcess(): boolean {
    return this.#process !== null;
  }

  start(): void {
    if (this.#process === null) this.#fork();
  }

  /** Starts the process again at once, whatever happened before. */
  restart(): void {
    this.#policy.reset();
    this.#abandon();
    this.#fork();
  }

  /** Ends the process; it is not started again. */
  stop(): void {
    this.#abandon();
    this.#change('stopped', null, null);
  }

  /**
   * Asks the process to end with `farewell` and resolves when it has, or when it had `patienceMs` and was killed. What
   * it says meanwhile is still heard.
   */
  async end(farewell: ToChild, patienceMs: number): Promise<void> {
    const child = this.#process;
    if (child !== null) {
      this.#watchdog.stop();
      await new Promise<void>((resolve) => {
        this.#onFarewell = resolve;
        this.#killTimer = setTimeout(resolve, patienceMs);
        child.post(farewell);
      });
    }
    this.stop();
  }

  /** Why `what` cannot be had while there is no process. */
  absentFailure(what: string): Failure {
    const sentence = this.#state.sentence ?? `The ${this.#options.name} is not running.`;
    return { code: 'unavailable', what, why: sentence.charAt(0).toLowerCase() + sentence.slice(1) };
  }

  /** Lost when there is no process. */
  post(message: ToChild): void {
    this.#process?.post(message);
  }

  /** The process has said that it is up. */
  isUp(): void {
    if (this.#state.state !== 'running') this.#change('running', null, null);
  }

  /** The process has said that it cannot do its work here; it is not started again. */
  giveUp(sentence: string): void {
    this.#abandon();
    this.#change('stopped', null, sentence);
  }

  #fork(): void {
    this.#change('starting', null, null);
    const child = this.#options.fork();
    this.#process = child;
    child.onMessage((raw) => {
      if (child !== this.#process) return;
      if (!this.#onFarewell) this.#watchdog.alive();
      this.#options.onMessage(raw);
    });
    child.onExit((exit) => {
      if (child !== this.#process) return;
      if (this.#onFarewell) this.#onFarewell();
      else this.#exited(exit);
    });
    this.#watchdog.alive();
    this.#healthyTimer = setTimeout(() => this.#healthy(), HEALTHY_AFTER_MS);
    this.#options.onFork();
  }

  #healthy(): void {
    this.#policy.reset();
    this.#change(this.#state.state, this.#state.retryAtMs, this.#state.sentence);
  }

  #fallenSilent(): void {
    const seconds = SILENT_AFTER_MS / 1000;
    const sentence = `The ${this.#options.name} has not been heard for ${seconds} s; it is being started again.`;
    this.#change('silent', null, sentence);
    this.#killTimer = setTimeout(() => this.#exited({ code: null, signal: null }), KILL_TIMEOUT_MS);
    this.#process?.kill();
  }

  #exited(exit: ChildExit): void {
    this.#abandon();
    const { name, remedy, now, jitter, log } = this.#options;
    const nowMs = now();
    log(`The ${name} process ended (${exit.signal ?? `code ${exit.code ?? 'unknown'}`}).`);
    const decision = this.#policy.decide(nowMs, jitter());
    if (!decision.restart) {
      const sentence = `The ${name} stopped five times within five minutes, so it is not started again by itself.`;
      return this.#change('stopped', null, `${sentence} ${remedy}`);
    }
    const seconds = Math.round(decision.delayMs / 100) / 10;
    const sentence = `The ${name} stopped; starting it again in ${seconds} s.`;
    this.#change('restarting', nowMs + decision.delayMs, sentence);
    this.#restartTimer = setTimeout(() => this.#fork(), decision.delayMs);
  }

  /** Lets go of the present process and of everything that waits for it. */
  #abandon(): void {
    for (const timer of [this.#restartTimer, this.#healthyTimer, this.#killTimer]) clearTimeout(timer);
    this.#watchdog.stop();
    this.#onFarewell = null;
    const child = this.#process;
    this.#process = null;
    child?.kill();
    this.#options.onGone();
  }

  #change(state: KeptState['state'], retryAtMs: number | null, sentence: string | null): void {
    const nowMs = this.#options.now();
    const sinceMs = state === this.#state.state ? this.#state.sinceMs : nowMs;
    this.#state = { state, sinceMs, restarts: this.#policy.count(nowMs), retryAtMs, sentence };
    this.#options.onState(this.#state);
  }
}
