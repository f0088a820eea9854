/** The parameters of a fix, as options of the command line. */
import { NO_PARAMETERS } from '../core/fixes/plan.ts';
import type { FixParameters } from '../core/fixes/model.ts';
import type { Outcome, PortRange } from '../core/model.ts';
import { checkPortRange, parsePortList } from '../core/port-range.ts';
import { usage } from './usage.ts';

export interface ParameterWords {
  range?: string;
  reserve?: string;
  pool?: string;
  value?: string;
  pid?: string;
  persist: boolean;
}

/** What is not given is proposed. Failure: the option that is wrong. */
export function readParameters(values: ParameterWords): Outcome<FixParameters> {
  const range = readRange(values.range);
  const reserve = readReserve(values.reserve);
  const value = readWhole('--value', values.value);
  const pid = readWhole('--pid', values.pid);
  if (!range.ok) return range;
  if (!reserve.ok) return reserve;
  if (!value.ok) return value;
  if (!pid.ok) return pid;
  return {
    ok: true,
    value: {
      ...NO_PARAMETERS,
      range: range.value,
      reserve: reserve.value,
      poolKey: values.pool ?? null,
      value: value.value,
      pid: pid.value,
      persist: values.persist,
    },
  };
}

function readRange(text: string | undefined): Outcome<PortRange | null> {
  if (text === undefined) return { ok: true, value: null };
  const parts = /^\s*(\d{1,5})\s*[-–]\s*(\d{1,5})\s*$/.exec(text);
  if (!parts)
    return usage('--range', `--range takes two ports such as 10240-65535, not "${text.slice(0, 40)}"`);
  const range = checkPortRange(Number(parts[1]), Number(parts[2]));
  return range.ok ? range : usage('--range', `--range: ${messageOf(range.failure)}`);
}

function readReserve(text: string | undefined): Outcome<FixParameters['reserve']> {
  if (text === undefined) return { ok: true, value: null };
  if (text.trim() === 'found') return { ok: true, value: 'found' };
  const list = parsePortList(text);
  if (!list.ok) return usage('--reserve', `--reserve: ${messageOf(list.failure)}`);
  if (list.value.length === 0) return usage('--reserve', '--reserve takes ports such as 8080,9100');
  return list;
}

function messageOf(failure: { code: string; message?: string }): string {
  return failure.message ?? failure.code;
}

function readWhole(name: string, text: string | undefined): Outcome<number | null> {
  if (text === undefined) return { ok: true, value: null };
  if (/^\d{1,10}$/.test(text)) return { ok: true, value: Number(text) };
  return usage(name, `${name} takes a whole number, not "${text.slice(0, 40)}"`);
}
