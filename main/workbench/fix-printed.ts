/** What the helpers of changes print, kept for each change while Fourtuple runs, and told to the pages as it comes. */
import { MAX_CHANGE_PIECE } from '../../preload/contract-fixes.ts';
import type { Outcome } from '../core/model.ts';
import { PrintedFeed } from './printed-feed.ts';
import { Transcript } from './transcript.ts';

/** Bytes kept of one change; a helper prints a few hundred. */
export const MAX_PRINTED_BYTES = 1024 * 1024;
/** Changes whose output is kept, the newest. */
const MAX_CHANGES = 50;
const CUT_NOTE = '\r\nMore was printed and is not kept.\r\n';

export interface PrintedPiece {
  text: string;
  nextOffset: number | null;
  totalCharacters: number;
}

interface Kept {
  transcript: Transcript;
  feed: PrintedFeed;
  isCut: boolean;
}

export class PrintedByChanges {
  readonly #publish: (piece: { changeId: number; offset: number; text: string }) => void;
  /** As Intl names it: "ja-JP". */
  readonly #locale: string;
  readonly #kept = new Map<number, Kept>();

  constructor(locale: string, publish: (piece: { changeId: number; offset: number; text: string }) => void) {
    this.#locale = locale;
    this.#publish = publish;
  }

  /** It is at work and will print: until then there is nothing, which is another answer than "no longer". */
  expect(changeId: number): void {
    if (!this.#kept.has(changeId)) this.#begin(changeId);
  }

  append(changeId: number, bytes: Uint8Array): void {
    const kept = this.#kept.get(changeId) ?? this.#begin(changeId);
    if (kept.isCut) return;
    kept.isCut = kept.transcript.bytes + bytes.length > MAX_PRINTED_BYTES;
    kept.transcript.append('out', bytes.subarray(0, Math.max(0, MAX_PRINTED_BYTES - kept.transcript.bytes)));
    if (kept.isCut) kept.transcript.append('out', new TextEncoder().encode(CUT_NOTE));
    kept.feed.grown();
  }

  /** Tells at once what was not told yet. */
  flush(changeId: number): void {
    this.#kept.get(changeId)?.feed.flush();
  }

  /** UTF-16 units; 0 where nothing is kept. */
  charactersOf(changeId: number): number {
    return this.#kept.get(changeId)?.transcript.characters ?? 0;
  }

  /** A piece from `offset` in characters. */
  read(changeId: number, offset: number, limit: number): Outcome<PrintedPiece> {
    const transcript = this.#kept.get(changeId)?.transcript;
    if (!transcript) return { ok: false, failure: { code: 'gone', what: `what change ${changeId} printed` } };
    const { text, nextOffset } = transcript.slice(offset, Math.min(limit, MAX_CHANGE_PIECE));
    return { ok: true, value: { text, nextOffset, totalCharacters: transcript.characters } };
  }

  #begin(changeId: number): Kept {
    const transcript = new Transcript('utf-8', this.#locale);
    const feed = new PrintedFeed(transcript, (piece) => this.#publish({ changeId, ...piece }));
    const kept: Kept = { transcript, feed, isCut: false };
    this.#kept.set(changeId, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_CHANGES && oldest !== undefined) {
      this.flush(oldest);
      this.#kept.delete(oldest);
    }
    return kept;
  }
}
