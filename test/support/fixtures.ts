/** Where recordings are: those of the project, and the shared ones that stand next to it on some machines. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const OWN = resolve(import.meta.dirname, '../fixtures');
const SHARED = resolve(import.meta.dirname, '../../../shared/fixtures');

/** Bytes of a recording of this project, for example "linux/proc-net-tcp/6.18/stdout". */
export function readFixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(resolve(OWN, path)));
}

/** The same as text. */
export function readFixtureText(path: string): string {
  return readFileSync(resolve(OWN, path), 'utf8');
}

/** Bytes of a shared recording by its file name, or why it is not here; tests then skip with that reason. */
export function readSharedFixture(
  name: string,
): { found: true; bytes: Uint8Array } | { found: false; why: string } {
  const path = resolve(SHARED, name);
  if (!existsSync(path)) return { found: false, why: `no shared fixture ${name} next to the project` };
  return { found: true, bytes: new Uint8Array(readFileSync(path)) };
}
