/** A browser's side of the web host, with every header under the test's control. */
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import type { Answer } from '../../preload/contract.ts';

export interface LogIn {
  cookie: string;
  secret: string;
}

/** The one-time code of a served address. */
export function codeOf(url: string): string {
  return new URL(url).hash.replace('#code=', '');
}

/** Exchanges the code of `url` as the page does. */
export async function logIn(url: string): Promise<LogIn> {
  const { origin } = new URL(url);
  const response = await postSession(origin, codeOf(url));
  const { secret } = (await response.json()) as { secret: string };
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { cookie, secret };
}

export function postSession(origin: string, code: unknown): Promise<Response> {
  return fetch(`${origin}/api/session`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
}

/**
 * Status of the reply to raw bytes on the host's port; 0 when it just closed. `isCut` ends our side after the bytes, for
 * requests that are not complete.
 */
export function rawStatus(port: number, bytes: string | Buffer, isCut = false): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let reply = '';
    socket.on('data', (chunk) => {
      reply += chunk.toString('latin1');
      if (reply.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(reply)?.[1] ?? 0)));
    socket.setTimeout(3000, () => socket.destroy());
    if (isCut) socket.end(bytes);
    else socket.write(bytes);
  });
}

/** How many of `count` pipelined requests are answered before the host closes. */
export function countReplies(port: number, bytes: string, count: number): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let replies = 0;
    socket.on('data', (chunk) => {
      replies += chunk.toString('latin1').split('HTTP/1.1 ').length - 1;
      if (replies >= count) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(replies));
    socket.setTimeout(3000, () => socket.destroy());
    socket.write(bytes);
  });
}

export class PageClient {
  readonly events: { name: string; payload: unknown }[] = [];
  /** Status of a refused upgrade, or the close code; null while open. */
  ended: number | null = null;
  isWelcome = false;
  readonly socket: WebSocket;
  #nextId = 1;
  readonly #answers = new Map<number, (answer: Answer<unknown>) => void>();

  constructor(url: string, headers: Record<string, string>) {
    const { host } = new URL(url);
    this.socket = new WebSocket(`ws://${host}/api/socket`, { headers, handshakeTimeout: 3000 });
    this.socket.on('unexpected-response', (request, response) => {
      this.ended = response.statusCode ?? 0;
      request.destroy();
    });
    this.socket.on('message', (data) => this.#hear(JSON.parse(data.toString())));
    this.socket.on('close', (code) => (this.ended ??= code));
    this.socket.on('error', () => {});
  }

  /** Resolves when the socket is open or refused. */
  opened(): Promise<void> {
    if (this.socket.readyState === WebSocket.OPEN) return Promise.resolve();
    return new Promise((resolve) => {
      for (const event of ['open', 'close', 'unexpected-response']) this.socket.once(event, () => resolve());
    });
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  ask(name: unknown, args: unknown): Promise<Answer<unknown>> {
    const id = this.#nextId++;
    const answered = new Promise<Answer<unknown>>((resolve) => this.#answers.set(id, resolve));
    this.send({ type: 'call', id, name, args });
    return answered;
  }

  #hear(frame: {
    type: string;
    id?: number;
    answer?: Answer<unknown>;
    name?: string;
    payload?: unknown;
  }): void {
    if (frame.type === 'welcome') this.isWelcome = true;
    if (frame.type === 'event') this.events.push({ name: frame.name ?? '', payload: frame.payload });
    if (frame.type === 'answer' && frame.answer) this.#answers.get(frame.id ?? -1)?.(frame.answer);
  }
}

/** A page that has logged in and greeted. */
export async function openPage(url: string, login?: LogIn): Promise<PageClient> {
  const { cookie, secret } = login ?? (await logIn(url));
  const page = new PageClient(url, { origin: new URL(url).origin, cookie });
  await page.opened();
  const welcomed = new Promise<void>((resolve) => page.socket.once('message', () => resolve()));
  page.send({ type: 'hello', secret });
  await welcomed;
  return page;
}
