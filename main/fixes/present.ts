/** What the targets of a plan's steps are now, and where we are. */
import { readlinkSync } from 'node:fs';
import type { Place } from '../core/fixes/change.ts';
import { normalised, valueOf } from '../core/fixes/known.ts';
import type { Known, Plan, Target } from '../core/fixes/model.ts';
import type { SystemId } from '../core/readings.ts';
import { endedWell, type RunCommand } from '../terminal/run.ts';
import { readLinuxTarget } from './linux/present.ts';
import { readBootId } from '../storage/process-identity.ts';
import { readWholeFile } from './read-known.ts';

export interface PresentMachine {
  platform: NodeJS.Platform;
  /** Runs sysctl where settings are not files; null: they stay unknown there. */
  run: RunCommand | null;
  /** Where the machine's files begin; "" but in tests. */
  root?: string;
}

const SYSTEMS: Partial<Record<NodeJS.Platform, SystemId>> = {
  linux: 'linux',
  darwin: 'macos',
  freebsd: 'freebsd',
  openbsd: 'freebsd',
  win32: 'windows',
};

/**
 * One value a step, in order. What cannot be read is unknown with its reason; the limit of a process that is gone is
 * absent. On Linux, settings are those of this process's network namespace.
 */
export async function readPresent(
  { system, steps }: Pick<Plan, 'system' | 'steps'>,
  machine: PresentMachine,
): Promise<Known[]> {
  const present: Known[] = [];
  for (const { target } of steps) present.push(await readTarget(target, system, machine));
  return present;
}

async function readTarget(target: Target, system: SystemId, machine: PresentMachine): Promise<Known> {
  const { platform, run, root = '' } = machine;
  if (SYSTEMS[platform] !== system) return unknown('it belongs to another system than this one');
  if (system === 'linux') return readLinuxTarget(target, root);
  if (target.kind === 'action') return { kind: 'absent' };
  if (target.kind === 'file') return readWholeFile(`${root}${target.path}`);
  if (target.kind === 'sysctl' && run !== null) return askSysctl(target.key, run);
  return unknown('it cannot be read back here yet');
}

async function askSysctl(key: string, run: RunCommand): Promise<Known> {
  const ran = await run({ tool: 'sysctl', argv: ['-n', key], way: 'quiet' });
  if (!ran.ok) return unknown('sysctl could not be run');
  if (!endedWell(ran.value)) return unknown('sysctl did not tell it');
  const text = normalised(new TextDecoder().decode(ran.value.stdout));
  return text === '' ? unknown('sysctl told nothing') : valueOf(text);
}

function unknown(why: string): Known {
  return { kind: 'unknown', why };
}

/** This run of the system and, on Linux, this process's network namespace. */
export function placeNow({ platform, root = '' }: Pick<PresentMachine, 'platform' | 'root'>): Place {
  if (platform !== 'linux') return { bootId: null, networkNamespace: null };
  return { bootId: readBootId(root), networkNamespace: readNamespace(root) };
}

/** "net:[4026531840]" (namespaces(7)); null where /proc is not there. */
function readNamespace(root: string): string | null {
  try {
    const name = readlinkSync(`${root}/proc/self/ns/net`);
    return /^net:\[\d{1,20}\]$/.test(name) ? name : null;
  } catch {
    return null;
  }
}
