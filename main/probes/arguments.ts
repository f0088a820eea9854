/** What a person fills in becomes arguments: by type, never as text of their own making (hardening C2). */
import { formatAddress, parseAddress } from '../core/address.ts';
import type { Failure, Outcome } from '../core/model.ts';
import type { Probe, ProbeParameter } from './probe.ts';

/** A value as it comes through the door. */
export interface ArgumentValue {
  name: string;
  value: string;
}

/** Largest pid: 2^22 on Linux, 32 bits on Windows. */
const MAX_PID = 0xffff_ffff;
const MAX_PORT = 65535;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const PLACE = /\{([a-z]\w*)\}/g;

/**
 * The argv of `probe` with `values` in their places; a parameter without a value takes its preset. Refused: a name that
 * the probe does not have or that comes twice, a value that is not of its type, an argument that would begin with "-"
 * where the probe's own does not, or hold control characters.
 */
export function fillArguments(probe: Probe, values: readonly ArgumentValue[]): Outcome<string[]> {
  const given = new Map<string, string>();
  for (const { name, value } of values) {
    const isKnown = probe.parameters.some((parameter) => parameter.name === name);
    if (!isKnown) return invalid('parameters', `${probe.title} takes no parameter of that name`);
    if (given.has(name)) return invalid(name, `${name} is given twice`);
    given.set(name, value);
  }
  const checked = new Map<string, string>();
  for (const parameter of probe.parameters) {
    const value = checkValue(parameter, given.get(parameter.name) ?? parameter.preset);
    if (!value.ok) return value;
    checked.set(parameter.name, value.value);
  }
  return fill(probe.argv, checked);
}

function checkValue(parameter: ProbeParameter, value: string | null): Outcome<string> {
  const { label, type } = parameter;
  if (value === null || value === '') return invalid(parameter.name, `${label} is needed: ${EXPECTED[type]}`);
  const argument = VALIDATE[type](value);
  if (argument === null) return invalid(parameter.name, `${label} must be ${EXPECTED[type]}`);
  return { ok: true, value: argument };
}

const EXPECTED: Record<ProbeParameter['type'], string> = {
  pid: 'the number of a process',
  port: 'a port from 1 to 65535',
  address: 'an IPv4 or IPv6 address',
};

/** Null when the text is not of the type; else the argument, written anew rather than passed on. */
const VALIDATE: Record<ProbeParameter['type'], (text: string) => string | null> = {
  pid: (text) => wholeNumber(text, MAX_PID),
  port: (text) => wholeNumber(text, MAX_PORT),
  address(text) {
    const address = parseAddress(text);
    return address === null ? null : formatAddress(address);
  },
};

function wholeNumber(text: string, max: number): string | null {
  if (!/^[1-9]\d{0,9}$/.test(text)) return null;
  return Number(text) <= max ? text : null;
}

function fill(argv: readonly string[], values: ReadonlyMap<string, string>): Outcome<string[]> {
  const filled: string[] = [];
  for (const template of argv) {
    const argument = template.replace(PLACE, (place, name: string) => values.get(name) ?? place);
    if (argument !== template && (HIDDEN.test(argument) || becameOption(template, argument))) {
      return invalid('parameters', 'the value may not be an option or hold hidden characters');
    }
    filled.push(argument);
  }
  return { ok: true, value: filled };
}

function becameOption(template: string, argument: string): boolean {
  return argument.startsWith('-') && !template.startsWith('-');
}

function invalid(field: string, message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'invalid', field, message } };
}
