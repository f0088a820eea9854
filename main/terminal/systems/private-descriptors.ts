/**
 * Keeps our descriptors out of commands (hardening C9). node-pty opens its terminals without FD_CLOEXEC and sets it in
 * the forked child only up to the first gap above descriptor 15 (pty_close_inherited_fds in its src/unix/pty.cc, as
 * built for 1.2.0-beta.15); libuv closes none in what it spawns. A command could so read and type into the terminal of
 * another. Node itself cannot set the flag.
 */
import { readdirSync } from 'node:fs';

/** fcntl(2): F_SETFD and FD_CLOEXEC, the same numbers on Linux and the BSDs. */
const SET_FLAGS = 2;
const CLOSE_ON_EXEC = 1;
const FIRST_OWN = 3;

type Fcntl = (descriptor: number, command: number, type: 'int', argument: number) => number;

/**
 * Marks one descriptor; what was open before (whoever started us may have left something) is marked at once. Null
 * where koffi has no binary for this machine.
 */
export async function makeKeeper(): Promise<((descriptor: number) => void) | null> {
  const fcntl = await loadFcntl();
  if (!fcntl) return null;
  const keep = (descriptor: number) => void fcntl(descriptor, SET_FLAGS, 'int', CLOSE_ON_EXEC);
  for (const descriptor of openDescriptors()) if (descriptor >= FIRST_OWN) keep(descriptor);
  return keep;
}

async function loadFcntl(): Promise<Fcntl | null> {
  try {
    const { default: koffi } = await import('koffi');
    return koffi.load(null).func('int fcntl(int, int, ...)') as unknown as Fcntl;
  } catch {
    return null;
  }
}

function openDescriptors(): number[] {
  try {
    return readdirSync('/dev/fd').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
