/** Whose program it is, by the sample. */
import type { Consumer } from '../../model.ts';
import { poolOf } from '../effect.ts';
import type { PlanInput } from '../model.ts';

/** The process with most ports of the pool that is planned for, or null. */
export function mainConsumer(input: PlanInput): Consumer | null {
  const pool = poolOf(input);
  const consumers = input.summary?.consumers.filter(({ poolKey }) => poolKey === pool?.key) ?? [];
  return [...consumers].sort((a, b) => b.sockets - a.sockets)[0] ?? null;
}

/** "python3", or "The program": how a sentence begins. */
export function sayProgram(consumer: Consumer | null): string {
  return consumer?.process ?? 'The program';
}
