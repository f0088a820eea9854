/**
 * Output on its way to the workbench: gathered into messages, sent in bursts, never more of it under way than the
 * channel takes. What cannot be sent yet waits here, within the limits of the runs that printed it.
 */
import { MAX_UNSENT_BYTES, OUTPUT_MESSAGE_BYTES, OUTPUT_PACE_MS } from './protocol.ts';
import type { OutputStream } from './run.ts';

const FIRST_BYTES = 1024;

interface Waiting {
  streams: Record<OutputStream, Block[]>;
  /** Called when nothing of the run waits any more. */
  onEmpty: (() => void)[];
}

/** A message in the making. */
interface Block {
  bytes: Uint8Array;
  length: number;
}

export interface OutboxParts {
  /** Sends one message; `taken` is called once the channel has taken it. */
  send(id: number, stream: OutputStream, bytes: Uint8Array, taken: () => void): void;
  monotonicMs(): number;
}

export class Outbox {
  private readonly parts: OutboxParts;
  private readonly runs = new Map<number, Waiting>();
  private unsentBytes = 0;
  private lastBurstMs = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(parts: OutboxParts) {
    this.parts = parts;
  }

  add(id: number, stream: OutputStream, bytes: Uint8Array): void {
    if (this.isClosed || bytes.length === 0) return;
    let waiting = this.runs.get(id);
    if (!waiting) this.runs.set(id, (waiting = { streams: { out: [], err: [] }, onEmpty: [] }));
    append(waiting.streams[stream], bytes);
    this.schedule();
  }

  /** Settles when all output of the run has been sent. */
  passedOn(id: number): Promise<void> {
    const waiting = this.runs.get(id);
    return waiting ? new Promise((resolve) => waiting.onEmpty.push(resolve)) : Promise.resolve();
  }

  /** Drops everything: there is nobody left to send it to. */
  close(): void {
    this.isClosed = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    for (const id of [...this.runs.keys()]) this.forget(id);
  }

  private schedule(): void {
    if (this.timer || this.isClosed || this.runs.size === 0 || this.unsentBytes >= MAX_UNSENT_BYTES) return;
    const dueMs = this.lastBurstMs + OUTPUT_PACE_MS - this.parts.monotonicMs();
    this.timer = setTimeout(() => this.burst(), Math.max(0, dueMs));
  }

  /** One message of each run in turn, so that one that prints a lot does not hold up the others. */
  private burst(): void {
    this.timer = null;
    this.lastBurstMs = this.parts.monotonicMs();
    while (this.runs.size > 0 && this.unsentBytes < MAX_UNSENT_BYTES) {
      for (const [id, waiting] of this.runs) {
        if (this.unsentBytes >= MAX_UNSENT_BYTES) break;
        this.sendOne(id, waiting);
      }
      if (this.parts.monotonicMs() - this.lastBurstMs > OUTPUT_PACE_MS) break;
    }
    this.schedule();
  }

  private sendOne(id: number, { streams }: Waiting): void {
    const stream = streams.out.length > 0 ? 'out' : 'err';
    const block = streams[stream].shift();
    if (streams.out.length === 0 && streams.err.length === 0) this.forget(id);
    if (!block) return;
    this.unsentBytes += block.length;
    this.parts.send(id, stream, block.bytes.subarray(0, block.length), () => {
      this.unsentBytes -= block.length;
      this.schedule();
    });
  }

  private forget(id: number): void {
    const waiting = this.runs.get(id);
    this.runs.delete(id);
    for (const tell of waiting?.onEmpty ?? []) tell();
  }
}

function append(blocks: Block[], bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    let last = blocks.at(-1);
    if (!last || last.length === OUTPUT_MESSAGE_BYTES) {
      blocks.push((last = { bytes: new Uint8Array(FIRST_BYTES), length: 0 }));
    }
    const piece = bytes.subarray(at, at + OUTPUT_MESSAGE_BYTES - last.length);
    makeRoom(last, last.length + piece.length);
    last.bytes.set(piece, last.length);
    last.length += piece.length;
    at += piece.length;
  }
}

function makeRoom(block: Block, needed: number): void {
  if (needed <= block.bytes.length) return;
  const grown = new Uint8Array(Math.min(OUTPUT_MESSAGE_BYTES, Math.max(needed, block.bytes.length * 4)));
  grown.set(block.bytes.subarray(0, block.length));
  block.bytes = grown;
}
