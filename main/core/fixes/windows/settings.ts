/** Names under which a state holds what Windows keeps outside of any one list of settings. */
import type { PortRange } from '../../model.ts';
import { normalised, rangeOf, settingOf, valueOf } from '../known.ts';
import type { Known, Step, SystemState } from '../model.ts';

export const PARAMETERS_KEY = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';
export const FAMILIES = [4, 6] as const;
export type Family = (typeof FAMILIES)[number];

/** "49152 16384": first port and count, as netsh sets them. */
export function dynamicPortsName(family: Family): string {
  return `dynamicport ipv${family} tcp`;
}

/** A list of ranges, "50000-50059,61117-61216"; those that an administrator made, and the blocks of services. */
export function excludedName(family: Family, kind: 'administered' | 'blocks'): string {
  return `excludedportrange ipv${family} tcp ${kind}`;
}

/** A DWORD below Tcpip\Parameters. */
export function registryName(value: string): string {
  return `Tcpip\\Parameters\\${value}`;
}

/** "10240 50000": first port and count; count 0 is off. */
export function autoReuseName(setting: string): string {
  return `auto-reuse ${setting}`;
}

export function dynamicRangeOf(state: SystemState, family: Family): PortRange | null {
  const known = settingOf(state, dynamicPortsName(family));
  const parts = known.kind === 'value' ? /^(\d{1,5}) (\d{1,5})$/.exec(known.text) : null;
  const first = Number(parts?.[1] ?? Number.NaN);
  const count = Number(parts?.[2] ?? Number.NaN);
  return first > 0 && count > 0 ? rangeOf(valueOf(`${first} ${first + count - 1}`)) : null;
}

/** Sets or, where it was absent, deletes a DWORD. Takes effect after a restart of the machine. */
export function registryStep(state: SystemState, name: string, value: number, why: string): Step {
  const current = settingOf(state, registryName(name));
  return {
    target: { kind: 'registry', name },
    title: `${PARAMETERS_KEY}\\${name}`,
    current,
    proposed: valueOf(String(value)),
    why,
    apply: { kind: 'run', argv: regAdd(name, String(value)) },
    undo: { kind: 'run', argv: restoreArgv(name, current) },
    undoNote: 'Undo also takes a restart to count.',
    needsAdmin: true,
    isLasting: true,
  };
}

function regAdd(name: string, value: string): string[] {
  return ['reg', 'add', PARAMETERS_KEY, '/v', name, '/t', 'REG_DWORD', '/d', value, '/f'];
}

function restoreArgv(name: string, current: Known): string[] {
  if (current.kind === 'value') return regAdd(name, normalised(current.text));
  return ['reg', 'delete', PARAMETERS_KEY, '/v', name, '/f'];
}
