/** What What-if starts from: profiles, defaults, this machine, quoted figures and folklore. */
import type { Summary } from '../model.ts';
import type { WhatIfCatalogue } from './model.ts';

/** Everything a screen needs before the first question. */
export function describeProfiles(_summary: Summary | null): WhatIfCatalogue {
  throw new Error('not written');
}
