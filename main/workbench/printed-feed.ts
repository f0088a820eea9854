/** What a run prints, as events: at most ten a second and 32 KiB each. A reader that is behind asks for the transcript. */
import { MAX_TRANSCRIPT_PIECE } from '../../preload/contract-evidence.ts';
import type { Transcript } from './transcript.ts';

export const PRINTED_EVERY_MS = 100;

export class PrintedFeed {
  readonly #transcript: Transcript;
  readonly #publish: (piece: { offset: number; text: string }) => void;
  #publishedTo = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(transcript: Transcript, publish: (piece: { offset: number; text: string }) => void) {
    this.#transcript = transcript;
    this.#publish = publish;
  }

  /** The transcript has grown. */
  grown(): void {
    this.#timer ??= setTimeout(() => this.flush(), PRINTED_EVERY_MS);
  }

  /** Publishes the newest of what was not published yet, and waits for more. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { characters } = this.#transcript;
    if (characters <= this.#publishedTo) return;
    const from = Math.max(this.#publishedTo, characters - MAX_TRANSCRIPT_PIECE);
    const { offset, text } = this.#transcript.slice(from, MAX_TRANSCRIPT_PIECE);
    this.#publishedTo = characters;
    this.#publish({ offset, text });
  }
}
