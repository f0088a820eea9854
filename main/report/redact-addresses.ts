/**
 * Finds addresses in any text: dotted IPv4, IPv6 in every spelling, the hexadecimal words of /proc/net, names of reverse
 * lookups, host names made of an address, and link-layer addresses. Loopback and wildcards say nothing about anybody and
 * stay. Where a text can be read in two ways, too much is hidden rather than too little. Linear in the text's length.
 */
import { parseAddress, type ParsedAddress } from '../core/address.ts';
import { outsideMarks } from './pseudonyms.ts';

/** Gives what stands for a thing: `identity` is the same for all its spellings. */
export type NameAddress = (kind: 'address' | 'link', identity: string) => string;

/** Identities of the addresses that the whole report knows of: they are found in notations that alone mean nothing. */
export type KnownAddresses = ReadonlySet<string>;

const LINK_LAYER = /(?<![0-9a-f:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4,18}(?![0-9a-f:-])/gi;
const REVERSE_IPV4 = /(?<!\d)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?=\.in-addr\.arpa)/gi;
const REVERSE_IPV6 = /(?<![0-9a-f])(?:[0-9a-f]\.){31}[0-9a-f](?![0-9a-f])/gi;
/** As /proc/net/tcp writes it, before a port; below alone, as /proc/net/if_inet6 does. */
const WORDS_AND_PORT = /(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{8})(?=:[0-9a-f]{4}(?![0-9a-f]))/gi;
const LONG_WORDS = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/gi;
/** Eight digits may be any number: hidden where they are a known address. */
const SHORT_WORDS = /(?<![0-9a-f])[0-9a-f]{8}(?![0-9a-f])/gi;
const COLON_RUN = /[0-9a-f:.]{3,}/gi;
const DOTTED_RUN = /(?<!\d)\d+(?:\.\d+){3,}/g;
/** "ip-10-0-3-12", the host names of clouds. */
const DASHED = /(?<!\d)(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})(?!\d)/g;
/** Longer runs of colons, or of numbers and dots, are no address. */
const LONGEST_RUN = 80;
const MOST_NUMBERS = 16;

/** `text` with every address that belongs to somebody replaced. */
export function replaceAddresses(text: string, known: KnownAddresses, name: NameAddress): string {
  const hide = (found: string, address: ParsedAddress | null) =>
    address === null || isNobody(address) ? found : name('address', identityOf(address));
  const steps: ((part: string) => string)[] = [
    (part) =>
      part.replace(LINK_LAYER, (found) =>
        /^[0:-]+$|^[f:-]+$/i.test(found) ? found : name('link', found.toLowerCase().replaceAll('-', ':')),
      ),
    (part) =>
      part.replace(REVERSE_IPV4, (found, d: string, c: string, b: string, a: string) =>
        hide(found, parseDotted([a, b, c, d])),
      ),
    (part) => part.replace(REVERSE_IPV6, (found) => hide(found, parseNibbles(found))),
    (part) => part.replace(WORDS_AND_PORT, (found) => hide(found, parseWords(found, 'host', known))),
    (part) => part.replace(LONG_WORDS, (found) => hide(found, parseWords(found, 'network', known))),
    (part) => part.replace(COLON_RUN, (found) => hideColonRun(found, known, hide, name)),
    (part) => part.replace(DOTTED_RUN, (found) => hideDottedRun(found.split('.'), known, hide, name)),
    (part) => part.replace(SHORT_WORDS, (found) => hide(found, knownWord(found, known))),
    (part) =>
      part.replace(DASHED, (found, ...octets: string[]) =>
        hide(found, knownOnly(parseDotted(octets.slice(0, 4)), known)),
      ),
  ];
  return steps.reduce((shown, step) => outsideMarks(shown, step), text);
}

/** Identities of the addresses in `text`, link-layer ones apart. 32 digits alone may as well be something else. */
export function findAddresses(text: string, into: Set<string>): void {
  const certain = text.replace(LONG_WORDS, (found, at: number) => (text[at + 32] === ':' ? found : ' '));
  replaceAddresses(certain, NONE, (kind, identity) => {
    if (kind === 'address') into.add(identity);
    return ' ';
  });
}

const NONE: KnownAddresses = new Set();

function identityOf({ words }: ParsedAddress): string {
  return words.join(' ');
}

type Hide = (found: string, address: ParsedAddress | null) => string;

/** Hexadecimal digits, colons and dots in a row: an IPv6 address, perhaps with a port behind it (net-tools, BSD). */
function hideColonRun(run: string, known: KnownAddresses, hide: Hide, name: NameAddress): string {
  const last = run.lastIndexOf(':');
  if (last === run.indexOf(':')) return run;
  if (run.length > LONGEST_RUN) return name('address', `run ${run.toLowerCase()}`);
  const beforePort = parseAddress(run.slice(0, last));
  if (beforePort && known.has(identityOf(beforePort))) {
    return hide(run.slice(0, last), beforePort) + run.slice(last);
  }
  const whole = parseAddress(run);
  if (whole) return hide(run, whole);
  const dotted = /^(.*:[0-9a-f]*)\.(\d{1,5})$/i.exec(run);
  const beforeDot = dotted ? parseAddress(dotted[1] ?? '') : null;
  if (dotted && beforeDot) return `${hide(dotted[1] ?? '', beforeDot)}.${dotted[2]}`;
  const [, before = '', bare = '', after = ''] = /^(:?)(.*?)([.:]*)$/.exec(run) ?? [];
  const inner = bare === run ? null : parseAddress(bare);
  if (inner) return before + hide(bare, inner) + after;
  if (beforePort) return hide(run.slice(0, last), beforePort) + run.slice(last);
  return looksCut(run) ? name('address', `run ${run.toLowerCase()}`) : run;
}

/** A tool cut an end off, or something else stands beside it: two groups that no clock and no counter has. */
function looksCut(run: string): boolean {
  const groups = run.split(/[:.]/).filter((group) => group.length >= 3);
  return groups.length >= 2 || (groups.length === 1 && run.includes('::'));
}

/** Numbers and dots in a row: BSD writes a port behind the address (10.0.0.1.443), versions have large numbers. */
function hideDottedRun(
  parts: readonly string[],
  known: KnownAddresses,
  hide: Hide,
  name: NameAddress,
): string {
  if (parts.length > MOST_NUMBERS) return name('address', `run ${parts.join('.')}`);
  const at = (start: number) => parseDotted(parts.slice(start, start + 4));
  const starts = [...Array(Math.max(0, parts.length - 3)).keys()].filter((start) => at(start) !== null);
  const knownStarts = starts.filter((start) => knownOnly(at(start), known) !== null);
  const start = knownStarts[0] ?? starts[0];
  if (start === undefined) return parts.join('.');
  const overlapping = knownStarts.findLast((other) => other < start + 4) ?? start;
  const before = parts.slice(0, start);
  const rest = parts.slice(overlapping + 4);
  const found = parts.slice(start, overlapping + 4).join('.');
  const shown = overlapping === start ? hide(found, at(start)) : name('address', `run ${found}`);
  return [...before, shown, ...(rest.length < 4 ? rest : [hideDottedRun(rest, known, hide, name)])].join('.');
}

/** Leading zeros are nobody's spelling, but hiding too much is the safe side. */
function parseDotted(octets: readonly string[]): ParsedAddress | null {
  if (octets.some((octet) => octet.length > 3)) return null;
  return parseAddress(octets.map((octet) => String(Number(octet))).join('.'));
}

function knownOnly(address: ParsedAddress | null, known: KnownAddresses): ParsedAddress | null {
  return address !== null && known.has(identityOf(address)) ? address : null;
}

/** Eight hexadecimal digits in either byte order. */
function knownWord(hex: string, known: KnownAddresses): ParsedAddress | null {
  const word = Number.parseInt(hex, 16);
  return knownOnly(ipv4Of(swapped(word)), known) ?? knownOnly(ipv4Of(word), known);
}

/** /proc/net/tcp writes each 32-bit word in host byte order (little-endian as a rule), if_inet6 in network order. */
function parseWords(hex: string, order: 'host' | 'network', known: KnownAddresses): ParsedAddress | null {
  const words = (hex.match(/.{8}/g) ?? []).map((word) => Number.parseInt(word, 16));
  const [likely, other] = [addressOf(words.map(swapped)), addressOf(words)];
  const readings = order === 'host' ? [likely, other] : [other, likely];
  return (
    readings.find(isNobody) ?? readings.find((address) => knownOnly(address, known)) ?? readings[0] ?? null
  );
}

function parseNibbles(text: string): ParsedAddress | null {
  const hex = text.split('.').reverse().join('');
  return addressOf((hex.match(/.{8}/g) ?? []).map((word) => Number.parseInt(word, 16)));
}

function addressOf(given: readonly number[]): ParsedAddress {
  const [a = 0, b = 0, c = 0, d = 0] = given;
  if (given.length === 1) return ipv4Of(a);
  const isMapped = a === 0 && b === 0 && c === 0xffff;
  return { family: isMapped ? 4 : 6, words: [a, b, c, d], scopeId: 0 };
}

function ipv4Of(word: number): ParsedAddress {
  return { family: 4, words: [0, 0, 0xffff, word], scopeId: 0 };
}

function swapped(word: number): number {
  return (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

/** Wildcard, loopback, and the broadcast address. */
function isNobody({ family, words }: ParsedAddress): boolean {
  const [a, b, c, d] = words;
  if (family === 4) return d === 0 || d >>> 24 === 127 || d === 0xffffffff;
  return a === 0 && b === 0 && c === 0 && d <= 1;
}
