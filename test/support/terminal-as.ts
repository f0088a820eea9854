/** The terminal's process as it is (main/terminal/worker.ts), run by whoever the argv before it makes it. */
import { Buffer } from 'node:buffer';
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { HelperLines } from '../../main/fixes/helper-lines.ts';
import type { HelperCommand } from '../../main/fixes/helper.ts';
import type { EndedRun, FromTerminal, ToTerminal } from '../../main/terminal/protocol.ts';
import { waitFor, wordsOf } from './helper-run.ts';

const WORKER = fileURLToPath(new URL('../../main/terminal/worker.ts', import.meta.url));
const LIMITS = { timeoutMs: 60_000, silenceMs: 60_000, graceMs: 5000 };

export class TerminalAs {
  readonly child: ChildProcess;
  readonly messages: string[] = [];
  text = '';
  end: EndedRun | null = null;
  refused: string | null = null;
  readonly #lines = new HelperLines({
    message: (message) => this.messages.push(wordsOf(message)),
    printed: (bytes) => (this.text += Buffer.from(bytes).toString('utf8').replaceAll('\r\n', '\n')),
  });

  constructor(enter: readonly string[], command: HelperCommand) {
    // What sets the environment anew would lose the channel, which is named in it.
    const [program = '', ...argv] = [
      ...enter.filter((word) => word !== '--reset-env'),
      process.execPath,
      WORKER,
    ];
    this.child = spawn(program, argv, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.child.on('message', (message) => this.#hear(message as FromTerminal));
    const { tool, argv: words } = command;
    const request = { tool, argv: words, way: 'visible', limits: LIMITS, onParentDeath: 'hang-up' } as const;
    this.post({ type: 'run', id: 1, request });
  }

  post(message: ToTerminal): void {
    this.child.send(message);
  }

  type(text: string): void {
    this.post({ type: 'write', id: 1, data: Buffer.from(text).toString('base64') });
  }

  printed(text: string): Promise<void> {
    return waitFor(`"${text}" in ${JSON.stringify(this.text)}`, () => this.text.includes(text));
  }

  heard(message: string): Promise<void> {
    return waitFor(`"${message}" after ${this.messages.join(', ')}`, () => this.messages.includes(message));
  }

  async ended(): Promise<EndedRun> {
    await waitFor('the end', () => this.end !== null || this.refused !== null);
    if (this.end === null) throw new Error(this.refused ?? '');
    return this.end;
  }

  #hear(message: FromTerminal): void {
    if (message.type === 'output') this.#lines.write(Buffer.from(message.data, 'base64'));
    else if (message.type === 'ended') this.end = message.result;
    else if (message.type === 'refused') this.refused = JSON.stringify(message.failure);
  }
}
