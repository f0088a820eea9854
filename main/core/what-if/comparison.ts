/** Every profile at the same load, side by side. */
import { PROFILES } from '../profiles.ts';
import type { PoolScope, Summary } from '../model.ts';
import { CUSTOM, THIS_MACHINE, findBase, type Base } from './base.ts';
import { timeToFullCurve } from './curves.ts';
import { deriveFigures, finiteOrNull } from './figures.ts';
import type { ComparisonRow, TimeToFullCurve, WhatIfEffective, WhatIfInput } from './model.ts';
import { resolveInput } from './resolve.ts';

const POOL_COUNTED_PER: Record<PoolScope, string> = {
  destination: 'each destination',
  address: 'each local address',
  host: 'all destinations',
};
/** Systems whose curves are worth drawing beside the asked one; the rounded and the tuned would lie on top. */
const DRAWN = new Set(['windows-legacy', 'windows-240', 'windows', 'linux', 'macos', THIS_MACHINE]);
const ASKED_STEPS = 40;
const OTHER_STEPS = 16;

export interface Asked {
  input: WhatIfInput;
  base: Base;
  load: WhatIfEffective;
}

export interface Comparison {
  rows: ComparisonRow[];
  curves: TimeToFullCurve[];
}

/** Rows of all profiles at this load, each with its own settings; what was changed by hand is a row of its own. */
export function compareProfiles(asked: Asked, summary: Summary | null): Comparison {
  const { input, base, load } = asked;
  const isAsIs = base.id !== CUSTOM && !hasOverride(input);
  const rows: ComparisonRow[] = [];
  const curves = [timeToFullCurve(load, deriveFigures(load), ASKED_STEPS)];
  if (!isAsIs)
    rows.push({ ...rowOf(load, base, true), profileId: CUSTOM, name: 'As set here', kind: 'custom' });
  const ids = [...PROFILES.map((profile) => profile.id), ...(summary ? [THIS_MACHINE] : [])];
  for (const id of ids) {
    const found = findBase(id, summary);
    const resolved = found.ok ? resolveInput(withoutOverrides(input, id), found.value) : null;
    if (!found.ok || !resolved?.ok) continue;
    rows.push(rowOf(resolved.value, found.value, isAsIs && id === base.id));
    if (DRAWN.has(id) && !(isAsIs && id === base.id)) {
      curves.push(timeToFullCurve(resolved.value, deriveFigures(resolved.value), OTHER_STEPS));
    }
  }
  return { rows, curves };
}

function rowOf(load: WhatIfEffective, base: Base, isSelected: boolean): ComparisonRow {
  const figures = deriveFigures(load);
  return {
    profileId: load.profileId,
    name: base.name,
    kind: load.profileKind,
    range: load.range,
    portCount: load.portCount,
    waitSeconds: figures.waitSeconds,
    waitKnownFrom: load.timeWaitSeconds === base.timeWaitSeconds ? base.timeWaitNote : 'as given',
    scope: load.scope,
    poolCountedPer: POOL_COUNTED_PER[load.scope],
    sustainableRatePerSecond: finiteOrNull(figures.sustainableRate),
    shareOfRate: Math.min(1, figures.sustainableRate / load.ratePerSecond),
    secondsToFull: figures.fromEmptySeconds,
    errorOnExhaustion: load.errorOnExhaustion,
    isSelected,
  };
}

function hasOverride(input: WhatIfInput): boolean {
  const { range, portCount, reservedPorts, timeWaitSeconds, scope, reuseMode, reuseDelayMs, timestamps } =
    input;
  const overrides = [
    range,
    portCount,
    reservedPorts,
    timeWaitSeconds,
    scope,
    reuseMode,
    reuseDelayMs,
    timestamps,
  ];
  return overrides.some((value) => value !== null);
}

function withoutOverrides(input: WhatIfInput, profileId: string): WhatIfInput {
  return {
    ...input,
    profileId,
    range: null,
    portCount: null,
    reservedPorts: null,
    timeWaitSeconds: null,
    scope: null,
    reuseMode: null,
    reuseDelayMs: null,
    timestamps: null,
  };
}
