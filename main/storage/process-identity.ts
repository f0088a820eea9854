/** Which process something belongs to: a pid alone is given to another process one day (hardening S3). */
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import { codeOf } from './file-failure.ts';

/** A process of one run of one system, as a piece of a file's name: "BOOT.PID.START". */
export interface ProcessIdentity {
  /** Null where the system has none (all but Linux). */
  bootId: string | null;
  pid: number;
  /** Linux: clock ticks from boot to its start; elsewhere epoch milliseconds of its start. */
  start: number;
}

const NO_BOOT = 'none';
const SHAPE = /^([0-9a-f-]{36}|none)\.(\d{1,10})\.(\d{1,16})$/;

export function formatIdentity({ bootId, pid, start }: ProcessIdentity): string {
  return `${bootId ?? NO_BOOT}.${pid}.${start}`;
}

export function parseIdentity(text: string): ProcessIdentity | null {
  const [, boot, pid, start] = SHAPE.exec(text) ?? [];
  if (boot === undefined) return null;
  return { bootId: boot === NO_BOOT ? null : boot, pid: Number(pid), start: Number(start) };
}

/** That of this process. */
export function ownIdentity(): ProcessIdentity {
  const { pid } = process;
  const bootId = readBootId();
  const ticks = bootId === null ? null : readStartTicks(pid);
  return ticks === null
    ? { bootId: null, pid, start: Math.round(performance.timeOrigin) }
    : { bootId, pid, start: ticks };
}

/** Linux: a number for each run of the system (random(4)); null elsewhere, or where /proc is not there. */
export function readBootId(root = ''): string | null {
  try {
    const text = readFileSync(`${root}/proc/sys/kernel/random/boot_id`, 'latin1').trim();
    return /^[0-9a-f-]{36}$/.test(text) ? text : null;
  } catch {
    // No such file: another system, or a /proc that is not mounted.
    return null;
  }
}

/**
 * Clock ticks from boot to the start of a process that has not ended; null when there is none or it cannot be read. The
 * name in /proc/PID/stat may hold ")" and blanks: the fields begin after the last one (hardening T3; proc_pid_stat(5):
 * state is field 3, starttime field 22).
 */
export function readStartTicks(pid: number, root = ''): number | null {
  let stat: string;
  try {
    stat = readFileSync(`${root}/proc/${pid}/stat`, 'latin1');
  } catch {
    // It has ended, or is hidden from us.
    return null;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields[19];
  const hasEnded = fields[0] === 'Z' || fields[0] === 'X';
  return !hasEnded && ticks !== undefined && /^\d{1,15}$/.test(ticks) ? Number(ticks) : null;
}

/** A clock that was set while a process ran moves the start of the system by so much at most. */
const CLOCK_SLACK_MS = 10 * 60_000;

/** Whether it is there still. Where that cannot be told, it is: nothing is taken from a process that may live. */
export function isAlive({ bootId, pid, start }: ProcessIdentity): boolean {
  const bootNow = readBootId();
  if (bootId !== null && bootNow !== null) {
    if (bootId !== bootNow) return false;
    const ticks = readStartTicks(pid);
    return ticks === null ? isThere(pid) && !isReadable(pid) : ticks === start;
  }
  if (bootId === null && start < Date.now() - uptime() * 1000 - CLOCK_SLACK_MS) return false;
  return isThere(pid);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** One whose stat we may read has told that it ended; one that hidepid hides has told nothing. */
function isReadable(pid: number): boolean {
  try {
    readFileSync(`/proc/${pid}/stat`);
    return true;
  } catch {
    return false;
  }
}
