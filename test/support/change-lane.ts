/** A namespace with a process that carries changes out in it and is replaced each time that it is killed. */
import { readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { ChildAnswer, ChildRequest } from './change-child.ts';
import { openNamespace, type NamespaceChild, type TestNamespace } from './namespace.ts';

const CHILD = fileURLToPath(new URL('change-child.ts', import.meta.url));
const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const SETTLE_LIMIT_MS = 10_000;

/** The child as one file in a folder, which starts three times as fast as its sources; gives its path. */
export async function bundleChild(folder: string): Promise<string> {
  symlinkSync(MODULES, join(folder, 'node_modules'));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['koffi', 'node-pty'] },
    build: {
      ssr: CHILD,
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: 'child.mjs' } },
    },
  });
  return join(folder, 'child.mjs');
}

export class ChangeLane {
  readonly namespace: TestNamespace;
  readonly #child: string;
  readonly #residents: Set<number>;
  readonly #identity: string;
  #now: Child;
  #spare: Child;

  private constructor(namespace: TestNamespace, child: string) {
    this.namespace = namespace;
    this.#child = child;
    this.#identity = namespace.run(['readlink', '/proc/self/ns/net']).stdout.trim();
    this.#residents = new Set(this.#inside());
    this.#now = this.#start();
    this.#spare = this.#start();
  }

  static async open(child: string): Promise<ChangeLane> {
    return new ChangeLane(await openNamespace(), child);
  }

  /** Null: it was killed before it could answer. */
  async ask(request: ChildRequest): Promise<ChildAnswer | null> {
    await this.#now.ready;
    const given = await this.#now.ask(request);
    if (given === null || this.#now.isDoomed) {
      await this.#now.gone;
      await this.quiet();
      this.#now = this.#spare;
      this.#spare = this.#start();
    }
    return given;
  }

  /** The helper that was started last, if it is there still. */
  get helper(): number | null {
    return this.#now.helper;
  }

  killChild(): void {
    this.#now.isDoomed = true;
    this.#now.process.kill('SIGKILL');
  }

  /** When nothing is left of what carried anything out. */
  async quiet(): Promise<void> {
    const deadline = Date.now() + SETTLE_LIMIT_MS;
    for (;;) {
      const ours = new Set([this.#now.process.pid, this.#spare.process.pid]);
      const others = this.#inside().filter((pid) => !ours.has(pid) && !this.#residents.has(pid));
      if (others.length === 0) return;
      if (Date.now() > deadline) throw new Error(`still there: ${others.join(' ')}`);
      await pause(5);
    }
  }

  /** Settings below /proc/sys/net as they are, read by nothing of ours. */
  values(...names: string[]): string[] {
    const { stdout } = this.namespace.run([
      'tail',
      '-n',
      '+1',
      '-v',
      ...names.map((name) => `/proc/sys/net/${name}`),
    ]);
    return stdout
      .split(/^==> .* <==\n/m)
      .slice(1)
      .map((text, index) => (index < names.length - 1 ? text.slice(0, -1) : text));
  }

  async close(): Promise<void> {
    await this.namespace.close();
  }

  #start(): Child {
    return new Child(this.namespace.spawn([process.execPath, this.#child]));
  }

  #inside(): number[] {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && identityOf(pid) === this.#identity);
  }
}

function identityOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    // Gone, or a zombie.
    return null;
  }
}

class Child {
  readonly process: NamespaceChild;
  readonly ready: Promise<void>;
  readonly gone: Promise<void>;
  helper: number | null = null;
  /** It was killed, though it may have answered before. */
  isDoomed = false;
  #give: (answer: ChildAnswer | null) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;
  #complaint = '';

  constructor(child: NamespaceChild) {
    this.process = child;
    this.gone = new Promise((resolve) => child.once('close', () => resolve()));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#complaint += text));
    this.ready = new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const answer = JSON.parse(line) as ChildAnswer;
        if (answer.is === 'ready') resolve();
        else if (answer.is === 'helper') this.helper = answer.pid;
        else this.#give(answer);
      });
      child.once('close', (_code, signal) => {
        reject(new Error(this.#complaint));
        if (signal === 'SIGKILL') this.#give(null);
        else this.#fail(new Error(`the child ended: ${this.#complaint}`));
      });
    });
    // Whoever asks hears of it.
    this.ready.catch(() => undefined);
  }

  ask(request: ChildRequest): Promise<ChildAnswer | null> {
    this.helper = null;
    return new Promise((resolve, reject) => {
      this.#give = resolve;
      this.#fail = reject;
      this.process.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }
}
