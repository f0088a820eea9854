/** One question of size, answered whole: a pure function of the input and the last sample, quick enough for dragging. */
import type { Outcome, Summary } from '../model.ts';
import { sayCombination, saySmallestChange, sayWhatIf } from '../words/what-if.ts';
import { findBase, type Base } from './base.ts';
import { compareProfiles } from './comparison.ts';
import { occupancyCurve } from './curves.ts';
import { deriveFigures, finiteOrNull, type Figures } from './figures.ts';
import { limitsOf } from './limits.ts';
import type { OptionId, WhatIfEffective, WhatIfInput, WhatIfResult } from './model.ts';
import { candidatesFor, optionsFor } from './options.ts';
import { resolveInput } from './resolve.ts';
import { findSmallestChange } from './smallest-change.ts';

/**
 * Everything that follows from `input`. A value out of its bounds, an unknown profile or a pool without ports is
 * 'invalid' with the field named; "this-machine" without a `summary` is 'unavailable'.
 */
export function evaluateWhatIf(input: WhatIfInput, summary: Summary | null): Outcome<WhatIfResult> {
  const base = findBase(input.profileId, summary);
  if (!base.ok) return base;
  const resolved = resolveInput(input, base.value);
  if (!resolved.ok) return resolved;
  const load = resolved.value;
  const figures = deriveFigures(load);
  const limits = limitsOf(load);
  const change = findSmallestChange(load, base.value);
  const comparison = compareProfiles({ input, base: base.value, load }, summary);
  return {
    ok: true,
    value: {
      effective: load,
      verdict: sayWhatIf(load, figures, limits),
      ...numbersOf(figures),
      limits,
      smallestChange: change && saySmallestChange(change),
      options: optionsFor(load, base.value),
      combination: combine(load, base.value),
      occupancy: occupancyCurve(figures),
      timeToFull: comparison.curves,
      comparison: comparison.rows,
    },
  };
}

function numbersOf(figures: Figures) {
  const { poolCount, sustainableRate, steadyInUse } = figures;
  return {
    poolCount,
    capacityPerPool: figures.capacityPerPool,
    capacity: figures.capacity,
    slowFrom: figures.slowFrom,
    lockSeconds: figures.lockSeconds,
    sustainableRatePerSecond: finiteOrNull(sustainableRate),
    sustainablePerPoolRatePerSecond: finiteOrNull(sustainableRate / poolCount),
    slowAtRatePerSecond: figures.slowAtRate,
    portsNeeded: Math.ceil(steadyInUse - 1e-9),
    steady: { inUse: steadyInUse, timeWait: figures.steadyTimeWait, share: figures.steadyShare },
    exhaustion: {
      expected: figures.fromInUseSeconds !== null,
      fromEmptySeconds: figures.fromEmptySeconds,
      fromInUseSeconds: figures.fromInUseSeconds,
      withoutDeparturesSeconds: figures.withoutDeparturesSeconds,
    },
  };
}

/** Options that multiply, most telling first. */
const MULTIPLYING: readonly OptionId[] = [
  'wider-range',
  'source-address',
  'destination',
  'keep-alive',
  'reuse',
];

function combine(load: WhatIfEffective, base: Base): WhatIfResult['combination'] {
  const helping = new Set(optionsFor(load, base).flatMap((option) => (option.helps ? [option.id] : [])));
  const candidates = candidatesFor(load, base);
  const two = MULTIPLYING.filter((id) => helping.has(id))
    .flatMap((id) => candidates.filter((candidate) => candidate.id === id))
    .slice(0, 2);
  if (two.length < 2) return null;
  const changed = two.reduce((before, { lever }) => (lever ? lever(before) : before), load);
  const holdsRatePerSecond = deriveFigures(changed).sustainableRate;
  if (!Number.isFinite(holdsRatePerSecond)) return null;
  return {
    ...sayCombination(
      two.map(({ id }) => id),
      holdsRatePerSecond,
    ),
    holdsRatePerSecond,
  };
}
