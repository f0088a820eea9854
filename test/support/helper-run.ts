/** A helper at work in a namespace, over a terminal or over pipes: what it says, what it prints, how it ends. */
import { Buffer } from 'node:buffer';
import { setTimeout as pause } from 'node:timers/promises';
import { spawn, type IPty } from 'node-pty';
import { HelperLines } from '../../main/fixes/helper-lines.ts';
import type { HelperMessage } from '../../main/fixes/helper.ts';
import type { TestNamespace } from './namespace.ts';

export type HelperWay = 'pipe' | 'pty';

export interface HelperRun {
  readonly pid: number;
  readonly messages: readonly string[];
  /** What it printed for the person, line ends as LF. */
  text(): string;
  say(line: string): void;
  /** Its input ends: the pipe is closed, or the terminal hangs up. */
  leave(): void;
  /** Resolves with the message, as words; fails when the helper ends without it. */
  heard(message: string): Promise<void>;
  /** Exit status; of a signal, 128 and its number. */
  readonly ended: Promise<number>;
}

/** "begin 1", "failed 2 255": a message as the script says it. */
export function wordsOf(message: HelperMessage): string {
  const numbers = ['step' in message ? message.step : null, 'status' in message ? message.status : null];
  return [message.kind, ...numbers.filter((number) => number !== null)].join(' ');
}

export function startHelperRun(namespace: TestNamespace, way: HelperWay, argv: readonly string[]): HelperRun {
  const run = new Run();
  if (way === 'pipe') run.overPipes(namespace, argv);
  else run.overTerminal([...namespace.enter, ...argv]);
  return run;
}

class Run implements HelperRun {
  pid = 0;
  readonly messages: string[] = [];
  readonly ended: Promise<number>;
  say: (line: string) => void = () => undefined;
  leave: () => void = () => undefined;
  #printed: Buffer[] = [];
  #hasEnded = false;
  #wake: (() => void)[] = [];
  #resolve: (status: number) => void = () => undefined;
  readonly #lines = new HelperLines({
    message: (message) => {
      this.messages.push(wordsOf(message));
      this.#tell();
    },
    printed: (bytes) => this.#printed.push(Buffer.from(bytes)),
    malformed: (line) => this.messages.push(`malformed: ${line}`),
  });

  constructor() {
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
  }

  overPipes(namespace: TestNamespace, argv: readonly string[]): void {
    const child = namespace.spawn(argv);
    this.pid = child.pid ?? 0;
    child.stdout.on('data', (chunk: Buffer) => this.#lines.write(chunk));
    child.stderr.on('data', (chunk: Buffer) => this.#printed.push(chunk));
    child.once('close', (code, signal) => this.#end(code ?? (signal === 'SIGKILL' ? 137 : 255)));
    this.say = (line) => void child.stdin.write(`${line}\n`);
    this.leave = () => void child.stdin.end();
  }

  overTerminal([program = '', ...argv]: readonly string[]): void {
    const options = { name: 'dumb', cols: 100, rows: 40, env: { PATH: process.env['PATH'] }, encoding: null };
    const terminal: IPty = spawn(program, argv, options);
    this.pid = terminal.pid;
    // Without an encoding the data are Buffers, whatever the declared type says.
    terminal.onData((data: string | Buffer) => this.#lines.write(Buffer.from(data as string)));
    terminal.onExit(({ exitCode, signal }) => this.#end(signal ? 128 + signal : exitCode));
    this.say = (line) => terminal.write(`${line}\r`);
    this.leave = () => (terminal as IPty & { destroy(): void }).destroy();
  }

  text(): string {
    return Buffer.concat(this.#printed).toString('utf8').replaceAll('\r\n', '\n');
  }

  async heard(message: string): Promise<void> {
    while (!this.messages.includes(message)) {
      if (this.#hasEnded) throw new Error(`no "${message}" in ${this.messages.join(', ')}\n${this.text()}`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #end(status: number): void {
    this.#lines.end();
    this.#hasEnded = true;
    this.#tell();
    this.#resolve(status);
  }

  #tell(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** Until it is so; 10 s at most, which a busy machine does not need. */
export async function waitFor(what: string, isSo: () => boolean): Promise<void> {
  const untilMs = performance.now() + 10_000;
  while (!isSo()) {
    if (performance.now() > untilMs) throw new Error(`waited in vain for ${what}`);
    await pause(5);
  }
}
