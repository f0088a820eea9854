/** Whether a person at the terminal types to this very process. */
import { readFileSync } from 'node:fs';

/**
 * True when standard input is a terminal whose foreground is ours. Reading a terminal from the background
 * (`fourtuple serve &`) would stop the process with SIGTTIN. Where there is no /proc a terminal is enough.
 */
export function isForegroundTerminal(isTty: boolean, readStat: () => string = readOwnStat): boolean {
  if (!isTty) return false;
  let stat: string;
  try {
    stat = readStat();
  } catch {
    // No /proc: not Linux.
    return true;
  }
  // proc_pid_stat(5): after the name in parentheses come state, ppid, pgrp, session, tty_nr, tpgid.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[2] === fields[5];
}

function readOwnStat(): string {
  return readFileSync('/proc/self/stat', 'latin1');
}
