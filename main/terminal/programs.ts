/** Which program a tool is: absolute paths from a table, never a search of PATH (hardening C1). */
import type { Failure, Outcome } from '../core/model.ts';
import { FREEBSD_PROGRAMS } from './programs/freebsd.ts';
import { LINUX_PROGRAMS } from './programs/linux.ts';
import { MACOS_PROGRAMS } from './programs/macos.ts';
import { windowsPrograms } from './programs/windows.ts';
import type { ProgramTable } from './programs/table.ts';
import { inspectProgram, runsElevated } from './trusted-file.ts';

/** The programs of a system; empty for one we know nothing of. */
export function choosePrograms(platform: NodeJS.Platform): ProgramTable {
  switch (platform) {
    case 'linux':
      return LINUX_PROGRAMS;
    case 'darwin':
      return MACOS_PROGRAMS;
    case 'win32':
      return windowsPrograms(process.env['SystemRoot']);
    case 'freebsd':
    case 'openbsd':
      return FREEBSD_PROGRAMS;
    default:
      return new Map();
  }
}

/**
 * The path of `tool`: the first candidate that exists and may be executed, and that nobody else could have changed
 * when we run with the machine's highest rights. Failures: 'invalid' (not in the table), 'tool-missing',
 * 'not-permitted' (not executable), 'unavailable' (others can write to it or to a folder above it).
 */
export function findProgram(
  programs: ProgramTable,
  tool: string,
  elevated: boolean = runsElevated(),
): Outcome<string> {
  const entry = programs.get(tool);
  if (!entry) {
    return { ok: false, failure: { code: 'invalid', field: 'tool', message: 'no tool of this system' } };
  }
  let refusal: Failure | null = null;
  for (const path of entry.candidates) {
    const found = inspectProgram(path, elevated);
    if (found === null) return { ok: true, value: path };
    if (found !== 'absent') refusal ??= found;
  }
  return { ok: false, failure: refusal ?? { code: 'tool-missing', tool, hint: entry.hint } };
}
