/** Fixes as the page offers them: in groups by what they are good for, those that cannot be done last. Pure. */
import type { OfferedFix } from '../../../preload/contract-fixes.ts';
import { REMEDY_KINDS } from '../../format/findings.ts';

export type FixKind = OfferedFix['kind'];

export interface OfferGroup {
  key: string;
  word: string;
  worth: string;
  fixes: OfferedFix[];
}

const KINDS: readonly FixKind[] = ['application', 'system', 'relief'];

/** By kind, the application first, in the order given within each; refused ones in a group of their own at the end. */
export function offerGroups(fixes: readonly OfferedFix[]): OfferGroup[] {
  const groups = KINDS.map((kind): OfferGroup => ({
    key: kind,
    ...REMEDY_KINDS[kind],
    fixes: fixes.filter((fix) => fix.kind === kind && fix.refused === null),
  }));
  const refused = { key: 'refused', word: 'Not as things are:', worth: 'each says why' };
  return [...groups, { ...refused, fixes: fixes.filter((fix) => fix.refused !== null) }].filter(
    (group) => group.fixes.length > 0,
  );
}

/**
 * Those that a finding names and, where it is about a pool, those whose effect on it can be said; all of them where
 * there are none.
 */
export function offersFor(fixes: readonly OfferedFix[], hasPool: boolean): OfferedFix[] {
  const fitting = fixes.filter(
    ({ finding, shareThen, refused }) =>
      finding !== null || (hasPool && shareThen !== null && refused === null),
  );
  return fitting.length > 0 ? fitting : [...fixes];
}

/** What it would do here in figures; else why a finding names it; else what it does. */
export function offerWords({ effect, why, does, refused }: OfferedFix): string {
  return refused ?? effect?.sentence ?? (why === null ? does : sentence(why));
}

/** A clause as a sentence. */
export function sentence(clause: string): string {
  const start = clause.charAt(0).toUpperCase() + clause.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

export const RISK_WORDS: Record<OfferedFix['risk']['grade'], string> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
};
export const RISK_LEVELS = { low: 'ok', medium: 'notice', high: 'warning' } as const;

export const EFFORT_WORDS: Record<OfferedFix['effort'], string> = {
  low: 'Little',
  medium: 'Some',
  high: 'Much',
};

/** How long it lasts: "until the machine restarts, or for good". */
export function scopeWords(scopes: OfferedFix['scopes']): string {
  const now = scopes.includes('now');
  const lasting = scopes.includes('for good');
  if (now && lasting) return 'Until the next restart, or for good';
  return lasting ? 'For good' : 'Until the next restart';
}

/** What can be told a fix, by the names of the parameters. */
export const PARAMETER_WORDS: Record<string, string> = {
  range: 'Range',
  reserve: 'Reserved ports',
  poolKey: 'Pool',
  value: 'Value',
  pid: 'Process',
  persist: 'After a restart',
};
