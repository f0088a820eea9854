/** Starts roles.mjs. */
import { fileURLToPath } from 'node:url';
import type { Place } from '../peer.ts';
import type { Role } from './scenario.ts';

interface RolesPlan {
  /** What the process calls itself. */
  name: string;
  seconds: number;
  roles: Role[];
}

const PROGRAM = fileURLToPath(new URL('./roles.mjs', import.meta.url));

/** Resolves when its servers listen; it ends with the place, or after its time. */
export function startRoles(
  place: Place,
  plan: RolesPlan,
  limitMs: number,
  descriptorLimit?: number,
): Promise<void> {
  const limit =
    descriptorLimit === undefined ? [] : ['prlimit', `--nofile=${descriptorLimit}:${descriptorLimit}`, '--'];
  const child = place.spawn([...limit, process.execPath, PROGRAM, JSON.stringify(plan)]);
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`${plan.name} was not ready within ${limitMs} ms: ${complaint}`));
    const timer = setTimeout(fail, limitMs);
    child.stdout.once('data', () => {
      clearTimeout(timer);
      resolve();
    });
    child.once('close', () => {
      clearTimeout(timer);
      fail();
    });
  });
}
