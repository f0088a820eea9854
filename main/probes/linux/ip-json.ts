/** The JSON of `ip -j addr` and `ip -j route`. */
import { parseAddress } from '../../core/address.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { absentFromError } from '../errors.ts';
import type { ReadingBuilder } from '../reading-builder.ts';

type JsonObject = { readonly [key: string]: unknown };

/** `[{"ifname":"eth0","addr_info":[{"local":"192.0.2.10","prefixlen":24}]}]`. */
export function readAddressJson(text: string, reading: ReadingBuilder): void {
  forEachObject(text, reading, ({ value, line }) => {
    const name = textOf(value['ifname']);
    const addresses = value['addr_info'];
    // Where a filter leaves an interface out, ip prints an empty object in its place.
    if (Object.keys(value).length === 0) return reading.skip('interface');
    if (name === null || !Array.isArray(addresses)) {
      return reading.problem(line, JSON.stringify(value), 'an interface without name or addresses');
    }
    for (const item of addresses.filter(isObject)) takeAddress(reading, name, item, line);
  });
}

function takeAddress(reading: ReadingBuilder, name: string, item: JsonObject, line: number): void {
  const address = textOf(item['local']);
  if (address === null || parseAddress(address) === null) {
    return reading.problem(line, JSON.stringify(item), 'its address is not understood');
  }
  const length = item['prefixlen'];
  const prefixLength = typeof length === 'number' && Number.isInteger(length) ? length : null;
  reading.fact({ kind: 'address', line, interface: name, address, prefixLength });
}

/** `[{"dst":"default","gateway":"192.0.2.1","dev":"eth0"}]`. */
export function readRouteJson(text: string, reading: ReadingBuilder): void {
  forEachObject(text, reading, ({ value, line }) => {
    const destination = textOf(value['dst']);
    if (destination === null) {
      return reading.problem(line, JSON.stringify(value), 'a route without destination');
    }
    reading.fact({ kind: 'note', line, name: 'route', value: routeWords(destination, value) });
    const hops = value['nexthops'];
    if (!Array.isArray(hops)) return;
    for (const hop of hops.filter(isObject)) {
      const words = routeWords(`${destination} nexthop`, hop);
      reading.fact({ kind: 'note', line, name: 'route', value: words });
    }
  });
}

/** In the order in which `ip route` prints them (iproute2 ip/iproute.c, print_route). */
const ROUTE_WORDS: readonly (readonly [key: string, word: string])[] = [
  ['gateway', 'via'],
  ['dev', 'dev'],
  ['table', 'table'],
  ['protocol', 'proto'],
  ['scope', 'scope'],
  ['prefsrc', 'src'],
  ['metric', 'metric'],
  ['weight', 'weight'],
];

function routeWords(destination: string, route: JsonObject): string {
  const type = textOf(route['type']);
  const words = type === null || type === 'unicast' ? [destination] : [type, destination];
  for (const [key, word] of ROUTE_WORDS) {
    const value = route[key];
    const shown = typeof value === 'number' ? String(value) : textOf(value);
    if (shown !== null) words.push(word, shown);
  }
  return words.join(' ');
}

/**
 * The objects of the first JSON array of the text and the line it begins on. `ip` prints it on one line, or with `-p`
 * over several; what it says on standard error stands on lines of its own.
 */
function forEachObject(
  text: string,
  reading: ReadingBuilder,
  visit: (item: { value: JsonObject; line: number }) => void,
): void {
  const parsed = parseJson(text) ?? parseJson(withoutTrailingLines(text, reading));
  if (parsed === undefined) {
    // JSON that never closes was cut off; anything else is not what ip prints.
    if (/[\]}]\s*$/.test(text)) reading.problem(1, text.slice(0, 1000), 'no JSON');
    else reading.cut();
    return;
  }
  const items: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  for (const value of items) {
    if (isObject(value)) visit({ value, line: 1 });
    else reading.problem(1, JSON.stringify(value), 'no object');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    // Not JSON is an answer here; the caller says it with its line.
    return undefined;
  }
}

/** Everything up to the last bracket; the messages after it become facts. */
function withoutTrailingLines(text: string, reading: ReadingBuilder): string {
  const end = text.lastIndexOf(']') + 1;
  const firstLine = text.slice(0, end).split('\n').length;
  text
    .slice(end)
    .split('\n')
    .forEach((line, index) => {
      const absent = absentFromError(line.trimEnd());
      if (absent !== null) reading.fact({ kind: 'absent', line: firstLine + index, ...absent });
    });
  return text.slice(0, end);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? sanitiseText(value) : null;
}
