/** The sampler and the terminal as Electron utility processes. */
import type { utilityProcess as UtilityProcessModule } from 'electron';
import type { ForkedProcess } from '../../workbench/forked-process.ts';

/**
 * Starts one of our built entries under the name that a task manager shows; Electron ends it with the app. Only after
 * the app is ready.
 */
export function forkChild<ToChild>(
  utilityProcess: typeof UtilityProcessModule,
  entryPath: string,
  serviceName: string,
): ForkedProcess<ToChild> {
  const child = utilityProcess.fork(entryPath, [], { serviceName, stdio: 'inherit' });
  let hasEnded = false;
  child.on('exit', () => (hasEnded = true));
  // A fatal error of V8 is followed by 'exit', which is what counts; without a listener it would be thrown here.
  child.on('error', () => {});
  return {
    get pid() {
      return child.pid;
    },
    post: (message) => {
      if (!hasEnded) child.postMessage(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener({ code, signal: null })),
    kill: () => void child.kill(),
  };
}
