/** Steps that set a setting of Linux or BSD: an allowed key, a value within bounds, and exactly that command. Pure. */
import type { SystemId } from '../readings.ts';
import { parsePortList } from '../port-range.ts';
import { checkValue } from './allowed.ts';
import { isEqual } from './is-equal.ts';
import { normalised } from './known.ts';
import type { Known, Step, SystemState } from './model.ts';
import { sysctlStep } from './steps.ts';

/** What is not right with it as a clause, or null. */
export function checkSettingStep(step: Step, key: string, system: SystemId): string | null {
  const { current, proposed } = step;
  if (isOfLinux(key) !== (system === 'linux')) return `${key} is no setting of ${system}`;
  if (current.kind !== 'value' || proposed.kind !== 'value') return `${key} has a value before and after`;
  const checked = checkValue(key, proposed.text);
  if (!checked.ok) return messageOf(checked.failure);
  if (checked.value !== proposed.text) return `${key} is not written in the form in which it is set`;
  if (!canBePutBack(key, current.text)) return `${key} never was "${current.text.slice(0, 40)}"`;
  const expected = sysctlStep(stateWith(system, key, current), key, proposed.text, step.why);
  return isEqual(step, expected) ? null : `it does something else than set ${key} and put it back`;
}

function isOfLinux(key: string): boolean {
  return !key.startsWith('net.inet.');
}

/**
 * What was there before need not be within our bounds, but has the shape of what a kernel shows: it is written back
 * with the machine's rights.
 */
function canBePutBack(key: string, text: string): boolean {
  if (text !== normalised(text)) return false;
  if (key === 'net.ipv4.ip_local_reserved_ports') return parsePortList(text).ok && !text.includes(' ');
  if (key === 'net.ipv4.ip_local_port_range') return /^\d{1,5} \d{1,5}$/.test(text);
  return /^-?\d{1,20}$/.test(text);
}

/** As much of a machine as one step is made from. */
export function stateWith(system: SystemId, name: string, current: Known): SystemState {
  return {
    system,
    isLegacyWindows: false,
    kernel: null,
    values: new Map([[name, current]]),
    files: new Map([[name, current]]),
    laterFiles: new Map(),
    tcpPorts: null,
    udpPorts: null,
    processes: [],
  };
}

export function messageOf(failure: { code: string }): string {
  return 'message' in failure && typeof failure.message === 'string' ? failure.message : failure.code;
}
