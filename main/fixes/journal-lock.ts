/**
 * One process at a time may change anything (hardening F9, G4). Each that wants to makes a file that bears its identity,
 * then looks whether another living one has one, too, and if so takes its own away again. A file belongs to one process
 * for ever, so removing that of a process that is gone can never take the lock from a living one, however many try at
 * once.
 */
import { closeSync, openSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../core/model.ts';
import { codeOf, fileFailure } from '../storage/file-failure.ts';
import {
  formatIdentity,
  isAlive,
  ownIdentity,
  parseIdentity,
  type ProcessIdentity,
} from '../storage/process-identity.ts';
import { removeQuietly } from '../storage/whole-files.ts';
import type { JournalLock } from './journal-parts.ts';
import { BUSY, JOURNAL } from './journal-words.ts';

const PREFIX = 'lock.';
/** Two that begin in the same moment both step back; by then one is nearly always first. */
const TRIES = 12;
const LONGEST_PAUSE_MS = 20;

/** Takes the lock of a folder that exists. Failure 'unavailable': who has it. */
export function takeLock(folder: string): Outcome<JournalLock> {
  const own = ownIdentity();
  const path = join(folder, `${PREFIX}${formatIdentity(own)}`);
  try {
    let other: ProcessIdentity | null = null;
    for (let tries = 0; tries < TRIES; tries++) {
      other = livingHolder(folder, own);
      if (other !== null && tries === 0) return held(folder, other);
      if (other === null) {
        if (!makeFile(path)) return held(folder, own);
        other = livingHolder(folder, own);
        if (other === null) return { ok: true, value: lockAt(path) };
        unlinkSync(path);
      }
      pause(1 + Math.random() * LONGEST_PAUSE_MS);
    }
    return held(folder, other ?? own);
  } catch (error) {
    return { ok: false, failure: fileFailure(error, folder, 'write', JOURNAL) };
  }
}

/** Pid of the living process that has the lock, or null. Throws what the file system says. */
export function lockHolder(folder: string): number | null {
  return livingHolder(folder, null)?.pid ?? null;
}

function livingHolder(folder: string, except: ProcessIdentity | null): ProcessIdentity | null {
  const spared = except && formatIdentity(except);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(PREFIX)) continue;
    const text = name.slice(PREFIX.length);
    const holder = parseIdentity(text);
    if (holder === null || text === spared) continue;
    if (isAlive(holder)) return holder;
    removeQuietly(join(folder, name));
  }
  return null;
}

/** False when this process has it already. */
function makeFile(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function lockAt(path: string): JournalLock {
  let isHeld = true;
  return {
    release() {
      if (isHeld) removeQuietly(path);
      isHeld = false;
    },
  };
}

function held(folder: string, holder: ProcessIdentity): Outcome<never> {
  const who = holder.pid === process.pid ? 'this process' : `process ${holder.pid}`;
  const why = `${who} changes something now; wait until it has ended (its lock is in ${folder})`;
  return { ok: false, failure: { code: 'unavailable', what: BUSY, why } };
}

/** The journal is synchronous, and so is this wait of milliseconds. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
