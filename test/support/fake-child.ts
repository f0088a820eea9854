/** A child process that does what the test says. */
import type { ChildExit, ForkedProcess } from '../../main/workbench/forked-process.ts';

export class FakeChild<To extends object, From extends object> implements ForkedProcess<To> {
  readonly pid: number | undefined;
  /** What it was sent, oldest first. */
  readonly received: To[] = [];
  isKilled = false;
  /** False: kill() has no effect, as on a process the kernel cannot end. */
  diesWhenKilled = true;
  #hasEnded = false;
  #hear: (message: unknown) => void = () => {};
  #end: (exit: ChildExit) => void = () => {};

  constructor(pid?: number) {
    this.pid = pid;
  }

  post(message: To): void {
    this.received.push(structuredClone(message));
    this.react(message);
  }

  /** What it does with a message. */
  protected react(_message: To): void {}

  onMessage(listener: (message: unknown) => void): void {
    this.#hear = listener;
  }

  onExit(listener: (exit: ChildExit) => void): void {
    this.#end = listener;
  }

  kill(): void {
    this.isKilled = true;
    if (this.diesWhenKilled) this.exit({ code: null, signal: 'SIGKILL' });
  }

  say(message: From): void {
    this.#hear(structuredClone(message));
  }

  /** Says something the protocol does not know. */
  sayRaw(message: unknown): void {
    this.#hear(message);
  }

  exit(exit: ChildExit = { code: 1, signal: null }): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#end(exit);
  }
}
