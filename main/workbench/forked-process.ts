/** A child of the workbench as a host hands it over: Electron's utilityProcess, Node's child_process.fork or a thread. */

export interface ChildExit {
  /** Null when a signal ended it or it could not be started. */
  code: number | null;
  signal: string | null;
}

/** `ToChild`: what it understands, plain JSON. */
export interface ForkedProcess<ToChild> {
  /** Undefined until it runs, when it could not be started, and for a thread. */
  readonly pid: number | undefined;
  /** Never throws; what is sent to a dead process is lost. */
  post(message: ToChild): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Heard once, also when the process could not be started at all. */
  onExit(listener: (exit: ChildExit) => void): void;
  /** Ends it without asking (SIGKILL where there is one). */
  kill(): void;
}
