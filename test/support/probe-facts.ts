/** Facts of a reading as short text, for whole-value assertions. */
import type { Fact, OutputParser, OutputReading } from '../../main/core/readings.ts';
import { listSockets } from './probes.ts';

/** The value of each counter by "group name", each setting by its name. */
export function valuesOf(reading: OutputReading): Record<string, number | string> {
  const values: [string, number | string][] = [];
  for (const fact of reading.facts) {
    if (fact.kind === 'counter') values.push([`${fact.group} ${fact.name}`, fact.value]);
    if (fact.kind === 'setting') values.push([fact.name, fact.value]);
  }
  return Object.fromEntries(values);
}

/** How many facts there are of each kind. */
export function countKinds(reading: OutputReading): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of reading.facts) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** One fact as "line: kind words". */
export function factText(fact: Fact): string {
  const { line, kind, ...rest } = fact;
  return `${line}: ${kind} ${Object.values(rest).join(' ')}`;
}

export function read(parser: OutputParser, text: string): OutputReading {
  return listSockets(parser, text).reading;
}
