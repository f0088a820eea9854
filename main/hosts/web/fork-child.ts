/** The sampler and the terminal as child processes of plain Node. */
import { fork } from 'node:child_process';
import type { ChildExit, ForkedProcess } from '../../workbench/forked-process.ts';

/**
 * Starts one of our built entries. Its standard output is closed, so nothing it prints mixes with ours; a start that
 * fails is reported as its end. It ends by itself when this process does (the channel closes).
 */
export function forkChild<ToChild extends object>(entryPath: string): ForkedProcess<ToChild> {
  const child = fork(entryPath, [], {
    serialization: 'json',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Young objects die at once in what our children do: a small nursery keeps their memory down.
    execArgv: ['--max-semi-space-size=4'],
  });
  let hasEnded = false;
  const listeners: ((exit: ChildExit) => void)[] = [];
  const end = (exit: ChildExit) => {
    if (hasEnded) return;
    hasEnded = true;
    for (const listener of listeners) listener(exit);
  };
  child.on('exit', (code, signal) => end({ code, signal }));
  child.on('error', () => {
    // Also raised by a message that could not be sent; only a child that never ran is over.
    if (child.pid === undefined) end({ code: null, signal: null });
  });
  return {
    get pid() {
      return child.pid;
    },
    post: (message) => {
      if (child.connected) child.send(message, () => {});
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void listeners.push(listener),
    kill: () => void child.kill('SIGKILL'),
  };
}
