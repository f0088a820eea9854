/** Reading values of a machine's state: what is not known stays unknown. */
import type { Intended, Known, SystemState } from './model.ts';
import type { PortRange } from '../model.ts';
import { parsePortList } from '../port-range.ts';

const NOT_READ: Known = { kind: 'unknown', why: 'it was not read' };
export const ABSENT: Intended = { kind: 'absent' };

/** White space as one space, none around: as settings are compared (hardening F4). */
export function normalised(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

export function valueOf(text: string): Intended {
  return { kind: 'value', text };
}

export function settingOf({ values }: SystemState, key: string): Known {
  return values.get(key) ?? NOT_READ;
}

export function fileOf({ files }: SystemState, path: string): Known {
  return files.get(path) ?? NOT_READ;
}

/** A whole number, or null when it is none, absent or not known. */
export function numberOf(known: Known): number | null {
  return known.kind === 'value' && /^-?\d{1,15}$/.test(known.text) ? Number(known.text) : null;
}

/** "32768 60999", or null. */
export function rangeOf(known: Known): PortRange | null {
  const parts = known.kind === 'value' ? /^(\d{1,5}) (\d{1,5})$/.exec(known.text) : null;
  const first = Number(parts?.[1] ?? Number.NaN);
  const last = Number(parts?.[2] ?? Number.NaN);
  return first <= last && last <= 65535 ? { first, last } : null;
}

/** "8080,9148", or null; an empty list is []. */
export function portListOf(known: Known): PortRange[] | null {
  if (known.kind !== 'value') return null;
  const list = parsePortList(known.text);
  return list.ok ? list.value : null;
}

export function isSame(a: Known, b: Known): boolean {
  if (a.kind === 'value' && b.kind === 'value') return a.text === b.text;
  return a.kind === 'absent' && b.kind === 'absent';
}

/** As a person reads it: the text, "empty", "not set", "not known". */
export function sayKnown(known: Known): string {
  if (known.kind === 'absent') return 'not set';
  if (known.kind === 'unknown') return `not known (${known.why})`;
  return known.text === '' ? 'empty' : known.text;
}
