/**
 * The workbench's side of the terminal: its process is started with the first run and kept running, carries the runs
 * asked for and hands back what they print. When it dies, its runs have failed, each with a sentence.
 */
import type { Failure, Outcome } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import type { EndedRun, FromTerminal, ToTerminal } from '../terminal/protocol.ts';
import type { OutputStream, RunRequest } from '../terminal/run.ts';
import type { ForkedProcess } from './forked-process.ts';
import { KeptProcess } from './kept-process.ts';
import { parseTerminalMessage } from './terminal-messages.ts';

/** Its commands get SIGTERM, 2 s, SIGKILL (hardening C6), and it a moment to say good-bye. */
const STOP_PATIENCE_MS = 3000;

export interface TerminalLinkOptions {
  forkTerminal(): ForkedProcess<ToTerminal>;
  /** Epoch milliseconds. */
  now(): number;
  /** 0–1, for the back-off. */
  jitter(): number;
  log(line: string): void;
}

/** What hears of one run: pieces of output, then one of the last two. */
export interface RunListener {
  printed(stream: OutputStream, bytes: Uint8Array): void;
  ended(result: EndedRun): void;
  failed(failure: Failure): void;
}

/** A run on its way. What is sent to one that is over is lost. */
export interface LinkedRun {
  cancel(): void;
  /** Types bytes into a visible run; they are kept nowhere. */
  write(bytes: Uint8Array): void;
  /** Size of its terminal, in characters. */
  resize(columns: number, rows: number): void;
}

export class TerminalLink {
  readonly #options: TerminalLinkOptions;
  readonly #kept: KeptProcess<ToTerminal>;
  readonly #runs = new Map<number, RunListener>();
  #nextId = 1;
  #hasStopped = false;

  constructor(options: TerminalLinkOptions) {
    this.#options = options;
    this.#kept = new KeptProcess<ToTerminal>({
      name: 'terminal',
      remedy: 'Run it again to start it.',
      fork: () => options.forkTerminal(),
      onFork: () => {},
      onMessage: (raw) => this.#hear(raw),
      onGone: () => this.#failAll(),
      onState: () => {},
      now: options.now,
      jitter: options.jitter,
      log: options.log,
    });
  }

  /** Sends a run on its way; refused, with the reason, while the process waits to be started again. */
  run(request: RunRequest, listener: RunListener): Outcome<LinkedRun> {
    // A person who asks again after it was given up asks for a fresh start.
    if (!this.#hasStopped && this.#kept.state.state === 'stopped') this.#kept.restart();
    if (this.#hasStopped || !this.#kept.hasProcess) {
      return { ok: false, failure: this.#kept.absentFailure('running a command') };
    }
    const id = this.#nextId++;
    this.#runs.set(id, listener);
    this.#kept.post({ type: 'run', id, request });
    const post = (message: ToTerminal) => {
      if (this.#runs.has(id)) this.#kept.post(message);
    };
    const run: LinkedRun = {
      cancel: () => post({ type: 'cancel', id }),
      write: (bytes) => post({ type: 'write', id, data: Buffer.from(bytes).toString('base64') }),
      resize: (columns, rows) => post({ type: 'resize', id, columns, rows }),
    };
    return { ok: true, value: run };
  }

  /** Ends every run, then the process; resolves when it is gone, after 3 s at the latest. */
  stop(): Promise<void> {
    this.#hasStopped = true;
    return this.#kept.end({ type: 'stop' }, STOP_PATIENCE_MS);
  }

  #hear(raw: unknown): void {
    const message = parseTerminalMessage(raw);
    if (!message.ok) return this.#options.log(failureSentence(message.failure));
    this.#take(message.value);
  }

  #take(message: FromTerminal): void {
    if (message.type === 'ready') return this.#kept.isUp();
    if (message.type === 'beat') return;
    const listener = this.#runs.get(message.id);
    // A run that was given up already.
    if (!listener) return;
    if (message.type === 'output') {
      return listener.printed(message.stream, Buffer.from(message.data, 'base64'));
    }
    this.#runs.delete(message.id);
    if (message.type === 'ended') listener.ended(message.result);
    else listener.failed(message.failure);
  }

  #failAll(): void {
    const failure: Failure = { code: 'gone', what: 'the terminal process that ran it' };
    const listeners = [...this.#runs.values()];
    this.#runs.clear();
    for (const listener of listeners) listener.failed(failure);
  }
}
