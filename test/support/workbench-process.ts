/** Drives a workbench that runs in a namespace (workbench-child.ts); every answer and event is held to the contract. */
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  CALLS,
  EVENTS,
  type Answer,
  type CallArgs,
  type CallName,
  type CallResult,
  type EventName,
  type EventPayload,
} from '../../preload/contract.ts';
import type { NamespaceChild, TestNamespace } from './namespace.ts';

/** What has to be readable for whoever runs it. */
export const WORKBENCH_PROGRAM = fileURLToPath(new URL('./workbench-child.ts', import.meta.url));

export class WorkbenchProcess {
  /** Every event of fixes so far, and every summary, oldest first. */
  readonly events: { name: EventName; payload: unknown }[] = [];
  /** Of its newest terminal process; 0 before there is one. */
  terminalPid = 0;
  complaint = '';
  readonly #child: NamespaceChild;
  readonly #waiting = new Map<number, (answer: Answer<unknown>) => void>();
  #nextId = 1;

  /** `become` is argv that becomes the user it runs as; empty: the one who tests. */
  constructor(namespace: TestNamespace, folder: string, become: readonly string[] = []) {
    this.#child = namespace.spawn([...become, process.execPath, WORKBENCH_PROGRAM, folder]);
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(JSON.parse(line)));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.complaint += text));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The answer in its envelope. */
  async ask<N extends CallName>(name: N, args: CallArgs<N>): Promise<Answer<CallResult<N>>> {
    const id = this.#nextId++;
    const answered = new Promise<Answer<unknown>>((resolve) => this.#waiting.set(id, resolve));
    this.#child.stdin.write(`${JSON.stringify({ id, name, args })}\n`);
    const answer = await answered;
    return answer.ok ? { ok: true, value: CALLS[name].result.parse(answer.value) as CallResult<N> } : answer;
  }

  /** The result of a call that has to succeed. */
  async call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    const answer = await this.ask(name, args);
    if (!answer.ok) throw new Error(`${name}: ${answer.failure.sentence}`);
    return answer.value;
  }

  payloads<N extends EventName>(name: N): EventPayload<N>[] {
    return this.events
      .filter((event) => event.name === name)
      .map(({ payload }) => payload as EventPayload<N>);
  }

  /** The first event of this name, past or future, that fits. */
  async until<N extends EventName>(
    name: N,
    fits: (payload: EventPayload<N>) => boolean,
    limitMs = 10_000,
  ): Promise<EventPayload<N>> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const found = this.payloads(name).find(fits);
      if (found) return found;
      if (Date.now() > deadline) {
        const last = JSON.stringify(this.payloads(name).at(-1))?.slice(0, 800);
        throw new Error(`no ${name} that fits within ${limitMs} ms; the last is ${last}; ${this.complaint}`);
      }
      await pause(10);
    }
  }

  /** Ends it in order; resolves when it is gone. */
  stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return Promise.resolve();
    const gone = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.stdin.end();
    return gone;
  }

  #hear(message: unknown): void {
    const said = message as
      | { type: 'terminal'; pid: number }
      | { type: 'event'; name: EventName; payload: unknown }
      | { type: 'answer'; id: number; answer: Answer<unknown> };
    if (said.type === 'terminal') this.terminalPid = said.pid;
    else if (said.type === 'event') {
      this.events.push({ name: said.name, payload: EVENTS[said.name].parse(said.payload) });
    } else {
      this.#waiting.get(said.id)?.(said.answer);
      this.#waiting.delete(said.id);
    }
  }
}
