/** Takes a helper's output apart: what it says to us, and what it prints for the person (see helper.ts). */
import type { HelperMessage } from './helper.ts';

const RECORD_SEPARATOR = 0x1e;
const LINE_FEED = 0x0a;
/** No message is half as long. */
const MAX_MESSAGE_BYTES = 64;
/** Steps of a plan at most (planSchema of preload/contract-fixes.ts has fewer). */
const MAX_STEP = 999;

export interface HelperLinesHooks {
  message(message: HelperMessage): void;
  /** Bytes for the person, as they come: a prompt has no line end. They are not decoded. */
  printed(bytes: Uint8Array): void;
  /** A line that began as a message and is none; it is dropped. At most 64 characters of it, one a byte. */
  malformed?(line: string): void;
}

/** A message begins with RS anywhere and ends with the line; a terminal makes CR LF of that. */
export class HelperLines {
  readonly #hooks: HelperLinesHooks;
  /** Bytes of a message whose end has not come; null outside of one. */
  #held: number[] | null = null;

  constructor(hooks: HelperLinesHooks) {
    this.#hooks = hooks;
  }

  write(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) at = this.#held === null ? this.#print(bytes, at) : this.#hold(bytes, at);
  }

  /** Nothing more comes: a message without its end is none. */
  end(): void {
    if (this.#held !== null) this.#hooks.malformed?.(textOf(this.#held));
    this.#held = null;
  }

  #print(bytes: Uint8Array, from: number): number {
    const found = bytes.indexOf(RECORD_SEPARATOR, from);
    const until = found === -1 ? bytes.length : found;
    if (until > from) this.#hooks.printed(bytes.subarray(from, until));
    if (found === -1) return until;
    this.#held = [];
    return found + 1;
  }

  #hold(bytes: Uint8Array, from: number): number {
    const held = this.#held ?? [];
    const found = bytes.indexOf(LINE_FEED, from);
    const until = found === -1 ? bytes.length : found;
    // One byte too many makes it no message, whatever follows.
    for (let at = from; at < until && held.length <= MAX_MESSAGE_BYTES; at++) held.push(bytes[at] ?? 0);
    if (found === -1) return until;
    this.#held = null;
    this.#tell(textOf(held).replace(/\r+$/, ''), held.length);
    return found + 1;
  }

  #tell(line: string, bytes: number): void {
    const message = bytes > MAX_MESSAGE_BYTES ? null : parseMessage(line);
    if (message === null) this.#hooks.malformed?.(line);
    else this.#hooks.message(message);
  }
}

/** A line without RS and line end; null when it is no message. */
export function parseMessage(line: string): HelperMessage | null {
  if (line === 'ready' || line === 'holding' || line === 'kept') return { kind: line };
  const [, kind, stepText, statusText] =
    /^(refused|begin|done|failed|undone|left) ([1-9]\d{0,2})(?: (\d{1,3}))?$/.exec(line) ?? [];
  const step = Number(stepText);
  if (kind === undefined || step > MAX_STEP || (kind === 'failed') !== (statusText !== undefined))
    return null;
  switch (kind) {
    case 'failed':
      return Number(statusText) <= 255 ? { kind, step, status: Number(statusText) } : null;
    case 'refused':
    case 'begin':
    case 'done':
    case 'undone':
    case 'left':
      return { kind, step };
    default:
      return null;
  }
}

function textOf(bytes: readonly number[]): string {
  return String.fromCharCode(...bytes.slice(0, MAX_MESSAGE_BYTES));
}
