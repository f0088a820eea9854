/**
 * The filter text as the eye and the buttons handle it: tokens, the terms a button adds or takes away. What a term means
 * is decided by the sampler alone; nothing here judges.
 */

/** A term of the filter text and where it stands. */
export interface FilterToken {
  text: string;
  start: number;
  end: number;
}

/** Words that begin a term, for telling a half typed key from a word that is searched for. */
export const FILTER_KEYS = [
  'state',
  'src',
  'dst',
  'port',
  'lport',
  'rport',
  'pid',
  'process',
  'uid',
  'user',
  'age',
  'timer',
  'attr',
  'owner',
  'family',
  'queue',
  'inode',
  'side',
] as const;

/** Terms separated by spaces; a space between double quotes belongs to its term. */
export function splitFilter(text: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  let start = -1;
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    const ends = char === undefined || (!quoted && /\s/.test(char));
    if (ends && start >= 0) tokens.push({ text: text.slice(start, at), start, end: at });
    if (ends) start = -1;
    else if (start < 0) start = at;
    if (char === '"') quoted = !quoted;
  }
  return tokens;
}

/** The key of a term with its minus sign: "state", "-uid"; '' for a bare word. */
export function termKey(term: string): string {
  const colon = term.indexOf(':');
  return colon < 0 ? '' : term.slice(0, colon).toLowerCase();
}

/** "process" and "my app" as one term: `process:"my app"`. */
export function formatTerm(key: string, value: string): string {
  return /[\s"]/.test(value) ? `${key}:"${value.replaceAll('"', '')}"` : `${key}:${value}`;
}

/** The text with a term added in place of those with the same key, which could not hold together with it. */
export function withTerm(text: string, term: string): string {
  const key = termKey(term);
  const kept = splitFilter(text)
    .map((token) => token.text)
    .filter((other) => other !== `-${term}` && (key === '' ? other !== term : termKey(other) !== key));
  return [...kept, term].join(' ');
}

/** The text with what a term matches taken away. */
export function withoutMatches(text: string, term: string): string {
  const kept = splitFilter(text)
    .map((token) => token.text)
    .filter((other) => other !== term && other !== `-${term}`);
  return [...kept, `-${term}`].join(' ');
}

/** The words of the text's `state:` term, in lower case with minus signs; empty when every state is shown. */
export function chosenStates(text: string): string[] {
  return splitFilter(text)
    .filter((token) => termKey(token.text) === 'state')
    .flatMap((token) => token.text.slice('state:'.length).split(','))
    .map((word) => canonicalState(word))
    .filter((word) => word !== '');
}

/** The text with its `state:` term replaced; no state means no term. */
export function withStates(text: string, states: readonly string[]): string {
  const kept = splitFilter(text)
    .map((token) => token.text)
    .filter((term) => termKey(term) !== 'state');
  return (states.length > 0 ? [`state:${states.join(',')}`, ...kept] : kept).join(' ');
}

/** The text with one state added to, or taken from, those that are shown. */
export function toggleState(text: string, state: string): string {
  const states = chosenStates(text);
  return withStates(
    text,
    states.includes(state) ? states.filter((other) => other !== state) : [...states, state],
  );
}

const STATE_ALIASES = new Map([
  ['tw', 'time-wait'],
  ['timewait', 'time-wait'],
  ['est', 'established'],
  ['estab', 'established'],
  ['listening', 'listen'],
  ['fin-wait-1,fin-wait-2', 'fin-wait'],
]);

function canonicalState(word: string): string {
  const plain = word.replaceAll('"', '').trim().toLowerCase().replaceAll('_', '-');
  return STATE_ALIASES.get(plain) ?? plain;
}
