/** The terminal and the parser as they really are, started from their sources; Linux finds what they leave behind. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startThread } from '../../main/hosts/start-thread.ts';
import { forkChild } from '../../main/hosts/web/fork-child.ts';
import type { ToTerminal } from '../../main/terminal/protocol.ts';
import type { ForkedProcess } from '../../main/workbench/forked-process.ts';
import type { ToParser } from '../../main/workbench/parse-protocol.ts';

const source = (path: string) => fileURLToPath(new URL(`../../main/${path}`, import.meta.url));

export interface RealChildren {
  forkTerminal(): ForkedProcess<ToTerminal>;
  startParser(): ForkedProcess<ToParser>;
  /** Of the newest terminal; 0 before the first. */
  terminalPid(): number;
  /** Bugs of the parser's thread. */
  log: readonly string[];
}

export function realChildren(): RealChildren {
  let terminal: ForkedProcess<ToTerminal> | null = null;
  const log: string[] = [];
  return {
    forkTerminal: () => (terminal = forkChild<ToTerminal>(source('terminal/worker.ts'))),
    startParser: () => startThread<ToParser>(source('workbench/parse-worker.ts'), (line) => log.push(line)),
    terminalPid: () => terminal?.pid ?? 0,
    log,
  };
}

/** Every process below `pid`, itself not among them. */
export function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const parent = parentOf(Number(name));
    if (parent !== null) parents.set(Number(name), parent);
  }
  const found: number[] = [];
  const waiting = [pid];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [child, parent] of parents) {
      if (parent !== next) continue;
      found.push(child);
      waiting.push(child);
    }
  }
  return found;
}

/** Those of the processes that still run; a zombie does not. */
export function stillRunning(pids: readonly number[]): number[] {
  return pids.filter((pid) => !['gone', 'Z', 'X'].includes(stateOf(pid)));
}

function parentOf(pid: number): number | null {
  const fields = statOf(pid);
  return fields === null ? null : Number(fields[1]);
}

function stateOf(pid: number): string {
  return statOf(pid)?.[0] ?? 'gone';
}

/** From the state on: names may hold anything, so they are cut off at the last bracket. */
function statOf(pid: number): string[] | null {
  if (!Number.isInteger(pid)) return null;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
