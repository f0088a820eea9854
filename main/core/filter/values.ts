/** Reads what stands after a key of the filter language. */
import { parseNetwork } from '../address.ts';
import type { PortRange } from '../model.ts';
import type { KeyFacts } from './keys.ts';
import { statesOfWord } from './states.ts';
import {
  ATTRIBUTION_WORDS,
  CONNECTION_SIDES,
  type AttributionWord,
  type EndpointPattern,
  type FilterTest,
  type Operator,
} from './terms.ts';
import type { TokenPart } from './tokens.ts';

/** A test, or what is wrong and what to write instead. */
export type ParsedValue = { test: FilterTest } | { message: string };

/** Largest pid, uid or inode that a socket table can hold. */
const MAX_NUMBER = 0xffffffff;
/** Longest duration a filter may ask for: longer than any uptime, exact in milliseconds. */
const MAX_DURATION_MS = 1e12;
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['sec', 1000],
  ['m', 60_000],
  ['min', 60_000],
  ['h', 3_600_000],
]);

/** Understands the comma-separated values of one key. */
export function parseValues(facts: KeyFacts, items: readonly TokenPart[]): ParsedValue {
  const texts = items.map((item) => item.text);
  if (texts.some((text) => text === '')) return { message: needsValue(facts, texts.length) };
  switch (facts.key) {
    case 'state':
      return parseStates(facts, texts);
    case 'src':
    case 'dst':
      return parseEndpoints(facts.key, facts, texts);
    case 'port':
    case 'rport':
      return parsePorts(facts.key, facts, texts);
    case 'pid':
    case 'uid':
    case 'inode':
      return parseNumbers(facts.key, facts, texts);
    case 'process':
      return { test: { key: 'process', texts } };
    case 'age':
    case 'timer':
    case 'queue':
      return parseComparison(facts.key, facts, texts);
    case 'attr':
      return parseAttribution(facts, texts);
    case 'family':
      return parseFamilies(facts, texts);
    case 'side':
      return parseSides(facts, texts);
  }
}

/** Reads "10.0.3.12", "10.0.3.12:443", "10.0.0.0/8", "[::1]:443", "::1", ":443" or ":32768-40000". */
export function parseEndpoint(text: string): EndpointPattern | null {
  const bracketed = /^\[([^[\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed !== null) return joinEndpoint(bracketed[1] ?? '', bracketed[2]);
  const lone = parseNetwork(text);
  if (lone !== null) return { network: lone, ports: null };
  const colon = text.lastIndexOf(':');
  // An IPv6 address with a port needs brackets: without them "::1:443" is an address.
  if (colon < 0 || text.indexOf(':') !== colon) return null;
  return joinEndpoint(text.slice(0, colon), text.slice(colon + 1));
}

/** Reads "443" or "32768-40000"; null when it is no port or the range runs backwards. */
export function parsePortRange(text: string): PortRange | null {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return null;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  return first <= last && last <= 65535 ? { first, last } : null;
}

function joinEndpoint(address: string, port: string | undefined): EndpointPattern | null {
  const anyAddress = address === '' || address === '*';
  const network = anyAddress ? null : parseNetwork(address);
  const ports = port === undefined ? null : parsePortRange(port);
  if ((!anyAddress && network === null) || (port !== undefined && ports === null)) return null;
  return network === null && ports === null ? null : { network, ports };
}

function parseStates(facts: KeyFacts, texts: readonly string[]): ParsedValue {
  const states = new Set<number>();
  for (const text of texts) {
    const meant = statesOfWord(text);
    if (meant === null)
      return {
        message: `${quote(text)} is no TCP state; write for example ${facts.example} or state:established`,
      };
    for (const state of meant) states.add(state);
  }
  return { test: { key: 'state', states: [...states].sort((a, b) => a - b) } };
}

function parseEndpoints(key: 'src' | 'dst', facts: KeyFacts, texts: readonly string[]): ParsedValue {
  const endpoints: EndpointPattern[] = [];
  for (const text of texts) {
    const endpoint = parseEndpoint(text);
    if (endpoint === null) {
      return {
        message: `${key} takes an address, address:port, network or :port, for example ${facts.example}`,
      };
    }
    endpoints.push(endpoint);
  }
  return { test: { key, endpoints } };
}

function parsePorts(key: 'port' | 'rport', facts: KeyFacts, texts: readonly string[]): ParsedValue {
  const ranges: PortRange[] = [];
  for (const text of texts) {
    const range = parsePortRange(text);
    if (range === null) {
      return {
        message: `${key} takes a port from 0 to 65535 or a rising range, for example ${facts.example}`,
      };
    }
    ranges.push(range);
  }
  return { test: { key, ranges } };
}

function parseNumbers(key: 'pid' | 'uid' | 'inode', facts: KeyFacts, texts: readonly string[]): ParsedValue {
  const numbers: number[] = [];
  for (const text of texts) {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number <= MAX_NUMBER)) return { message: `${key} takes a number, for example ${facts.example}` };
    numbers.push(number);
  }
  return { test: { key, numbers } };
}

function parseComparison(
  key: 'age' | 'timer' | 'queue',
  facts: KeyFacts,
  texts: readonly string[],
): ParsedValue {
  const [text = ''] = texts;
  const match = /^(<=|>=|<|>|=)?(\d{1,12}(?:\.\d{1,6})?)([a-z]*)$/i.exec(text);
  const operator = match === null ? null : toOperator(match[1]);
  const unit = match?.[3]?.toLowerCase() ?? '';
  const amount = Number(match?.[2]);
  if (texts.length !== 1 || match === null) {
    return { message: `${key} takes one comparison, for example ${facts.example}` };
  }
  if (key === 'queue') {
    if (unit !== '' || !Number.isInteger(amount)) {
      return { message: `queue takes a whole number of bytes, for example ${facts.example}` };
    }
    return { test: { key, comparison: { operator: operator ?? '=', value: amount } } };
  }
  if (unit === '') return { message: `${key} needs a unit, for example ${facts.example}` };
  const unitMs = UNIT_MS.get(unit);
  if (unitMs === undefined)
    return { message: `${key} knows the units ms, s, m and h, for example ${facts.example}` };
  if (operator === null) return { message: `${key} needs < or >, for example ${facts.example}` };
  const value = Math.round(amount * unitMs);
  if (value > MAX_DURATION_MS)
    return { message: `${quote(text)} is longer than any socket lives; write for example ${facts.example}` };
  return { test: { key, comparison: { operator, value } } };
}

function toOperator(text: string | undefined): Operator | null {
  return text === '<' || text === '<=' || text === '>' || text === '>=' || text === '=' ? text : null;
}

function parseAttribution(facts: KeyFacts, texts: readonly string[]): ParsedValue {
  const words: AttributionWord[] = [];
  for (const text of texts) {
    const lower = text.toLowerCase();
    const word = lower === 'seen' ? 'observed' : ATTRIBUTION_WORDS.find((known) => known === lower);
    if (word === undefined) {
      return { message: `attr is observed, inferred, unknown or hidden, for example ${facts.example}` };
    }
    words.push(word);
  }
  return { test: { key: 'attr', words } };
}

function parseFamilies(facts: KeyFacts, texts: readonly string[]): ParsedValue {
  const families: (4 | 6)[] = [];
  for (const text of texts) {
    const digit = text.toLowerCase().replace(/^(ipv|inet|v)/, '');
    if (digit !== '4' && digit !== '6') return { message: `family is 4 or 6, for example ${facts.example}` };
    families.push(digit === '4' ? 4 : 6);
  }
  return { test: { key: 'family', families } };
}

function parseSides(facts: KeyFacts, texts: readonly string[]): ParsedValue {
  const sides = texts.map((text) => CONNECTION_SIDES.find((side) => side === text.toLowerCase()));
  const known = sides.filter((side) => side !== undefined);
  if (known.length !== sides.length)
    return { message: `side is client or server, for example ${facts.example}` };
  return { test: { key: 'side', sides: known } };
}

function needsValue(facts: KeyFacts, itemCount: number): string {
  if (itemCount > 1) return `${facts.key} has a comma too many; write for example ${facts.example}`;
  return `${facts.key} needs a value, for example ${facts.example}`;
}

/** A token in a message, short enough for one line. */
function quote(text: string): string {
  return text.length > 40 ? `"${text.slice(0, 39)}…"` : `"${text}"`;
}
