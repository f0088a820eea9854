/** What could be typed next in the filter bar: keys, and values that occur in the table. */
import { formatEndpoint, formatRowAddress } from '../../core/address.ts';
import { FILTER_KEYS, findKey, type FilterKey } from '../../core/filter/keys.ts';
import { splitKey } from '../../core/filter/parse.ts';
import { stateWord } from '../../core/filter/states.ts';
import { ATTRIBUTION_WORDS, CONNECTION_SIDES } from '../../core/filter/terms.ts';
import { quoteValue, splitList, splitTokens, type Token, type TokenPart } from '../../core/filter/tokens.ts';
import type { QueryContext } from './context.ts';
import { groupingOf } from './grouping.ts';
import { reorder, runStarts } from './layout.ts';
import { orderByKeys } from './radix.ts';
import type { RowKey } from './row-keys.ts';
import { rowOwner, rowUid } from './row.ts';
import { factsOf } from './snapshot-facts.ts';

export interface Suggestion {
  /** Replaces the text between `start` and `end`. */
  insert: string;
  label: string;
  hint: string;
}

/** The contract's sockets.suggest. */
export interface Suggestions {
  start: number;
  end: number;
  suggestions: Suggestion[];
}

const MAX_SUGGESTIONS = 12;
/** Values of a key that are counted before the typed part narrows them down. */
const MAX_CANDIDATES = 200;

/** A value that occurs, and how often. */
interface Candidate {
  value: string;
  hint: string;
}

/** Answers sockets.suggest for the token at the caret; between tokens it offers the keys. */
export function suggestFilter(context: QueryContext, args: { filter: string; caret: number }): Suggestions {
  const caret = Math.min(args.caret, args.filter.length);
  const token = splitTokens(args.filter).find(({ start, end }) => start < caret && caret <= end);
  if (token === undefined) return { start: caret, end: caret, suggestions: suggestKeys('', '') };
  const { start, end } = token;
  return { start, end, suggestions: suggestForToken(context, token).slice(0, MAX_SUGGESTIONS) };
}

function suggestForToken(context: QueryContext, token: Token): Suggestion[] {
  const sign = token.negated ? '-' : '';
  const { name, rest } = splitKey(token.parts);
  const facts = name === null ? null : findKey(name);
  if (facts !== null) return suggestValues(context, { key: facts.key, sign, items: splitList(rest) });
  const typed = rest.map((part) => part.text).join('');
  const items = [{ text: typed, quoted: false }];
  const processes = typed === '' ? [] : suggestValues(context, { key: 'process', sign, items });
  return [...suggestKeys(sign, typed), ...processes];
}

function suggestKeys(sign: string, typed: string): Suggestion[] {
  const lower = typed.toLowerCase();
  return FILTER_KEYS.filter(({ key, aliases }) => [key, ...aliases].some((name) => name.startsWith(lower)))
    .slice(0, MAX_SUGGESTIONS)
    .map(({ key, hint, example }) => ({
      insert: `${sign}${key}:`,
      label: `${key}:`,
      hint: `${hint}, ${example}`,
    }));
}

/** Values for the last item of the list; the items before it are kept. */
function suggestValues(
  context: QueryContext,
  { key, sign, items }: { key: FilterKey; sign: string; items: readonly TokenPart[] },
): Suggestion[] {
  const kept = items.slice(0, -1).map(({ text, quoted }) => `${quoted ? quoteValue(text) : text},`);
  const wanted = (items.at(-1)?.text ?? '').toLowerCase();
  return candidatesOf(context, key)
    .filter(({ value }) => value.toLowerCase().includes(wanted))
    .slice(0, MAX_SUGGESTIONS)
    .map(({ value, hint }) => ({
      insert: `${sign}${key}:${kept.join('')}${key === 'process' ? quoteValue(value) : value}`,
      label: value,
      hint,
    }));
}

function candidatesOf(context: QueryContext, key: FilterKey): Candidate[] {
  return factsOf(context).remember('candidates', key, () => findCandidates(context, key));
}

function findCandidates(context: QueryContext, key: FilterKey): Candidate[] {
  const { table } = context;
  switch (key) {
    case 'state':
      return commonest(context, groupingOf(context, 'state').keyOf, (row) =>
        stateWord(table.state[row] ?? 0),
      );
    case 'process':
      return countProcesses(context);
    case 'pid':
      return commonest(context, groupingOf(context, 'process').keyOf, (row) => {
        const owner = rowOwner(context, row);
        return owner === null || owner.pid === null ? null : `${owner.pid}`;
      });
    case 'uid':
      return commonest(context, groupingOf(context, 'user').keyOf, (row) => {
        const uid = rowUid(table, row, rowOwner(context, row));
        return uid === null ? null : `${uid}`;
      });
    case 'dst':
      return commonest(context, groupingOf(context, 'destination').keyOf, (row) => {
        const port = table.remotePort[row] ?? 0;
        return port === 0 ? null : formatEndpoint(formatRowAddress(table, row, 'remote'), port);
      });
    case 'src': {
      const { rankOfRow } = factsOf(context).addressIndex('local');
      return commonest(
        context,
        (row) => rankOfRow[row] ?? 0,
        (row) => formatRowAddress(table, row, 'local'),
      );
    }
    case 'port':
      return commonest(
        context,
        (row) => table.localPort[row] ?? 0,
        (row) => `${table.localPort[row]}`,
      );
    case 'rport':
      return commonest(
        context,
        (row) => table.remotePort[row] ?? 0,
        (row) => `${table.remotePort[row] || ''}` || null,
      );
    case 'age':
      return fixed([
        ['>30s', 'older than 30 s'],
        ['<10s', 'younger than 10 s'],
        ['>5m', 'older than 5 min'],
        ['>1h', 'older than an hour'],
      ]);
    case 'timer':
      return fixed([
        ['<10s', 'fires within 10 s'],
        ['<30s', 'fires within 30 s'],
        ['>30s', 'fires after 30 s'],
      ]);
    case 'queue':
      return fixed([
        ['>0', 'bytes are waiting'],
        ['=0', 'nothing is waiting'],
      ]);
    case 'family':
      return fixed([
        ['4', 'IPv4'],
        ['6', 'IPv6'],
      ]);
    case 'attr':
      return ATTRIBUTION_WORDS.map((value) => ({ value, hint: ATTRIBUTION_HINTS[value] }));
    case 'side':
      return CONNECTION_SIDES.map((value) => ({ value, hint: SIDE_HINTS[value] }));
    case 'inode':
      return [];
  }
}

const ATTRIBUTION_HINTS = {
  observed: 'seen open in the process',
  inferred: 'all open connections of the pool are its',
  unknown: 'owner not known',
  hidden: 'owner not permitted to read',
} as const;
const SIDE_HINTS = {
  client: 'this machine opened it',
  server: 'on a port this machine listens on',
} as const;

function fixed(pairs: readonly (readonly [string, string])[]): Candidate[] {
  return pairs.map(([value, hint]) => ({ value, hint }));
}

/** The values most rows have, most first; `textOf` may say null for "no value". */
function commonest(
  context: QueryContext,
  keyOf: RowKey,
  textOf: (row: number) => string | null,
): Candidate[] {
  const rows = Uint32Array.from({ length: context.table.length }, (_, row) => row);
  const order = reorder(rows, keyOf, false);
  const starts = runStarts(order, keyOf);
  const sizes = new Float64Array(starts.length - 1);
  for (let run = 0; run < sizes.length; run++) sizes[run] = (starts[run + 1] ?? 0) - (starts[run] ?? 0);
  const candidates: Candidate[] = [];
  for (const run of orderByKeys(sizes, true)) {
    const value = textOf(order[starts[run] ?? 0] ?? 0);
    if (value !== null) candidates.push({ value, hint: sayCount(sizes[run] ?? 0) });
    if (candidates.length === MAX_CANDIDATES) break;
  }
  return candidates;
}

/** Process names, those of several processes added up. */
function countProcesses(context: QueryContext): Candidate[] {
  const { table } = context;
  const { byIndex } = factsOf(context).owners;
  const counts = new Map<string, number>();
  const perOwner = new Uint32Array(byIndex.length);
  for (let row = 0; row < table.length; row++) {
    const index = table.owner[row] ?? -1;
    if (index >= 0) perOwner[index] = (perOwner[index] ?? 0) + 1;
  }
  for (const [index, owner] of byIndex.entries()) {
    const name = owner?.process ?? null;
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + (perOwner[index] ?? 0));
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return sorted.slice(0, MAX_CANDIDATES).map(([value, count]) => ({ value, hint: sayCount(count) }));
}

function sayCount(count: number): string {
  return count === 1 ? '1 socket' : `${count.toLocaleString('en-US')} sockets`;
}
