/** What this process holds of the system; a leak makes one of them grow. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

const EVENTS = ['exit', 'SIGTERM', 'SIGINT', 'SIGHUP', 'uncaughtException', 'warning'];

export interface OwnResources {
  descriptors: number;
  threads: number;
  /** Zombies among them. */
  children: number;
  listeners: number;
}

export function ownResources(): OwnResources {
  const status = readFileSync('/proc/self/status', 'utf8');
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    threads: Number(/^Threads:\s*(\d+)/m.exec(status)?.[1]),
    children: readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === process.pid).length,
    listeners: EVENTS.reduce((sum, event) => sum + process.listenerCount(event), 0),
  };
}

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}
