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
