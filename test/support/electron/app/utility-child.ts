/** Runs a module as a utility process: it finds process.parentPort, and no channel of Node's. Ends when its parent does. */
import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';

const [, , modulePath = '', ...args] = process.argv;
const send = process.send?.bind(process);
if (!send) throw new Error('a utility process is started by utilityProcess.fork');
process.send = undefined;

class ParentPort extends EventEmitter {
  readonly #early: unknown[] = [];
  #isStarted = false;

  constructor() {
    super();
    process.on('message', (message) =>
      this.#isStarted ? this.#give(message) : void this.#early.push(message),
    );
  }

  /** Messages wait for the first listener. */
  override on(name: string, listener: (...args: unknown[]) => void): this {
    super.on(name, listener);
    if (name === 'message' && !this.#isStarted) {
      this.#isStarted = true;
      for (const message of this.#early.splice(0)) queueMicrotask(() => this.#give(message));
    }
    return this;
  }

  postMessage(message: unknown): void {
    send?.(structuredClone(message), undefined, undefined, () => {});
  }

  #give(data: unknown): void {
    this.emit('message', { data, ports: [] });
  }
}

Object.assign(process, { parentPort: new ParentPort(), type: 'utility' });
process.argv = [process.execPath, modulePath, ...args];
// Electron's main process takes them with it, however it ended.
process.once('disconnect', () => process.exit(1));
await import(pathToFileURL(modulePath).href);
