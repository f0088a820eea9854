/**
 * The workbench's side of the sampler: starts its process, hears its beats, starts it again with back-off when it dies
 * or falls silent (hardening S7), and carries calls to it.
 */
import type { SamplerLink as SamplerLinkState } from '../../preload/contract.ts';
import type { Failure, Outcome, Summary } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import type { FromSampler, SamplerCall } from '../sampling/protocol.ts';
import { PendingCalls } from './pending-calls.ts';
import { HEALTHY_AFTER_MS, RestartPolicy } from './restart-policy.ts';
import { parseSamplerMessage } from './sampler-messages.ts';
import type { SamplerExit, SamplerProcess } from './sampler-process.ts';
import { SILENT_AFTER_MS, Watchdog } from './watchdog.ts';

/** A killed process that does not report its end by then is left behind. */
const KILL_TIMEOUT_MS = 2000;

export interface SamplerLinkOptions {
  forkSampler(): SamplerProcess;
  /** Epoch milliseconds. */
  now(): number;
  /** 0–1, for the back-off. */
  jitter(): number;
  onState(state: SamplerLinkState): void;
  onSummary(summary: Summary): void;
  /** A line for the log: something arrived that should not. */
  log(line: string): void;
}

export interface Pace {
  intervalMs: number;
  paused: boolean;
}

const GONE: Failure = { code: 'gone', what: 'the sampler process' };

export class SamplerLink {
  readonly #options: SamplerLinkOptions;
  readonly #calls = new PendingCalls();
  readonly #policy = new RestartPolicy();
  readonly #watchdog = new Watchdog(() => this.#fallenSilent());
  #process: SamplerProcess | null = null;
  #pace: Pace = { intervalMs: 1000, paused: false };
  #state: SamplerLinkState;
  #restartTimer: ReturnType<typeof setTimeout> | undefined;
  #healthyTimer: ReturnType<typeof setTimeout> | undefined;
  #killTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SamplerLinkOptions) {
    this.#options = options;
    this.#state = { state: 'stopped', sinceMs: options.now(), restarts: 0, retryAtMs: null, sentence: null };
  }

  get state(): SamplerLinkState {
    return this.#state;
  }

  get pace(): Pace {
    return this.#pace;
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

  /** Remembers the pace, and sends it again to every process started later. */
  configure(change: Partial<Pace>): Pace {
    this.#pace = { ...this.#pace, ...change };
    this.#process?.post({ type: 'configure', ...this.#pace });
    return this.#pace;
  }

  async call(name: SamplerCall, args: unknown): Promise<Outcome<unknown>> {
    const child = this.#process;
    if (child === null) return { ok: false, failure: this.#absentFailure() };
    return this.#calls.start(name, (id) => child.post({ type: 'call', id, name, args }));
  }

  #fork(): void {
    this.#change('starting', null, null);
    const child = this.#options.forkSampler();
    this.#process = child;
    child.onMessage((raw) => {
      if (child === this.#process) this.#hear(raw);
    });
    child.onExit((exit) => {
      if (child === this.#process) this.#exited(exit);
    });
    this.#watchdog.alive();
    this.#healthyTimer = setTimeout(() => this.#healthy(), HEALTHY_AFTER_MS);
    child.post({ type: 'configure', ...this.#pace });
  }

  #hear(raw: unknown): void {
    this.#watchdog.alive();
    const message = parseSamplerMessage(raw);
    if (!message.ok) return this.#options.log(failureSentence(message.failure));
    this.#take(message.value);
  }

  #take(message: FromSampler): void {
    switch (message.type) {
      case 'ready':
        return this.#change('running', null, null);
      case 'beat':
        return;
      case 'summary':
        if (this.#state.state !== 'running') this.#change('running', null, null);
        return this.#options.onSummary(message.summary);
      case 'answer':
        return this.#calls.settle(message.id, message.ok ? message : { ok: false, failure: message.failure });
      case 'unable':
        this.#abandon();
        return this.#change('stopped', null, failureSentence(message.failure));
    }
  }

  #healthy(): void {
    this.#policy.reset();
    this.#change(this.#state.state, this.#state.retryAtMs, this.#state.sentence);
  }

  #fallenSilent(): void {
    const seconds = SILENT_AFTER_MS / 1000;
    this.#change(
      'silent',
      null,
      `The sampler has not been heard for ${seconds} s; it is being started again.`,
    );
    this.#killTimer = setTimeout(() => this.#exited({ code: null, signal: null }), KILL_TIMEOUT_MS);
    this.#process?.kill();
  }

  #exited(exit: SamplerExit): void {
    this.#abandon();
    const nowMs = this.#options.now();
    this.#options.log(`The sampler process ended (${exit.signal ?? `code ${exit.code ?? 'unknown'}`}).`);
    const decision = this.#policy.decide(nowMs, this.#options.jitter());
    if (!decision.restart) {
      const sentence =
        'The sampler stopped five times within five minutes, so it is not started again by itself.';
      return this.#change('stopped', null, `${sentence} Choose Try now to start it.`);
    }
    const seconds = Math.round(decision.delayMs / 100) / 10;
    const sentence = `The sampler stopped; starting it again in ${seconds} s.`;
    this.#change('restarting', nowMs + decision.delayMs, sentence);
    this.#restartTimer = setTimeout(() => this.#fork(), decision.delayMs);
  }

  /** Lets go of the present process and of everything that waits for it. */
  #abandon(): void {
    for (const timer of [this.#restartTimer, this.#healthyTimer, this.#killTimer]) clearTimeout(timer);
    this.#watchdog.stop();
    const child = this.#process;
    this.#process = null;
    child?.kill();
    this.#calls.failAll(GONE);
  }

  #absentFailure(): Failure {
    const sentence = this.#state.sentence ?? 'The sampler is not running.';
    return {
      code: 'unavailable',
      what: 'the socket list',
      why: sentence.charAt(0).toLowerCase() + sentence.slice(1),
    };
  }

  #change(state: SamplerLinkState['state'], retryAtMs: number | null, sentence: string | null): void {
    const nowMs = this.#options.now();
    const sinceMs = state === this.#state.state ? this.#state.sinceMs : nowMs;
    this.#state = { state, sinceMs, restarts: this.#policy.count(nowMs), retryAtMs, sentence };
    this.#options.onState(this.#state);
  }
}
