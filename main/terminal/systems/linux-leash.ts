/**
 * Commands that end with us, also when we are killed and can end nobody (hardening C8): util-linux's setpriv asks the
 * kernel to kill the process when its parent dies (prctl(2), PR_SET_PDEATHSIG), then becomes the command, so pid, exit
 * status and signals stay the command's own. `timeout -k` would bound the same case only by time, and change them.
 */
import { spawn } from 'node:child_process';
import { inspectProgram, runsElevated } from '../trusted-file.ts';

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'];
const ARGUMENTS = ['--pdeathsig', 'KILL', '--'];
const TRIAL_LIMIT_MS = 2000;

/** Empty where setpriv is missing or does not know the option (util-linux before 2.33, BusyBox). */
export async function findLeash(candidates: readonly string[] = SETPRIV): Promise<readonly string[]> {
  const setpriv = candidates.find((path) => inspectProgram(path, runsElevated()) === null);
  if (setpriv === undefined) return [];
  const leash = [setpriv, ...ARGUMENTS];
  return (await works([...leash, ...leash, setpriv, '--version'])) ? leash : [];
}

function works([program = '', ...argv]: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, argv, { stdio: 'ignore', env: {}, timeout: TRIAL_LIMIT_MS });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** What setpriv says when the command cannot be started after all (a wrong architecture, say); null for other output. */
export function leashComplaint(exitCode: number | null, output: string): string | null {
  if (exitCode !== 126 && exitCode !== 127) return null;
  return /^setpriv: failed to execute [^\n]*: ([^\n:]+?)\r?\n?$/.exec(output)?.[1] ?? null;
}
