/** A terminal process that does what the test says: runs end when the test ends them. */
import type { Failure } from '../../main/core/model.ts';
import type { EndedRun, FromTerminal, ToTerminal } from '../../main/terminal/protocol.ts';
import type { OutputStream, RunRequest } from '../../main/terminal/run.ts';
import { FakeChild } from './fake-child.ts';

export class FakeTerminal extends FakeChild<ToTerminal, FromTerminal> {
  /** False: it does not heed 'stop'. */
  obeysStop = true;
  readonly #sent = new Map<number, Record<OutputStream, number>>();

  /** Ids of the runs it was sent, oldest first. */
  get runIds(): number[] {
    return this.received.flatMap((message) => (message.type === 'run' ? [message.id] : []));
  }

  get cancelledIds(): number[] {
    return this.received.flatMap((message) => (message.type === 'cancel' ? [message.id] : []));
  }

  request(id = this.#newest()): RunRequest {
    const message = this.received.find((one) => one.type === 'run' && one.id === id);
    if (message?.type !== 'run') throw new Error(`no run ${id} was asked for`);
    return message.request;
  }

  /** Text or bytes of a run, the newest by default. */
  print(output: string | Uint8Array, stream: OutputStream = 'out', id = this.#newest()): void {
    const bytes = Buffer.from(output);
    const sent = this.#sent.get(id) ?? { out: 0, err: 0 };
    sent[stream] += bytes.length;
    this.#sent.set(id, sent);
    this.say({ type: 'output', id, stream, data: bytes.toString('base64') });
  }

  /** Ends a run, the newest by default: exit status 0 after 40 ms unless changed. */
  end(change: Partial<EndedRun> = {}, id = this.#newest()): void {
    const { tool, argv, way } = this.request(id);
    const sent = this.#sent.get(id) ?? { out: 0, err: 0 };
    const result: EndedRun = {
      tool,
      argv,
      program: `/usr/bin/${tool}`,
      way,
      note: null,
      startedAtMs: Date.now(),
      tookMs: 40,
      end: 'exited',
      exitCode: 0,
      signal: null,
      truncated: false,
      survivors: [],
      stdoutBytes: sent.out,
      stderrBytes: sent.err,
      ...change,
    };
    this.say({ type: 'ended', id, result });
  }

  refuse(failure: Failure, id = this.#newest()): void {
    this.say({ type: 'refused', id, failure });
  }

  protected override react(message: ToTerminal): void {
    if (message.type === 'stop' && this.obeysStop) this.exit({ code: 0, signal: null });
  }

  #newest(): number {
    const id = this.runIds.at(-1);
    if (id === undefined) throw new Error('no run was asked for');
    return id;
  }
}
