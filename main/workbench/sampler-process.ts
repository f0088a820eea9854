/** The sampler's child process as a host hands it over: Electron's utilityProcess or Node's child_process.fork. */
import type { ToSampler } from '../sampling/protocol.ts';

export interface SamplerExit {
  /** Null when a signal ended it or it could not be started. */
  code: number | null;
  signal: string | null;
}

export interface SamplerProcess {
  /** Undefined until it runs, and when it could not be started. */
  readonly pid: number | undefined;
  /** Never throws; what is sent to a dead process is lost. */
  post(message: ToSampler): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Heard once, also when the process could not be started at all. */
  onExit(listener: (exit: SamplerExit) => void): void;
  /** Ends it without asking (SIGKILL where there is one). */
  kill(): void;
}
