/** One of our built entries as a thread of this process, on both hosts: for work that only calculates. */
import { Worker } from 'node:worker_threads';
import type { ChildExit, ForkedProcess } from '../workbench/forked-process.ts';

/** Megabytes of heap a thread may have before it ends, alone, instead of this process. */
const MAX_HEAP_MEGABYTES = 1024;

/** Starts the entry, without environment and arguments. A bug that ends it goes whole to `log`. */
export function startThread<ToThread>(
  entryPath: string,
  log: (line: string) => void,
): ForkedProcess<ToThread> {
  const thread = new Worker(entryPath, {
    env: {},
    argv: [],
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MEGABYTES },
  });
  let hasEnded = false;
  const listeners: ((exit: ChildExit) => void)[] = [];
  thread.on('exit', (code) => {
    hasEnded = true;
    for (const listener of listeners) listener({ code, signal: null });
  });
  // Followed by 'exit', which is what counts.
  thread.on('error', (error) =>
    log(`Bug in a thread: ${error instanceof Error ? error.stack : String(error)}`),
  );
  return {
    pid: undefined,
    post: (message) => {
      if (!hasEnded) thread.postMessage(message);
    },
    onMessage: (listener) => void thread.on('message', listener),
    onExit: (listener) => void listeners.push(listener),
    kill: () => void thread.terminate(),
  };
}
