/** Commands that misbehave, as a table of programs, and a look at what they leave running. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chooseSystem } from '../../../main/terminal/choose-system.ts';
import type { ProgramEntry, ProgramTable } from '../../../main/terminal/programs/table.ts';
import { createRunner, type Runner, type RunnerOptions } from '../../../main/terminal/runner.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** Every script of this folder by its name without the ending, and a tool that does not exist. */
export const HOSTILE_PROGRAMS: ProgramTable = new Map([...scripts(), missing()]);

function scripts(): [string, ProgramEntry][] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sh'))
    .map((name) => [name.slice(0, -3), { candidates: [`${FOLDER}${name}`], hint: 'it is here' }]);
}

function missing(): [string, ProgramEntry] {
  return ['missing', { candidates: [`${FOLDER}missing`], hint: 'missing is in the package lost' }];
}

/** Limits short enough for a test. */
export const SHORT = { timeoutMs: 600, silenceMs: 600, graceMs: 200 };

export interface MarkedRunner extends Runner {
  /** Pids (not zombies) of whatever its runs started that is still there. */
  leftovers(): number[];
}

/** A runner whose commands carry a mark in their environment, by which they are found wherever they go. */
export function markedRunner(options: Partial<RunnerOptions> = {}): MarkedRunner {
  const mark = randomUUID();
  const runner = createRunner({
    programs: HOSTILE_PROGRAMS,
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    elevated: false,
    env: { ...chooseSystem(process.platform).environment(), TEST_MARK: mark },
    ...options,
  });
  return {
    start: (request, hooks) => runner.start(request, hooks),
    run: (request, hooks) => runner.run(request, hooks),
    end: () => runner.end(),
    leftovers: () => processesWith(`TEST_MARK=${mark}`),
  };
}

/** Linux only: pids of processes with this in their environment. */
export function processesWith(variable: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && environmentOf(pid).split('\0').includes(variable));
}

/** Empty for zombies, and for those that are gone or another user's. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
