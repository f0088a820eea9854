/** Starts load.mjs and understands what it says. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Place } from '../peer.ts';

export interface LoadServer {
  address: string;
  port: number;
  /** The server sends the first FIN this long after accepting; absent: it waits for the client's. */
  closesAfterMs?: number;
}

export interface LoadClient {
  address: string;
  port: number;
  /** Bound before connecting (port 0), which takes the port from every destination. */
  localAddress?: string;
  /** Connections a second, paced by absolute time; absent: as fast as they come, and `count` must be given. */
  ratePerSecond?: number;
  /** Paced connections come so many at once, at the same mean rate. Default 1. */
  burstSize?: number;
  /** Connections in all; absent: until the end. */
  count?: number;
  /** Time from connected to the client's FIN; null: never closed by the client. Default 0. */
  holdMs?: number | null;
}

export interface LoadPlan {
  servers?: LoadServer[];
  clients?: LoadClient[];
  /** What the process calls itself, bytes in hexadecimal, 15 at most (Linux). */
  nameHex?: string;
  /** The servers reset what is open at the end, so that no port stays in TIME_WAIT. */
  resetsAtEnd?: boolean;
  /** The load ends by itself after this time. */
  seconds: number;
}

interface LoadCounts {
  opened: number;
  closed: number;
  failed: number;
  live: number;
}
type LoadEvent = { atMs: number } & (
  | { event: 'listening' }
  | { event: 'started' }
  | { event: 'failed'; code: string; address: string; port: number }
  | ({ event: 'counted' | 'flooded' | 'ended' } & LoadCounts)
);

export interface Load {
  readonly pid: number | undefined;
  /** Every event so far, oldest first. */
  readonly events: readonly LoadEvent[];
  /** The first event of this kind, past or future; rejects when the load ends without it or after `limitMs`. */
  first(kind: LoadEvent['event'], limitMs: number): Promise<LoadEvent>;
  /** Epoch milliseconds of the first failure with this errno, or null so far. */
  firstFailureMs(code: string): number | null;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./load.mjs', import.meta.url));

/** Starts the load, inside the namespace if one is given. Its servers listen when `first('listening')` resolves. */
export function startLoad(plan: LoadPlan, namespace?: Place): Load {
  const argv = [process.execPath, PROGRAM, JSON.stringify(plan)];
  const [program = '', ...rest] = argv;
  const child = namespace ? namespace.spawn(argv) : spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  return new RunningLoad(child);
}

class RunningLoad implements Load {
  readonly events: LoadEvent[] = [];
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #complaint = '';
  #ended = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.events.push(JSON.parse(line) as LoadEvent);
      this.#wake();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-2000);
    });
    child.stdin?.on('error', () => undefined);
    child.once('error', (error) => (this.#complaint += error.message));
    child.once('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  first(kind: LoadEvent['event'], limitMs: number): Promise<LoadEvent> {
    return new Promise((resolve, reject) => {
      const finish = (action: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        action();
      };
      const look = () => {
        const event = this.events.find((candidate) => candidate.event === kind);
        if (event) finish(() => resolve(event));
        else if (this.#ended)
          finish(() => reject(new Error(`the load ended without "${kind}": ${this.#complaint}`)));
      };
      const timer = setTimeout(
        () => finish(() => reject(new Error(`no "${kind}" from the load within ${limitMs} ms`))),
        limitMs,
      );
      this.#waiting.add(look);
      look();
    });
  }

  firstFailureMs(code: string): number | null {
    const failure = this.events.find((event) => event.event === 'failed' && event.code === code);
    return failure?.atMs ?? null;
  }

  async stop(): Promise<void> {
    if (this.#ended) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin?.end();
    const forced = setTimeout(() => this.#child.kill('SIGKILL'), 2000);
    await closed;
    clearTimeout(forced);
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}
