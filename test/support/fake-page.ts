/** The parts of a browser's window that the web link uses, under the test's control. */
import type { ServerFrame } from '../../preload/contract.ts';
import type { WebPage } from '../../renderer/link/web-link.ts';

/** A WebSocket the test answers for. */
export class FakeSocket {
  readonly url: string;
  readonly sent: unknown[] = [];
  isClosed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(url: string) {
    this.url = url;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
  }

  /** The host accepts and welcomes. */
  welcome(): void {
    this.onopen?.();
    this.hear({ type: 'welcome' });
  }

  hear(frame: ServerFrame | { type: string } | string): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  /** The host or the network ends it. */
  drop(code = 1006): void {
    this.onclose?.({ code });
  }

  /** Ids and names of the calls sent. */
  get calls(): { id: number; name: string }[] {
    return this.sent.filter((frame): frame is { type: 'call'; id: number; name: string } => {
      return (frame as { type: string }).type === 'call';
    });
  }
}

export class FakePage {
  readonly sockets: FakeSocket[] = [];
  readonly requests: { method: string; body: string | undefined; secret: string | null }[] = [];
  readonly addresses: string[] = [];
  readonly storage = new Map<string, string>();
  /** What fetch answers: a status with a body, or null for nobody there. */
  reply: { status: number; body?: unknown } | null = { status: 401 };
  readonly page: WebPage;

  constructor(hash = '') {
    const { sockets, requests, addresses, storage } = this;
    const location = { hash, pathname: '/', host: '127.0.0.1:4790', protocol: 'http:' };
    const page = {
      location,
      history: {
        replaceState: (_data: null, _unused: string, url: string) => {
          location.hash = '';
          addresses.push(url);
        },
      },
      sessionStorage: {
        getItem: (key: string) => storage.get(key) ?? null,
        setItem: (key: string, value: string) => void storage.set(key, value),
        removeItem: (key: string) => void storage.delete(key),
      },
      fetch: async (_url: string, init: RequestInit) => {
        const headers = new Headers(init.headers);
        const body = typeof init.body === 'string' ? init.body : undefined;
        requests.push({ method: init.method ?? 'GET', body, secret: headers.get('x-fourtuple-secret') });
        if (this.reply === null) throw new TypeError('Failed to fetch');
        const { status, body: answer } = this.reply;
        return new Response(answer === undefined ? null : JSON.stringify(answer), { status });
      },
      WebSocket: class extends FakeSocket {
        constructor(url: string) {
          super(url);
          sockets.push(this);
        }
      },
    };
    this.page = page as unknown as WebPage;
  }

  /** The newest socket. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }
}
