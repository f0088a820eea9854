/** `utilityProcess`: a real child process with `process.parentPort` as Electron has it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import type * as Electron from 'electron';
import { onlyWhenReady } from './app-state.ts';
import { ModelledEmitter } from './modelled.ts';

const CHILD = fileURLToPath(new URL('./utility-child.ts', import.meta.url));
type StdioKind = 'inherit' | 'ignore' | 'pipe';
const PATIENCE_MS = 2000;
const running = new Set<StandInUtilityProcess>();

type Modelled = Pick<Electron.UtilityProcess, 'pid' | 'stdout' | 'stderr' | 'kill' | 'postMessage'>;

export class StandInUtilityProcess extends ModelledEmitter implements Modelled {
  /** Known once it runs, and as long as it does. */
  pid: number | undefined = undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  readonly #child: ChildProcess;

  constructor(modulePath: string, args: readonly string[], options: Electron.ForkOptions) {
    super('electron.UtilityProcess');
    const { env, execArgv = [], cwd, stdio = 'inherit' } = options;
    if (typeof stdio !== 'string') throw new Error('a list of stdio is not modelled by the stand-in');
    this.#child = spawn(process.execPath, [...execArgv, CHILD, modulePath, ...args], {
      env: env ? { ...env } : process.env,
      cwd,
      stdio: ['ignore', stdio as StdioKind, stdio as StdioKind, 'ipc'],
      serialization: 'advanced',
    });
    this.stdout = this.#child.stdout;
    this.stderr = this.#child.stderr;
    running.add(this);
    this.#child.once('spawn', () => {
      this.pid = this.#child.pid;
      this.emit('spawn');
    });
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.once('exit', (code, signal) => {
      running.delete(this);
      // What waitpid tells of a process that a signal ended is the number of the signal.
      this.emit('exit', code ?? (signal ? constants.signals[signal] : 0));
      this.pid = undefined;
    });
    // A channel that closes while something is on its way: the exit tells of it.
    this.#child.on('error', () => {});
  }

  postMessage(message: unknown, transfer?: Electron.MessagePortMain[]): void {
    if (transfer && transfer.length > 0)
      throw new Error('ports for a utility process are not modelled by the stand-in');
    if (this.#child.connected) this.#child.send(structuredClone(message) as object);
  }

  /** SIGTERM, and what has not ended 2 s later is ended the hard way, as Chromium's EnsureProcessTerminated does. */
  kill(): boolean {
    const forced = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    forced.unref();
    this.#child.once('exit', () => clearTimeout(forced));
    return this.#child.kill('SIGTERM');
  }

  killHard(): void {
    this.#child.kill('SIGKILL');
  }
}

export const utilityProcess = {
  fork(modulePath: string, args: string[] = [], options: Electron.ForkOptions = {}): StandInUtilityProcess {
    onlyWhenReady('utilityProcess cannot be created before app is ready');
    return new StandInUtilityProcess(modulePath, args, options);
  },
};

export function endUtilityProcesses(): void {
  for (const each of running) each.killHard();
}
