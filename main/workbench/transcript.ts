/**
 * What one run printed, as text: decoded once as it comes, kept in pieces, cut only between characters. Where both
 * streams come apart (a pipe), a begun line of one holds back the other, so that every line belongs to one stream and a
 * parser's line can be found again.
 */
import { createHash } from 'node:crypto';
import type { Probe } from '../probes/probe.ts';
import type { OutputStream } from '../terminal/run.ts';
import { openDecoder, type OutputDecoder } from './output-decoder.ts';

/** Stretches of one stream from a line on, both lines counted from 1. */
export interface LineStretch {
  /** Line of the transcript on which it begins. */
  line: number;
  stream: OutputStream;
  /** Line within its own stream. */
  streamLine: number;
}

interface Piece {
  start: number;
  stream: OutputStream;
  text: string;
  /** A line end that was not printed. */
  isOurs: boolean;
}

export class Transcript {
  readonly #decoders: Record<OutputStream, OutputDecoder>;
  readonly #hash = createHash('sha256');
  #pieces: Piece[] = [];
  #stretches: LineStretch[] = [];
  /** The stream that has begun a line, and what the other said since. */
  #open: OutputStream | null = null;
  #held: Record<OutputStream, string> = { out: '', err: '' };
  /** Whole lines so far, of each stream and of both. */
  #lines: Record<OutputStream, number> = { out: 0, err: 0 };
  #characters = 0;
  #bytes = 0;

  /** `locale` of the machine as Intl names it. */
  constructor(encoding: Probe['encoding'], locale: string) {
    this.#decoders = { out: openDecoder(encoding, locale), err: openDecoder(encoding, locale) };
  }

  /** UTF-16 units. */
  get characters(): number {
    return this.#characters;
  }

  /** As printed, before decoding. */
  get bytes(): number {
    return this.#bytes;
  }

  get stretches(): readonly LineStretch[] {
    return this.#stretches;
  }

  append(stream: OutputStream, bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    this.#hash.update(bytes);
    this.#take(stream, this.#decoders[stream].decode(bytes));
  }

  /** Nothing more comes. Gives the SHA-256 of all bytes in the order they came, hexadecimal. */
  end(): string {
    for (const stream of ['out', 'err'] as const) this.#take(stream, this.#decoders[stream].end());
    if (this.#open !== null) this.#release(this.#open);
    return this.#hash.digest('hex');
  }

  /** At most `limit` characters from `offset`, never half of a surrogate pair: one more, or one less at the start. */
  slice(offset: number, limit: number): { text: string; offset: number; nextOffset: number | null } {
    let from = Math.min(offset, this.#characters);
    let to = Math.min(from + limit, this.#characters);
    let text = this.#read(from, to + 1);
    if (isLowSurrogate(text.charCodeAt(0)) && isHighSurrogate(this.#read(from - 1, from).charCodeAt(0))) {
      from += 1;
      text = text.slice(1);
    }
    const isSplit =
      isHighSurrogate(text.charCodeAt(to - from - 1)) && isLowSurrogate(text.charCodeAt(to - from));
    if (isSplit) to += 1;
    return {
      text: text.slice(0, Math.max(0, to - from)),
      offset: from,
      nextOffset: to < this.#characters ? to : null,
    };
  }

  /** All of one stream, in pieces. */
  textOf(stream: OutputStream): string[] {
    return this.#pieces.filter((piece) => piece.stream === stream && !piece.isOurs).map(({ text }) => text);
  }

  #take(stream: OutputStream, text: string): void {
    if (text === '') return;
    if (this.#open !== null && this.#open !== stream) {
      this.#held[stream] += text;
      return;
    }
    const other = otherThan(stream);
    const end = text.lastIndexOf('\n') + 1;
    if (end === 0 || this.#held[other] === '') return this.#keep(stream, text);
    this.#keep(stream, text.slice(0, end));
    this.#release(stream);
    this.#take(stream, text.slice(end));
  }

  /** Lets out what was held back by `stream`, whose begun line is ended here if it has no end of its own. */
  #release(stream: OutputStream): void {
    const other = otherThan(stream);
    const held = this.#held[other];
    if (held === '') return;
    this.#held[other] = '';
    if (this.#open === stream) this.#keep(stream, '\n', true);
    this.#keep(other, held);
  }

  #keep(stream: OutputStream, text: string, isOurs = false): void {
    if (this.#stretches.at(-1)?.stream !== stream) {
      const line = this.#lines.out + this.#lines.err + 1;
      this.#stretches.push({ line, stream, streamLine: this.#lines[stream] + 1 });
    }
    this.#pieces.push({ start: this.#characters, stream, text, isOurs });
    this.#characters += text.length;
    this.#lines[stream] += countLineEnds(text);
    this.#open = text.endsWith('\n') ? null : stream;
  }

  #read(from: number, to: number): string {
    let text = '';
    for (let at = this.#pieceAt(from); at < this.#pieces.length; at++) {
      const piece = this.#pieces[at];
      if (!piece || piece.start >= to) break;
      text += piece.text.slice(Math.max(0, from - piece.start), to - piece.start);
    }
    return text;
  }

  /** Index of the piece that holds the character. */
  #pieceAt(offset: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#pieces[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function otherThan(stream: OutputStream): OutputStream {
  return stream === 'out' ? 'err' : 'out';
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
