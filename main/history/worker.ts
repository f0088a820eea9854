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
  const outcome = history?.ask(name, args) ?? NOT_OPEN;
  say({ type: 'answer', id, ...outcome });
}

const NOT_OPEN = { ok: false, failure: { code: 'gone', what: 'history' } } as const;

function say(message: FromHistory): void {
  parentPort?.postMessage(message);
}
