/** One process at a time may change anything (hardening F9, G4). */
import type { Outcome } from '../core/model.ts';
import { fileFailure } from '../storage/file-failure.ts';
import { processLockHolder, takeProcessLock, type LockTaken } from '../storage/process-lock.ts';
import type { JournalLock } from './journal-parts.ts';
import { BUSY, JOURNAL } from './journal-words.ts';

const PREFIX = 'lock.';

/** Takes the lock of a folder that exists. Failure 'unavailable': who has it. */
export function takeLock(folder: string): Outcome<JournalLock> {
  let taken: LockTaken;
  try {
    taken = takeProcessLock({ folder, prefix: PREFIX });
  } catch (error) {
    return { ok: false, failure: fileFailure(error, folder, 'write', JOURNAL) };
  }
  return 'lock' in taken ? { ok: true, value: taken.lock } : held(folder, taken.holderPid);
}

/** Pid of the living process that has the lock, or null. Throws what the file system says. */
export function lockHolder(folder: string): number | null {
  return processLockHolder({ folder, prefix: PREFIX });
}

function held(folder: string, holderPid: number): Outcome<never> {
  const who = holderPid === process.pid ? 'this process' : `process ${holderPid}`;
  const why = `${who} changes something now; wait until it has ended (its lock is in ${folder})`;
  return { ok: false, failure: { code: 'unavailable', what: BUSY, why } };
}
