/** An answer of What-if to take away: a few lines to paste into a message, or the whole of it as JSON. */
import type { WhatIfInput, WhatIfResult } from '../../../preload/contract-what-if.ts';
import { formatFullAfter, formatHolds } from '../../charts/what-if-words.ts';
import { formatHold } from '../../format/durations.ts';
import { formatCount } from '../../format/numbers.ts';

/** Sentence, arithmetic, the smallest change, the options and every profile at this rate; plain text. */
export function whatIfText(result: WhatIfResult): string {
  const { verdict, smallestChange, options, comparison } = result;
  const lines = [verdict.sentence, verdict.detail];
  if (smallestChange) lines.push(smallestChange.sentence);
  lines.push(
    '',
    'Options:',
    ...options.map((option) => `- ${option.title}: ${option.figure}. ${option.note}.`),
  );
  lines.push('', 'Profiles:');
  for (const row of comparison) {
    const ports = `${formatCount(row.portCount)} ports ÷ ${formatHold(row.waitSeconds)}`;
    const full =
      row.secondsToFull === null ? 'never full' : `full after ${formatFullAfter(row.secondsToFull)}`;
    lines.push(`- ${row.name}: ${ports}, holds ${formatHolds(row.sustainableRatePerSecond)}, ${full}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Question and answer, full precision. */
export function whatIfJson(input: WhatIfInput, result: WhatIfResult): string {
  return `${JSON.stringify({ input, result }, null, 2)}\n`;
}
