/** How a process is called in a sentence. */
import type { SocketOwner } from '../model.ts';

/** "python3 (pid 4312)", or what is known of it. */
export function sayProcess({ process, pid }: Pick<SocketOwner, 'process' | 'pid'>): string {
  if (pid === null) return process ?? 'an unknown process';
  return process === null ? `pid ${pid}` : `${process} (pid ${pid})`;
}
