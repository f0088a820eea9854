/** How a process is called in a sentence. */
import type { SocketOwner } from '../model.ts';

/** "python3 (pid 4312)", "nc (children of bash, pid 4711)" for short-lived ones, or what is known of it. */
export function sayProcess({ process, pid, group }: Pick<SocketOwner, 'process' | 'pid' | 'group'>): string {
  if (group && process !== null && group.parentPid !== null) {
    return `${process} (children of ${group.parentProcess === null ? '' : `${group.parentProcess}, `}pid ${group.parentPid})`;
  }
  if (pid === null) return process ?? 'an unknown process';
  return process === null ? `pid ${pid}` : `${process} (pid ${pid})`;
}
