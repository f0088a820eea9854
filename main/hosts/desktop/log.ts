/** Where lines of the log go: standard error, for whoever started it in a terminal, and the log file. */
import { createLogFile } from './log-file.ts';

export interface LogOptions {
  /** Null: there is no place for a log file. */
  folder: string | null;
  /** Epoch milliseconds. */
  now(): number;
  stderr: Pick<NodeJS.WriteStream, 'write' | 'on'>;
}

export interface Log {
  /** The newest file; null where none is kept. */
  readonly path: string | null;
  log(line: string): void;
  /** Only on standard error. */
  say(line: string): void;
}

export function createLog({ folder, now, stderr }: LogOptions): Log {
  const file = folder === null ? null : createLogFile({ folder, now });
  // The terminal it was started from may be closed long before the window.
  stderr.on('error', () => {});
  const say = (line: string) => void stderr.write(`${line}\n`);
  return {
    path: file?.path ?? null,
    say,
    log: (line) => {
      say(line);
      file?.write(line);
    },
  };
}
