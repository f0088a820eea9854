/** The terminal's side of the protocol: runs what it is asked to, passes the output on, tells how it ended. */
import { Buffer } from 'node:buffer';
import type { Failure } from '../core/model.ts';
import { Outbox } from './outbox.ts';
import { MAX_RUNS, type EndedRun, type FromTerminal } from './protocol.ts';
import { readToTerminal } from './read-messages.ts';
import type { OutputStream, RunRequest, RunResult, StartedRun } from './run.ts';
import type { Runner } from './runner.ts';

export interface ServiceParts {
  runner: Runner;
  post(message: FromTerminal, taken?: () => void): void;
  monotonicMs(): number;
}

export class TerminalService {
  private readonly parts: ServiceParts;
  private readonly outbox: Outbox;
  private readonly runs = new Map<number, StartedRun>();

  constructor(parts: ServiceParts) {
    this.parts = parts;
    this.outbox = new Outbox({
      monotonicMs: parts.monotonicMs,
      send: (id, stream, bytes, taken) => {
        const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
        parts.post({ type: 'output', id, stream, data }, taken);
      },
    });
  }

  /** Takes one message, whatever it is; true when it asks for the end of the process. */
  receive(raw: unknown): boolean {
    const message = readToTerminal(raw);
    switch (message?.type) {
      case 'stop':
        return true;
      case 'refused':
        this.parts.post(message);
        break;
      case 'run':
        this.start(message.id, message.request);
        break;
      case 'cancel':
        this.runs.get(message.id)?.cancel();
        break;
      case 'write':
        this.runs.get(message.id)?.write(Buffer.from(message.data, 'base64'));
        break;
      case 'resize':
        this.runs.get(message.id)?.resize(message.columns, message.rows);
        break;
    }
    return false;
  }

  /** Ends all runs. With `isHeard` their last output and ends are still told. */
  async end(isHeard: boolean): Promise<void> {
    if (!isHeard) this.outbox.close();
    await this.parts.runner.end();
  }

  private start(id: number, request: RunRequest): void {
    if (this.runs.has(id)) return this.refuse(id, { code: 'invalid', field: 'id', message: 'is in use' });
    if (this.runs.size >= MAX_RUNS) {
      const why = `${MAX_RUNS} runs are under way or waiting`;
      return this.refuse(id, { code: 'unavailable', what: 'another run', why });
    }
    const sent: Record<OutputStream, number> = { out: 0, err: 0 };
    const started = this.parts.runner.start(request, {
      keepOutput: false,
      onOutput: (stream, bytes) => {
        sent[stream] += bytes.length;
        this.outbox.add(id, stream, bytes);
      },
      passedOn: () => this.outbox.passedOn(id),
    });
    if (!started.ok) return this.refuse(id, started.failure);
    this.runs.set(id, started.value);
    void started.value.result.then((result) => {
      this.runs.delete(id);
      if (!result.ok) return this.refuse(id, result.failure);
      this.parts.post({ type: 'ended', id, result: withoutOutput(result.value, sent) });
    });
  }

  private refuse(id: number, failure: Failure): void {
    this.parts.post({ type: 'refused', id, failure });
  }
}

function withoutOutput(result: RunResult, sent: Record<OutputStream, number>): EndedRun {
  const { stdout: _stdout, stderr: _stderr, ...rest } = result;
  return { ...rest, stdoutBytes: sent.out, stderrBytes: sent.err };
}
