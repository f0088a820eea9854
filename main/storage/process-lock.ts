/**
 * One process at a time. Each that wants to makes a file that bears its identity, then looks whether another living one
 * has one, too, and if so takes its own away again. A file belongs to one process for ever, so removing that of a process
 * that is gone can never take the lock from a living one, however many try at once.
 */
import { closeSync, openSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from './file-failure.ts';
import {
  formatIdentity,
  isAlive,
  ownIdentity,
  parseIdentity,
  type ProcessIdentity,
} from './process-identity.ts';
import { removeQuietly } from './whole-files.ts';

/** Two that begin in the same moment both step back; by then one is nearly always first. */
const TRIES = 12;
const LONGEST_PAUSE_MS = 20;

export interface ProcessLock {
  /** More than once does nothing. */
  release(): void;
}

/** The lock, or the pid of the process that has it. */
export type LockTaken = { lock: ProcessLock } | { holderPid: number };

export interface LockPlace {
  /** One that exists. */
  folder: string;
  /** Of the names of its files: "lock.". */
  prefix: string;
  /** Waits some hundred milliseconds at most for one that has it already. */
  isPatient?: boolean;
}

/** Throws what the file system says. */
export function takeProcessLock({ folder, prefix, isPatient = false }: LockPlace): LockTaken {
  const own = ownIdentity();
  const path = join(folder, `${prefix}${formatIdentity(own)}`);
  let other: ProcessIdentity | null = null;
  for (let tries = 0; tries < TRIES; tries++) {
    other = livingHolder(folder, prefix, own);
    if (other !== null && tries === 0 && !isPatient) return { holderPid: other.pid };
    if (other === null) {
      if (!makeFile(path)) return { holderPid: own.pid };
      other = livingHolder(folder, prefix, own);
      if (other === null) return { lock: lockAt(path) };
      unlinkSync(path);
    }
    pause(1 + Math.random() * LONGEST_PAUSE_MS);
  }
  return { holderPid: (other ?? own).pid };
}

/** Pid of the living process that has the lock, or null. Throws what the file system says. */
export function processLockHolder({ folder, prefix }: LockPlace): number | null {
  return livingHolder(folder, prefix, null)?.pid ?? null;
}

function livingHolder(
  folder: string,
  prefix: string,
  except: ProcessIdentity | null,
): ProcessIdentity | null {
  const spared = except && formatIdentity(except);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix)) continue;
    const text = name.slice(prefix.length);
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

function lockAt(path: string): ProcessLock {
  let isHeld = true;
  return {
    release() {
      if (isHeld) removeQuietly(path);
      isHeld = false;
    },
  };
}

/** What is done under the lock is synchronous, and so is this wait of milliseconds. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
