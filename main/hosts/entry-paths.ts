/** The built entries that a host starts beside itself. */
import { join } from 'node:path';

export interface EntryPaths {
  /** Forked: the live sampler. */
  sampler: string;
  /** Forked: runs the commands of probes. */
  terminal: string;
  /** A thread: understands what the commands printed. */
  parse: string;
  /** A thread: keeps history. */
  history: string;
}

/** Where they are in the folder of the built main process. */
export function entryPathsIn(folder: string): EntryPaths {
  return {
    sampler: join(folder, 'sampler.js'),
    terminal: join(folder, 'terminal.js'),
    parse: join(folder, 'parse.js'),
    history: join(folder, 'history.js'),
  };
}
