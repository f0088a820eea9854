/** What both ways of running need, made once by the runner. */
import type { Environment } from './environment.ts';
import type { System } from './system.ts';

export interface RunParts {
  system: System;
  environment: Environment;
  /** Where commands start; exists. */
  directory: string;
  /** Epoch milliseconds. */
  now(): number;
  monotonicMs(): number;
}

export interface CommandLine {
  /** What goes before the program (see System.leash); may be empty. */
  leash: readonly string[];
  /** Absolute path, checked. */
  program: string;
  argv: readonly string[];
}
