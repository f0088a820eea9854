/** One question of size, answered whole. */
import type { Outcome, Summary } from '../model.ts';
import type { WhatIfInput, WhatIfResult } from './model.ts';

/** Everything that follows from `input`; `summary` gives this machine's settings. */
export function evaluateWhatIf(_input: WhatIfInput, _summary: Summary | null): Outcome<WhatIfResult> {
  return { ok: false, failure: { code: 'unavailable', what: 'What-if', why: 'it is not calculated yet' } };
}
