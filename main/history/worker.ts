/** Entry of the thread that keeps history: the only one that opens its file to write (hardening D1). */
import { parentPort } from 'node:worker_threads';
import { History } from './history.ts';
import type { FromHistory, ToHistory } from './protocol.ts';
import { ownSqlite } from './sqlite.ts';

let history: History | null = null;

parentPort?.on('message', (message: ToHistory) => {
  switch (message.type) {
    case 'open':
      history?.close();
      history = new History({
        folder: message.folder,
        retention: message.retention,
        isContinued: message.isContinued,
        place: message.place,
        sqlite: ownSqlite(),
        now: Date.now,
        onState: (state) => say({ type: 'state', state }),
        log: (line) => void process.stderr.write(`${line}\n`),
      });
      return history.open();
    case 'append':
      history?.miss(message.missed);
      history?.append(message.samples);
      return say({ type: 'appended' });
    case 'call':
      return answer(message);
    case 'retain':
      return history?.retain(message.retention);
    case 'close':
      history?.close();
      say({ type: 'closed' });
      parentPort?.close();
      return;
  }
});

function answer({ id, name, args }: Extract<ToHistory, { type: 'call' }>): void {
  try {
    say({ type: 'answer', id, ...(history?.ask(name, args) ?? NOT_OPEN) });
  } catch (error) {
    // A bug in a question must not end what records.
    process.stderr.write(`Bug in history: ${error instanceof Error ? error.stack : String(error)}\n`);
    say({ type: 'answer', id, ok: false, failure: FAULTY });
  }
}

const FAULTY = {
  code: 'unavailable',
  what: 'this part of the history',
  why: 'of a fault in Fourtuple',
} as const;
const NOT_OPEN = { ok: false, failure: { code: 'gone', what: 'history' } } as const;

function say(message: FromHistory): void {
  parentPort?.postMessage(message);
}
