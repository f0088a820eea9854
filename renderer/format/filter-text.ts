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

/** Keys that begin a term. */
const KEYS = [
  'state',
  'dst',
  'process',
  'pid',
  'port',
  'rport',
  'src',
  'age',
  'timer',
  'attr',
  'uid',
  'side',
  'family',
  'queue',
  'inode',
];
/** Other names the sampler takes for keys. */
const ALIASES = new Map([
  ['remote', 'dst'],
  ['destination', 'dst'],
  ['proc', 'process'],
  ['lport', 'port'],
  ['dport', 'rport'],
  ['local', 'src'],
  ['source', 'src'],
  ['owner', 'attr'],
  ['user', 'uid'],
]);

/** Whether a word is the beginning of a key, or a key without its value yet: nothing to filter by. */
export function isHalfTyped(term: string): boolean {
  const plain = term.replace(/^-/, '').toLowerCase();
  if (plain === '' || plain.endsWith(':') || (plain.split('"').length - 1) % 2 === 1) return true;
  return !plain.includes(':') && [...KEYS, ...ALIASES.keys()].some((key) => key.startsWith(plain));
}

/** Terms separated by spaces. Between double quotes a space belongs to the term and a backslash takes the next sign. */
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
    if (quoted && char === '\\' && at + 1 < text.length) at++;
    else if (char === '"') quoted = !quoted;
  }
  return tokens;
}

/** The key of a term with its minus sign, aliases resolved: "state", "-uid"; null for a bare word. */
export function termKey(term: string): string | null {
  const negated = term.startsWith('-') ? '-' : '';
  const colon = term.indexOf(':');
  if (colon < 0) return null;
  const name = term.slice(negated.length, colon).toLowerCase();
  const key = ALIASES.get(name) ?? name;
  return KEYS.includes(key) ? negated + key : null;
}

/** A key and a value as one term, quoted where the value needs it: `process:"my app"`. */
export function formatTerm(key: string, value: string): string {
  return /[\s",\\]/.test(value) ? `${key}:"${value.replace(/["\\]/g, '\\$&')}"` : `${key}:${value}`;
}

/** The text with a term added in place of those with the same key, which could not hold together with it. */
export function withTerm(text: string, term: string): string {
  const key = termKey(term);
  const kept = splitFilter(text)
    .map((token) => token.text)
    .filter((other) => other !== `-${term}` && (key === null ? other !== term : termKey(other) !== key));
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
  ['fin', 'fin-wait'],
  ['closewait', 'close-wait'],
  ['synsent', 'syn-sent'],
]);

function canonicalState(word: string): string {
  const plain = word.replaceAll('"', '').trim().toLowerCase().replaceAll('_', '-');
  return STATE_ALIASES.get(plain) ?? plain;
}
