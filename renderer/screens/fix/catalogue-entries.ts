/** The entries of the catalogue as groups of a list, found by kind and by words. Pure. */
import type { AdviceInfo, OfferedFix } from '../../../preload/contract-fixes.ts';
import { REMEDY_KINDS } from '../../format/findings.ts';

export type CatalogueKind = 'all' | OfferedFix['kind'];

export interface CatalogueEntry {
  id: string;
  title: string;
  /** A word about it as things are: "Fastest", "not as things are". */
  mark: string | null;
}
export interface CatalogueGroup {
  key: string;
  title: string;
  note: string;
  entries: CatalogueEntry[];
}

interface Wanted {
  kind: CatalogueKind;
  typed: string;
}

const KINDS: readonly OfferedFix['kind'][] = ['application', 'system', 'relief'];
const TITLES = { application: 'Application', system: 'System', relief: 'Relief' } as const;

/** Every word that is typed has to be in what an entry says of itself. */
export function catalogueGroups(
  fixes: readonly OfferedFix[],
  advice: readonly AdviceInfo[],
  { kind, typed }: Wanted,
): CatalogueGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const says = (...texts: (string | null)[]) => {
    const text = texts.join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const shown = fixes.filter((fix) => says(fix.fixId, fix.title, fix.does, fix.doesNotHelp, fix.source));
  const groups = KINDS.filter((one) => kind === 'all' || kind === one).map((one): CatalogueGroup => ({
    key: one,
    title: TITLES[one],
    note: REMEDY_KINDS[one].worth,
    entries: shown.filter((fix) => fix.kind === one).map(entryOf),
  }));
  const useless =
    kind === 'all' ? advice.filter((one) => says(one.id, one.title, one.really, one.source)) : [];
  return [
    ...groups,
    {
      key: 'advice',
      title: 'Does not help',
      note: 'often suggested',
      entries: useless.map(({ id, title, verdict }) => ({
        id,
        title,
        mark: verdict === 'harms' ? 'harms' : null,
      })),
    },
  ].filter(({ entries }) => entries.length > 0);
}

function entryOf({ fixId, title, badge, refused }: OfferedFix): CatalogueEntry {
  return { id: fixId, title, mark: refused === null ? badge : 'not as things are' };
}
