/** What the journal is for those who use it; main/fixes/journal.ts keeps it in files. */
import type { Change } from '../core/fixes/change.ts';
import type { Outcome } from '../core/model.ts';

/** The right to change anything, held by one process at a time (hardening F9). */
export interface JournalLock {
  release(): void;
}

/**
 * A file a change, each written whole: temporary file, fsync, rename, fsync of the folder (hardening F3). Failures are
 * sentences a person can act on: damaged, not writable, full.
 */
export interface Journal {
  /** Absolute path of the folder. */
  readonly folder: string;
  /** All changes, oldest first. Failure: a damaged file, named, with what to do. */
  list(): Outcome<Change[]>;
  /** Writes a new change under the next number. */
  add(change: Omit<Change, 'id'>): Outcome<Change>;
  /** Writes it again. On return it is on the disk. */
  update(change: Change): Outcome<Change>;
  /** Failure: another process (named by pid) changes something now. A lock of a process that is gone is taken over. */
  lock(): Outcome<JournalLock>;
  /** Pid of the process that holds the lock now and lives, this one included; null when nobody does. */
  holder(): number | null;
}
