/** Linux: the limit of open files of a process, and what is needed to change it. */
import { readdirSync } from 'node:fs';
import { valueOf } from '../../core/fixes/known.ts';
import type { Known, LimitedProcess } from '../../core/fixes/model.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { readStartTicks } from '../../storage/process-identity.ts';
import { readText } from '../read-known.ts';

interface Limits {
  soft: string;
  hard: string;
}

/** Null when it has ended, or its limits may not be read. `root` is where the machine's files begin: "" but in tests. */
export function readLimitedProcess(pid: number, root = ''): LimitedProcess | null {
  const folder = `${root}/proc/${pid}`;
  const limits = parseLimits(textAt(`${folder}/limits`));
  const startTicks = readStartTicks(pid, root);
  if (limits === null || startTicks === null) return null;
  const uid = /^Uid:\s+(\d+)/m.exec(textAt(`${folder}/status`))?.[1];
  return {
    pid,
    startTicks,
    process: sanitiseText(textAt(`${folder}/comm`).trimEnd() || String(pid)),
    descriptors: countFiles(`${folder}/fd`),
    softLimit: limitOf(limits.soft),
    hardLimit: limitOf(limits.hard),
    unit: /\/([\w.@:-]+\.service)(?:\/|$)/m.exec(textAt(`${folder}/cgroup`))?.[1] ?? null,
    user: uid === undefined ? null : userOf(uid, root),
  };
}

/**
 * "1024:524288", soft and hard, of the process that began at `startTicks`; absent when that one has ended, whoever has
 * its pid now.
 */
export function readLimit(pid: number, startTicks: number | null, root = ''): Known {
  const limits = readText(`${root}/proc/${pid}/limits`);
  const began = readStartTicks(pid, root);
  if (limits.kind === 'unknown') return limits;
  if (limits.kind === 'absent' || began === null || (startTicks !== null && began !== startTicks)) {
    return { kind: 'absent' };
  }
  const parsed = parseLimits(limits.text);
  if (parsed === null) return { kind: 'unknown', why: 'its limits have a form that is not known' };
  return valueOf(`${parsed.soft}:${parsed.hard}`);
}

/** "Max open files            1024                 524288               files" (fs/proc/base.c, proc_pid_limits). */
function parseLimits(text: string): Limits | null {
  const [, soft, hard] = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(text) ?? [];
  return soft === undefined || hard === undefined ? null : { soft, hard };
}

function limitOf(text: string): number | null {
  return text === 'unlimited' ? null : Number(text);
}

/** Null where they may not be listed. */
function countFiles(path: string): number | null {
  try {
    return readdirSync(path).length;
  } catch {
    return null;
  }
}

function userOf(uid: string, root: string): string | null {
  const row = textAt(`${root}/etc/passwd`)
    .split('\n')
    .find((line) => line.split(':')[2] === uid);
  return row?.split(':')[0] ?? null;
}

/** Empty when there is nothing to read, which then matches nothing. */
function textAt(path: string): string {
  const known = readText(path);
  return known.kind === 'value' ? known.text : '';
}
