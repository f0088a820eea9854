/** The workbench's side of the sampler: keeps its process running, remembers its pace, and carries calls to it. */
import type { SamplerLink as SamplerLinkState } from '../../preload/contract.ts';
import { THRESHOLDS } from '../core/assess.ts';
import type { Failure, Outcome, Summary, Thresholds } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import type { FromSampler, SamplerQuestion, ToSampler } from '../sampling/protocol.ts';
import type { ForkedProcess } from './forked-process.ts';
import { KeptProcess } from './kept-process.ts';
import { CALL_TIMEOUT_MS, PendingCalls } from './pending-calls.ts';
import { parseSamplerMessage } from './sampler-messages.ts';

/** Files of 256 MiB take a busy machine that long to read. */
const READING_TIMEOUT_MS = 120_000;

export interface SamplerLinkOptions {
  forkSampler(): ForkedProcess<ToSampler>;
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
  readonly #calls = new PendingCalls('the sampler');
  readonly #kept: KeptProcess<ToSampler>;
  #pace: Pace = { intervalMs: 1000, paused: false };
  #thresholds: Thresholds = THRESHOLDS;

  constructor(options: SamplerLinkOptions) {
    this.#options = options;
    this.#kept = new KeptProcess<ToSampler>({
      name: 'sampler',
      remedy: 'Choose Try now to start it.',
      fork: () => options.forkSampler(),
      onFork: () => this.#tell(),
      onMessage: (raw) => this.#hear(raw),
      onGone: () => this.#calls.failAll(GONE),
      onState: options.onState,
      now: options.now,
      jitter: options.jitter,
      log: options.log,
    });
  }

  get state(): SamplerLinkState {
    return this.#kept.state;
  }

  start(): void {
    this.#kept.start();
  }

  /** Starts the process again at once, whatever happened before. */
  restart(): void {
    this.#kept.restart();
  }

  /** Ends the process; it is not started again. */
  stop(): void {
    this.#kept.stop();
  }

  /** Remembers the pace, and sends it again to every process started later. */
  configure(change: Partial<Pace>): Pace {
    this.#pace = { ...this.#pace, ...change };
    this.#tell();
    return this.#pace;
  }

  /** By what pools are judged from now on, in every process started later, too. */
  judgeBy(thresholds: Thresholds): void {
    this.#thresholds = thresholds;
    this.#tell();
  }

  async call(name: SamplerQuestion, args: unknown): Promise<Outcome<unknown>> {
    if (!this.#kept.hasProcess) return { ok: false, failure: this.#kept.absentFailure('the socket list') };
    const send = (id: number) => this.#kept.post({ type: 'call', id, name, args });
    return this.#calls.start(name, send, name === 'import.finish' ? READING_TIMEOUT_MS : CALL_TIMEOUT_MS);
  }

  #tell(): void {
    this.#kept.post({ type: 'configure', ...this.#pace, thresholds: this.#thresholds });
  }

  #hear(raw: unknown): void {
    const message = parseSamplerMessage(raw);
    if (!message.ok) return this.#options.log(failureSentence(message.failure));
    this.#take(message.value);
  }

  #take(message: FromSampler): void {
    switch (message.type) {
      case 'ready':
        return this.#kept.isUp();
      case 'beat':
        return;
      case 'summary':
        this.#kept.isUp();
        return this.#options.onSummary(message.summary);
      case 'answer':
        return this.#calls.settle(message.id, message.ok ? message : { ok: false, failure: message.failure });
      case 'unable':
        return this.#kept.giveUp(failureSentence(message.failure));
    }
  }
}
