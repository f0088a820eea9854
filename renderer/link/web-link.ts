/** The link in a browser: one WebSocket, opened again with back-off when it drops. */
import { z } from 'zod';
import type { CallArgs, CallName, CallResult, ClientFrame } from '../../preload/contract.ts';
import { LinkError, type Link, type LinkState } from './link.ts';
import { Listeners } from './listeners.ts';
import { readAnswer, readEvent } from './read-answer.ts';
import { forgetSession, openSession, takeCode, type SessionPage } from './web-session.ts';

/** First wait before a new try, doubled up to the last. */
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
/** Longer than the workbench itself waits for the sampler (10 s), so that its reason arrives first. */
const CALL_TIMEOUT_MS = 15_000;
/** The same for reading large files, for which the workbench waits 120 s. */
const READING_TIMEOUT_MS = 150_000;
/** A socket that has not welcomed us by then is given up. */
const WELCOME_TIMEOUT_MS = 10_000;
/** The web host closes with this code when the session is not, or no longer, valid. */
const CLOSE_REFUSED = 4401;

const LOST = 'The connection to the workbench was lost.';
const REFUSED =
  'This page has no session with the workbench. Open the address that the terminal printed, or press Enter there for a new one.';

const serverFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('welcome') }),
  z.strictObject({ type: z.literal('answer'), id: z.number().int().nonnegative(), answer: z.unknown() }),
  z.strictObject({ type: z.literal('event'), name: z.string().max(64), payload: z.unknown() }),
]);

/** The parts of `window` the web link needs. */
export interface WebPage extends SessionPage {
  readonly location: SessionPage['location'] & { readonly host: string; readonly protocol: string };
  readonly WebSocket: new (url: string) => WebSocket;
}

export interface WebLinkOptions {
  page: WebPage;
  /** Epoch milliseconds. */
  now(): number;
}

/** A link to the web host that served this page; starts connecting at once. */
export function createWebLink(options: WebLinkOptions): Link {
  const link = new WebLink(options);
  link.start();
  return link;
}

interface Waiting {
  frame: ClientFrame;
  resolve(raw: unknown): void;
  reject(error: LinkError): void;
}

class WebLink implements Link {
  readonly host = 'web' as const;
  readonly #page: WebPage;
  readonly #now: () => number;
  readonly #listeners = new Listeners();
  /** Calls without an answer; those made while connecting are sent after the welcome. */
  readonly #waiting = new Map<number, Waiting>();
  #state: LinkState;
  #code: string | null = null;
  #nextId = 1;
  #socket: WebSocket | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #welcomeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor({ page, now }: WebLinkOptions) {
    this.#page = page;
    this.#now = now;
    this.#state = { kind: 'connecting', sinceMs: now(), retryAtMs: null, attempt: 0, sentence: null };
  }

  get state(): LinkState {
    return this.#state;
  }

  start(): void {
    this.#code = takeCode(this.#page);
    void this.#connect();
  }

  async call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    return readAnswer(name, await this.#ask(name, args));
  }

  on: Link['on'] = (name, listener) => this.#listeners.on(name, listener);
  onState: Link['onState'] = (listener) => this.#listeners.onState(listener);

  retryNow(): void {
    if (this.#state.kind !== 'lost') return;
    clearTimeout(this.#retryTimer);
    void this.#connect();
  }

  async #connect(): Promise<void> {
    this.#change({ kind: 'connecting', retryAtMs: null, sentence: this.#state.attempt > 0 ? LOST : null });
    const session = await openSession(this.#page, this.#code);
    if (session.kind === 'unreachable') return this.#lose();
    this.#code = null;
    if (session.kind === 'refused') return this.#refuse();
    this.#openSocket(session.secret);
  }

  #openSocket(secret: string): void {
    const { protocol, host } = this.#page.location;
    const socket = new this.#page.WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/socket`);
    this.#socket = socket;
    this.#welcomeTimer = setTimeout(() => this.#drop(socket), WELCOME_TIMEOUT_MS);
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', secret } satisfies ClientFrame));
    socket.onmessage = (event) => this.#hear(socket, event.data);
    socket.onclose = (event) => this.#closed(socket, event.code);
  }

  #hear(socket: WebSocket, data: unknown): void {
    if (socket !== this.#socket) return;
    const frame = serverFrameSchema.safeParse(parseJson(data));
    if (!frame.success) return this.#drop(socket);
    if (frame.data.type === 'welcome') return this.#welcomed();
    if (frame.data.type === 'event') {
      const event = readEvent(frame.data.name, frame.data.payload);
      if (event) this.#listeners.publish(event);
      return;
    }
    // An answer nobody waits for any more (timed out) is dropped.
    this.#waiting.get(frame.data.id)?.resolve(frame.data.answer);
  }

  #welcomed(): void {
    clearTimeout(this.#welcomeTimer);
    this.#change({ kind: 'connected', attempt: 0, retryAtMs: null, sentence: null });
    for (const { frame } of this.#waiting.values()) this.#socket?.send(JSON.stringify(frame));
  }

  /** Gives a socket up without waiting for its close event. */
  #drop(socket: WebSocket): void {
    socket.close();
    this.#closed(socket, 1006);
  }

  #closed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    clearTimeout(this.#welcomeTimer);
    if (code !== CLOSE_REFUSED) return this.#lose();
    forgetSession(this.#page);
    this.#refuse();
  }

  #lose(): void {
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** this.#state.attempt, LAST_RETRY_MS);
    this.#rejectAll(new LinkError('disconnected', LOST));
    this.#change({
      kind: 'lost',
      attempt: this.#state.attempt + 1,
      retryAtMs: this.#now() + delayMs,
      sentence: LOST,
    });
    this.#retryTimer = setTimeout(() => void this.#connect(), delayMs);
  }

  #refuse(): void {
    this.#rejectAll(new LinkError('refused', REFUSED));
    this.#change({ kind: 'refused', retryAtMs: null, sentence: REFUSED });
  }

  #ask(name: CallName, args: unknown): Promise<unknown> {
    const { kind } = this.#state;
    if (kind === 'lost') return Promise.reject(new LinkError('disconnected', LOST));
    if (kind === 'refused') return Promise.reject(new LinkError('refused', REFUSED));
    const id = this.#nextId++;
    const frame: ClientFrame = { type: 'call', id, name, args };
    return new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => reject(timedOut(name)), timeoutOf(name));
      const settle = () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        frame,
        resolve: (raw) => (settle(), resolve(raw)),
        reject: (error) => (settle(), reject(error)),
      });
      if (kind === 'connected') this.#socket?.send(JSON.stringify(frame));
    }).finally(() => this.#waiting.delete(id));
  }

  #rejectAll(error: LinkError): void {
    for (const waiting of [...this.#waiting.values()]) waiting.reject(error);
  }

  #change(change: Partial<LinkState>): void {
    const sinceMs = change.kind === this.#state.kind ? this.#state.sinceMs : this.#now();
    this.#state = { ...this.#state, sinceMs, ...change };
    this.#listeners.publishState(this.#state);
  }
}

function timeoutOf(name: CallName): number {
  return name === 'import.finish' ? READING_TIMEOUT_MS : CALL_TIMEOUT_MS;
}

function timedOut(name: CallName): LinkError {
  return new LinkError(
    'timed-out',
    `The workbench did not answer ${name} within ${timeoutOf(name) / 1000} s.`,
  );
}

function parseJson(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : undefined;
  } catch {
    // Not JSON: the caller's schema refuses undefined and drops the socket.
    return undefined;
  }
}
