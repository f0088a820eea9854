/** The sampler as a child process of plain Node. */
import { fork } from 'node:child_process';
import type { SamplerExit, SamplerProcess } from '../../workbench/sampler-process.ts';

/**
 * Starts the built sampler. Its standard output is closed, so nothing it prints mixes with ours; a start that fails is
 * reported as its end. It ends by itself when this process does (the channel closes).
 */
export function forkSampler(samplerPath: string): SamplerProcess {
  const child = fork(samplerPath, [], {
    serialization: 'json',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  let hasEnded = false;
  const listeners: ((exit: SamplerExit) => void)[] = [];
  const end = (exit: SamplerExit) => {
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
