/** Addresses as the columns of a socket table hold them (four 32-bit words in network order) and as text. */
import type { SocketColumns } from './model.ts';

/** The third word of an IPv4-mapped IPv6 address, RFC 4291 section 2.5.5.2. */
export const IPV4_MAPPED_WORD = 0xffff;

/** "10.0.2.7" from its 32-bit word. */
export function formatIpv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** RFC 5952 text of a 128-bit address given as four words: lower case, longest run of zeros (two or more) as "::". */
export function formatIpv6(words: readonly [number, number, number, number]): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  let bestStart = -1;
  let bestLength = 1;
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > bestLength) {
      bestStart = start;
      bestLength = length;
    }
  }
  const hex = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  if (bestStart < 0) return hex(0, 8);
  return `${hex(0, bestStart)}::${hex(bestStart + bestLength, 8)}`;
}

/** The text of an address of a table: `side` local or remote. Scoped link-local addresses end in "%<index>". */
export function formatRowAddress(table: SocketColumns, row: number, side: 'local' | 'remote'): string {
  const words = side === 'local' ? table.localAddress : table.remoteAddress;
  const at = row * 4;
  const last = words[at + 3] ?? 0;
  if (table.family[row] === 4) return formatIpv4(last);
  const text = formatIpv6([words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, last]);
  const scopeId = table.scopeId[row] ?? 0;
  return scopeId !== 0 && isLinkLocal(words[at] ?? 0) ? `${text}%${scopeId}` : text;
}

/** fe80::/10, RFC 4291 section 2.5.6. */
export function isLinkLocal(firstWord: number): boolean {
  return firstWord >>> 22 === 0x3fa;
}

/** "10.0.0.1:443" or "[::1]:443". */
export function formatEndpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** 127.0.0.0/8 or ::1, as tcp_twsk_unique() of net/ipv4/tcp_ipv4.c tests it for tcp_tw_reuse = 2. */
export function isLoopbackRow(table: SocketColumns, row: number, side: 'local' | 'remote'): boolean {
  const words = side === 'local' ? table.localAddress : table.remoteAddress;
  const at = row * 4;
  const last = words[at + 3] ?? 0;
  if (table.family[row] === 4) return last >>> 24 === 127;
  return last === 1 && words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0;
}

/** An address as the columns hold it: IPv4 as ::ffff:a.b.c.d with family 4; scopeId 0 where there is none. */
export interface ParsedAddress {
  family: 4 | 6;
  words: readonly [number, number, number, number];
  scopeId: number;
}

/** A network: `prefixLength` counts bits of its own family, 0–32 or 0–128; the bits after it are zero in `address`. */
export interface Network {
  address: ParsedAddress;
  prefixLength: number;
}

/**
 * Reads "10.0.2.7", "2001:db8::1", "fe80::1%2" or "::ffff:10.0.2.7" (which is IPv4); null for anything else. Shorthands
 * of inet_aton ("10.1", "0x7f.1", leading zeros) are refused: tools disagree about what they mean.
 */
export function parseAddress(text: string): ParsedAddress | null {
  const ipv4 = parseIpv4(text);
  if (ipv4 !== null) return { family: 4, words: [0, 0, IPV4_MAPPED_WORD, ipv4], scopeId: 0 };
  const [bare = '', scope] = text.split('%', 2);
  if (scope !== undefined && (text !== `${bare}%${scope}` || !/^[1-9]\d{0,9}$/.test(scope))) return null;
  const words = parseIpv6(bare);
  if (words === null) return null;
  const mapped = words[0] === 0 && words[1] === 0 && words[2] === IPV4_MAPPED_WORD;
  if (mapped && scope !== undefined) return null;
  const scopeId = scope === undefined ? 0 : Number(scope);
  return scopeId > 0xffffffff ? null : { family: mapped ? 4 : 6, words, scopeId };
}

/** Reads "10.0.0.0/8", "2001:db8::/32" or a lone address (the network of just it); null for anything else. */
export function parseNetwork(text: string): Network | null {
  const [bare = '', length] = text.split('/', 2);
  const address = parseAddress(bare);
  if (address === null) return null;
  const bits = address.family === 4 ? 32 : 128;
  if (length === undefined) return { address, prefixLength: bits };
  if (text !== `${bare}/${length}` || !/^(0|[1-9]\d{0,2})$/.test(length)) return null;
  // "::ffff:10.0.0.0/104" is written in 128 bits although it is the IPv4 network 10.0.0.0/8.
  const writtenAsIpv6 = bare.includes(':');
  const prefixLength = Number(length) - (writtenAsIpv6 && address.family === 4 ? 96 : 0);
  if (prefixLength < 0 || prefixLength > bits) return null;
  const masks = networkMasks(address.family, prefixLength);
  const [a, b, c, d] = address.words;
  const words = [a & masks[0], b & masks[1], c & masks[2], d & masks[3]].map((word) => word >>> 0);
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words;
  return { address: { ...address, words: [w0, w1, w2, w3] }, prefixLength };
}

/** The four 32-bit masks of a prefix; IPv4 counts from the last word, as it is stored. */
export function networkMasks(family: 4 | 6, prefixLength: number): [number, number, number, number] {
  const bits = family === 4 ? prefixLength + 96 : prefixLength;
  const mask = (from: number) => {
    const inside = Math.min(32, Math.max(0, bits - from));
    return inside === 0 ? 0 : (0xffffffff << (32 - inside)) >>> 0;
  };
  return [mask(0), mask(32), mask(64), mask(96)];
}

/** The text of a parsed address; parseAddress reads it back to the same value. */
export function formatAddress(address: ParsedAddress): string {
  if (address.family === 4) return formatIpv4(address.words[3]);
  const text = formatIpv6(address.words);
  return address.scopeId === 0 ? text : `${text}%${address.scopeId}`;
}

function parseIpv4(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  let word = 0;
  for (const part of match.slice(1)) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return null;
    word = word * 256 + Number(part);
  }
  return word;
}

function parseIpv6(text: string): [number, number, number, number] | null {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return null;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = parseGroups(halves[1] ?? '', true);
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const word = (index: number) => (groups[index] ?? 0) * 65536 + (groups[index + 1] ?? 0);
  return [word(0), word(2), word(4), word(6)];
}

/** Groups of one side of "::"; a dotted quad may stand only where the address ends. */
function parseGroups(text: string, mayEndInIpv4: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const ipv4 = mayEndInIpv4 && index === parts.length - 1 ? parseIpv4(part) : null;
    if (ipv4 === null) return null;
    groups.push(ipv4 >>> 16, ipv4 & 0xffff);
  }
  return groups;
}
