/**
 * The filter language of the socket table: `state:time-wait dst:10.0.3.12:443 -uid:0 python`. Terms are separated by
 * spaces and all must hold; "-" negates a term, commas mean "or", double quotes hold text with spaces.
 */
import { FILTER_KEYS, findKey } from './keys.ts';
import type { FilterProblem, FilterTerm } from './terms.ts';
import { splitList, splitTokens, type Token, type TokenPart } from './tokens.ts';
import { parseEndpoint, parseValues, type ParsedValue } from './values.ts';

export interface ParsedFilter {
  /** What was understood, in order; what was not is left out and in `problems`. */
  terms: FilterTerm[];
  problems: FilterProblem[];
}

/** Understands a filter text; never throws, whatever the text. */
export function parseFilter(text: string): ParsedFilter {
  const terms: FilterTerm[] = [];
  const problems: FilterProblem[] = [];
  for (const token of splitTokens(text)) {
    const parsed = parseToken(token);
    if ('test' in parsed) {
      terms.push({ negated: token.negated, test: parsed.test });
    } else {
      const { start, end } = token;
      problems.push({ start, end, token: text.slice(start, end), message: parsed.message });
    }
  }
  return { terms, problems };
}

/** The key a token begins with and the parts after its colon; `name` null for a word without a key. */
export function splitKey(parts: readonly TokenPart[]): { name: string | null; rest: TokenPart[] } {
  const [first, ...others] = parts;
  if (first === undefined || first.quoted) return { name: null, rest: [...parts] };
  const match = /^([a-z][a-z-]*):/i.exec(first.text);
  const name = match?.[1];
  if (match === null || name === undefined) return { name: null, rest: [...parts] };
  const after = first.text.slice(match[0].length);
  return { name, rest: after === '' ? others : [{ text: after, quoted: false }, ...others] };
}

function parseToken(token: Token): ParsedValue {
  if (!token.closed) return { message: 'a quote is open; end it with "' };
  const whole = token.parts.map((part) => part.text).join('');
  const { name, rest } = splitKey(token.parts);
  const facts = name === null ? null : findKey(name);
  if (facts !== null) return parseValues(facts, splitList(rest));
  // "abcd::1" begins like a key and is an address.
  if (name === null || parseEndpoint(whole) !== null) return parseWord(token, whole);
  const known = FILTER_KEYS.map((key) => key.key).join(', ');
  return {
    message: `there is no key "${name.slice(0, 40)}"; use ${known}, or quote it to search for the text`,
  };
}

function parseWord(token: Token, text: string): ParsedValue {
  if (text !== '') return { test: { key: 'word', text } };
  if (token.parts.length > 0) return { message: 'the quotes are empty; write text between them' };
  return { message: '"-" excludes what follows it, for example -state:time-wait' };
}
