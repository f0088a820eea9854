/**
 * One page's WebSocket: greets, answers calls, carries events. What the page sends too fast, or while it does not read
 * its answers, is left unread in the kernel (hardening W8, W9).
 */
import type { WebSocket } from 'ws';
import { clientFrameSchema, MAX_CALL_BYTES, type ServerFrame } from '../../../preload/contract.ts';
import type { EventFanOut } from '../event-fan-out.ts';
import { MAX_BUFFERED_BYTES } from '../event-fan-out.ts';
import { answerCall, refuse, type CallServer } from '../serve-contract.ts';
import type { Access, Session } from './access.ts';
import { MessageRate } from './message-rate.ts';

/** Longest message taken: the arguments of a call and the frame around them. */
export const MAX_FRAME_BYTES = MAX_CALL_BYTES + 1024;
const HELLO_TIMEOUT_MS = 2000;
const PING_INTERVAL_MS = 15_000;
const MAX_HELD_BYTES = 8 * 1024 * 1024;
const MAX_CALLS_IN_FLIGHT = 32;
/** Messages of one read that may wait for their turn. */
const MAX_WAITING = 256;
const DRAIN_CHECK_MS = 50;
/** A page that does not answer the close frame by then is cut off. */
const CLOSE_TIMEOUT_MS = 2000;
export const MAX_SOCKETS_PER_SESSION = 8;

/** Close codes: 4401 tells the page that only a new address helps; the others that it may try again. */
const CLOSE = { refused: 4401, malformed: 4400, tooMuch: 4429, later: 1013 } as const;

export interface PageSocketParts {
  socket: WebSocket;
  /** The session cookie's value as it came with the upgrade. */
  cookie: string | null;
  access: Access;
  workbench: CallServer;
  fanOut: EventFanOut;
  now(): number;
}

export class PageSocket {
  readonly #parts: PageSocketParts;
  readonly #socket: WebSocket;
  readonly #rate: MessageRate;
  readonly #waiting: string[] = [];
  readonly #helloTimer: ReturnType<typeof setTimeout>;
  #pumpTimer: ReturnType<typeof setTimeout> | undefined;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #session: Session | null = null;
  #lane: ReturnType<EventFanOut['add']> | null = null;
  #hasGreeted = false;
  #hasPonged = true;
  #inFlight = 0;

  constructor(parts: PageSocketParts) {
    this.#parts = parts;
    this.#socket = parts.socket;
    this.#rate = new MessageRate(parts.now);
    this.#helloTimer = setTimeout(() => this.#close(CLOSE.refused, 'no greeting'), HELLO_TIMEOUT_MS);
    this.#socket.on('message', (data, isBinary) => this.#take(isBinary ? null : data.toString()));
    this.#socket.on('pong', () => (this.#hasPonged = true));
    // ws closes the socket itself after an error (oversize, bad UTF-8, a broken frame).
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.#ended());
  }

  readonly #endSession = () => this.#close(CLOSE.refused, 'session ended');

  #take(text: string | null): void {
    if (text === null) return this.#close(CLOSE.malformed, 'text frames only');
    if (this.#waiting.length >= MAX_WAITING) return this.#close(CLOSE.tooMuch, 'too many messages');
    this.#waiting.push(text);
    this.#pump();
  }

  /** Takes as many waiting messages as are allowed now; while any waits, nothing more is read from the page. */
  #pump(): void {
    clearTimeout(this.#pumpTimer);
    while (this.#waiting.length > 0 && this.#socket.readyState === this.#socket.OPEN) {
      const waitMs = this.#mustWaitMs();
      if (waitMs > 0) {
        this.#socket.pause();
        this.#pumpTimer = setTimeout(() => this.#pump(), waitMs);
        return;
      }
      const text = this.#waiting.shift();
      if (text !== undefined) this.#read(text);
    }
    this.#socket.resume();
  }

  #mustWaitMs(): number {
    const isFull = this.#inFlight >= MAX_CALLS_IN_FLIGHT || this.#socket.bufferedAmount > MAX_BUFFERED_BYTES;
    return isFull ? DRAIN_CHECK_MS : this.#rate.take();
  }

  #read(text: string): void {
    const raw = parseJson(text);
    const frame = clientFrameSchema.safeParse(raw);
    if (!frame.success) return this.#refuseMalformed(raw);
    if (frame.data.type === 'hello') return void this.#greet(frame.data.secret);
    if (!this.#session) return this.#close(CLOSE.refused, 'greet first');
    this.#session.usedAtMs = this.#parts.now();
    void this.#call(frame.data.id, frame.data.name, frame.data.args);
  }

  /** A frame that is none: answered where it can be told which call was meant, else the socket ends. */
  #refuseMalformed(raw: unknown): void {
    const id =
      typeof raw === 'object' && raw !== null && Object.hasOwn(raw, 'id')
        ? (raw as { id: unknown }).id
        : null;
    if (!this.#session || !Number.isSafeInteger(id) || Number(id) < 0) {
      return this.#close(CLOSE.malformed, 'malformed message');
    }
    const answer = refuse(
      'invalid',
      'The page sent a message of a form the workbench does not know. Reload the page.',
    );
    this.#send({ type: 'answer', id: Number(id), answer });
  }

  async #greet(secret: string): Promise<void> {
    if (this.#hasGreeted) return this.#close(CLOSE.malformed, 'greeted twice');
    this.#hasGreeted = true;
    clearTimeout(this.#helloTimer);
    const admission = await this.#parts.access.find(this.#parts.cookie, secret);
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (admission.kind === 'slowed') return this.#close(CLOSE.later, 'try again later');
    if (admission.kind === 'refused') return this.#close(CLOSE.refused, 'refused');
    if (admission.value.onEnd.size >= MAX_SOCKETS_PER_SESSION)
      return this.#close(CLOSE.later, 'too many pages');
    this.#session = admission.value;
    this.#session.onEnd.add(this.#endSession);
    this.#pingTimer = setInterval(() => this.#ping(), PING_INTERVAL_MS);
    this.#send({ type: 'welcome' });
    this.#lane = this.#parts.fanOut.add({
      post: ({ name, payload }, sent) => this.#send({ type: 'event', name, payload }, sent),
      bufferedBytes: () => this.#socket.bufferedAmount,
    });
  }

  async #call(id: number, name: string, args: unknown): Promise<void> {
    this.#inFlight++;
    const answer = await answerCall(this.#parts.workbench, name, args);
    this.#inFlight--;
    this.#send({ type: 'answer', id, answer });
    if (this.#waiting.length > 0) this.#pump();
  }

  #send(frame: ServerFrame, sent?: () => void): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(JSON.stringify(frame), () => {
      sent?.();
      this.#lane?.flush();
    });
    if (this.#socket.bufferedAmount > MAX_HELD_BYTES) this.#socket.terminate();
  }

  #close(code: number, reason: string): void {
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT_MS).unref();
  }

  #ping(): void {
    if (!this.#hasPonged) return this.#socket.terminate();
    this.#hasPonged = false;
    this.#socket.ping();
  }

  #ended(): void {
    clearTimeout(this.#helloTimer);
    clearTimeout(this.#pumpTimer);
    clearInterval(this.#pingTimer);
    this.#waiting.length = 0;
    this.#lane?.remove();
    this.#session?.onEnd.delete(this.#endSession);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: no frame schema accepts undefined.
    return undefined;
  }
}
