/** The parameters of a fix as a person types them, and back. Pure. */
import type { FixParametersInfo, PlanInfo } from '../../../preload/contract-fixes.ts';

export interface ParameterFields {
  first: string;
  last: string;
  reserve: string;
  /** Ports of services found in the range are reserved. */
  reservesFound: boolean;
  value: string;
  pid: string;
}

/** Parameters that a form asks for; the others have places of their own. */
const ASKED = ['range', 'reserve', 'value', 'pid'] as const;
export type AskedParameter = (typeof ASKED)[number];

/** Those that the fix takes, with what they mean. */
export function askedParameters({
  takes,
}: Pick<PlanInfo, 'takes'>): { name: AskedParameter; meaning: string }[] {
  return ASKED.flatMap((name) => {
    const taken = takes.find((one) => one.name === name);
    return taken ? [{ name, meaning: taken.meaning }] : [];
  });
}

/** What stands in the form: what was asked for, else what is proposed. */
export function fieldsOf({ parameters, ranges }: Pick<PlanInfo, 'parameters' | 'ranges'>): ParameterFields {
  const range = parameters.range ?? ranges?.proposed ?? null;
  const { reserve } = parameters;
  return {
    first: range === null ? '' : String(range.first),
    last: range === null ? '' : String(range.last),
    reserve: reserve === null || reserve === 'found' ? '' : printPorts(reserve),
    reservesFound: reserve === 'found',
    value: parameters.value === null ? '' : String(parameters.value),
    pid: parameters.pid === null ? '' : String(parameters.pid),
  };
}

export type ReadFields =
  { ok: true; parameters: FixParametersInfo } | { ok: false; field: AskedParameter; message: string };

/** The parameters that a form says, or which of its fields cannot be read. What they may be, the plan says. */
export function readFields(
  fields: ParameterFields,
  asked: readonly AskedParameter[],
  known: FixParametersInfo,
): ReadFields {
  const parameters = { ...known };
  if (asked.includes('range')) {
    const isEmpty = fields.first.trim() === '' && fields.last.trim() === '';
    const [first, last] = [wholeNumber(fields.first, 65_535), wholeNumber(fields.last, 65_535)];
    if (!isEmpty && (first === null || last === null))
      return { ok: false, field: 'range', message: 'A range is two ports from 0 to 65535.' };
    if (first !== null && last !== null && first > last)
      return { ok: false, field: 'range', message: 'The first port is above the last one.' };
    parameters.range = first === null || last === null ? null : { first, last };
  }
  if (asked.includes('reserve')) {
    const ports = parsePorts(fields.reserve);
    if (ports === null)
      return { ok: false, field: 'reserve', message: 'Ports and ranges, such as 8080, 9000-9010.' };
    parameters.reserve = fields.reservesFound ? 'found' : ports.length === 0 ? null : ports;
  }
  if (asked.includes('value')) {
    const value = wholeNumber(fields.value, Number.MAX_SAFE_INTEGER);
    if (value === null && fields.value.trim() !== '')
      return { ok: false, field: 'value', message: 'A whole number.' };
    parameters.value = value;
  }
  if (asked.includes('pid')) {
    const pid = wholeNumber(fields.pid, 2 ** 31);
    if (pid === null && fields.pid.trim() !== '')
      return { ok: false, field: 'pid', message: 'The number of a process.' };
    parameters.pid = pid;
  }
  return { ok: true, parameters };
}

function wholeNumber(text: string, most: number): number | null {
  const plain = text.trim().replaceAll(',', '');
  if (!/^\d{1,16}$/.test(plain)) return null;
  const value = Number(plain);
  return value <= most ? value : null;
}

function printPorts(ports: readonly { first: number; last: number }[]): string {
  return ports.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(', ');
}

/** Null where it is no list of ports. */
function parsePorts(text: string): { first: number; last: number }[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const ports: { first: number; last: number }[] = [];
  for (const part of parts) {
    const match = /^(\d{1,5})(?:[-–](\d{1,5}))?$/.exec(part);
    if (!match) return null;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first > last || last > 65_535) return null;
    ports.push({ first, last });
  }
  return ports;
}
