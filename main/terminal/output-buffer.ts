/** What a run printed, up to its limits; past them everything is dropped, unread and uncounted. */
import type { OutputStream, RunEnd, RunLimits } from './run.ts';

const NEWLINE = 10;
const FIRST_BYTES = 4096;

type OutputLimits = Pick<RunLimits, 'outputBytes' | 'lineBytes' | 'lines'>;

export interface Taken {
  /** The part of the chunk that is within the limits. */
  kept: Uint8Array;
  /** The limit that this chunk went over. */
  over: Extract<RunEnd, 'too-much-output' | 'line-too-long' | 'too-many-lines'> | null;
}

const NOTHING = new Uint8Array(0);

export class OutputBuffer {
  private readonly limits: OutputLimits;
  private readonly kept: Record<OutputStream, GrowingBytes> | null;
  /** Bytes since the last line end. */
  private readonly openLine: Record<OutputStream, number> = { out: 0, err: 0 };
  private bytes = 0;
  private lines = 0;
  private dropsAll = false;

  constructor(limits: OutputLimits, keepOutput: boolean) {
    this.limits = limits;
    this.kept = keepOutput ? { out: new GrowingBytes(), err: new GrowingBytes() } : null;
  }

  /** True when output beyond a limit was dropped. */
  get isTruncated(): boolean {
    return this.dropsAll;
  }

  take(stream: OutputStream, chunk: Uint8Array): Taken {
    if (this.dropsAll || chunk.length === 0) return { kept: NOTHING, over: null };
    const taken = this.measure(stream, chunk);
    this.bytes += taken.kept.length;
    this.dropsAll = taken.over !== null;
    this.kept?.[stream].append(taken.kept);
    return taken;
  }

  read(stream: OutputStream): Uint8Array {
    return this.kept?.[stream].bytes() ?? NOTHING;
  }

  private measure(stream: OutputStream, chunk: Uint8Array): Taken {
    const { outputBytes, lineBytes, lines } = this.limits;
    let end = Math.min(chunk.length, outputBytes - this.bytes);
    let over: Taken['over'] = end < chunk.length ? 'too-much-output' : null;
    for (let at = 0; at < end;) {
      if (this.lines >= lines) {
        end = at;
        over = 'too-many-lines';
        break;
      }
      const newline = chunk.indexOf(NEWLINE, at);
      const lineEnd = newline < 0 || newline >= end ? end : newline;
      const room = lineBytes - this.openLine[stream];
      if (lineEnd - at > room) {
        end = at + room;
        over = 'line-too-long';
        break;
      }
      this.openLine[stream] += lineEnd - at;
      at = lineEnd + 1;
      if (lineEnd === end) break;
      this.lines++;
      this.openLine[stream] = 0;
    }
    return { kept: end === chunk.length ? chunk : chunk.subarray(0, end), over };
  }
}

/** One growing block: a program that writes byte by byte would cost hundreds of bytes a chunk in a list. */
class GrowingBytes {
  private block = NOTHING;
  private length = 0;

  append(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (needed > this.block.length) {
      const grown = new Uint8Array(Math.max(needed, this.block.length * 2, FIRST_BYTES));
      grown.set(this.block.subarray(0, this.length));
      this.block = grown;
    }
    this.block.set(chunk, this.length);
    this.length = needed;
  }

  bytes(): Uint8Array {
    return this.block.subarray(0, this.length);
  }
}
