/** The sampler as an Electron utility process. */
import type { utilityProcess as UtilityProcessModule } from 'electron';
import type { SamplerProcess } from '../../workbench/sampler-process.ts';

/** Starts the built sampler; Electron ends it with the app. Only after the app is ready. */
export function forkSampler(
  utilityProcess: typeof UtilityProcessModule,
  samplerPath: string,
): SamplerProcess {
  const child = utilityProcess.fork(samplerPath, [], { serviceName: 'Fourtuple sampler', stdio: 'inherit' });
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
