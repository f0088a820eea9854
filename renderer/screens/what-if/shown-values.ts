/** What the fields show: what was typed, else the profile's value. */
import type { WhatIfInput, WhatIfProfile, WhatIfResult } from '../../../preload/contract-what-if.ts';

type Effective = WhatIfResult['effective'];

export interface ShownValues {
  range: { first: number; last: number };
  /** Ports of one pool where they are not those of a range; else null. */
  portCount: number | null;
  timeWaitSeconds: number;
  reuseMode: Effective['reuseMode'];
  reuseDelayMs: number;
  timestamps: boolean;
}

/**
 * The values of the fields that may come from the profile. A profile that is not in the list (this machine, one's own)
 * is known from the newest answer; null while neither is there.
 */
export function shownValues(
  input: WhatIfInput,
  profile: WhatIfProfile | null,
  result: WhatIfResult | null,
): ShownValues | null {
  const effective = result?.effective.profileId === input.profileId ? result.effective : null;
  const range = input.range ?? profile?.range ?? effective?.range;
  const timeWaitSeconds = input.timeWaitSeconds ?? profile?.timeWaitSeconds ?? effective?.timeWaitSeconds;
  if (!range || timeWaitSeconds === undefined) return null;
  return {
    range,
    portCount: input.portCount ?? (input.range === null ? ownPortCount(profile) : null),
    timeWaitSeconds,
    reuseMode: input.reuseMode ?? profile?.reuse.mode ?? effective?.reuseMode ?? 'off',
    reuseDelayMs: input.reuseDelayMs ?? profile?.reuse.delayMs ?? effective?.reuseDelayMs ?? 1000,
    timestamps: input.timestamps ?? effective?.timestamps ?? true,
  };
}

/** The ports that a profile hands out where they are fewer than its range. */
function ownPortCount(profile: WhatIfProfile | null): number | null {
  if (!profile) return null;
  return profile.portCount === profile.range.last - profile.range.first + 1 ? null : profile.portCount;
}
