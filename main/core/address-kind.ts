/** What kind of network an IPv4 address belongs to. */
import type { ParsedAddress } from './address.ts';

/** Private or shared address space: RFC 1918, RFC 6598 (100.64.0.0/10). */
export function isPrivate({ family, words }: ParsedAddress): boolean {
  if (family !== 4) return false;
  const word = words[3];
  return (
    inNetwork(word, 0x0a000000, 8) ||
    inNetwork(word, 0xac100000, 12) ||
    inNetwork(word, 0xc0a80000, 16) ||
    inNetwork(word, 0x64400000, 10)
  );
}

/**
 * A unicast address of the public Internet: not private, loopback (127/8), link-local (169.254/16), documentation
 * (RFC 5737), benchmarking (198.18/15), "this network" (0/8), multicast or reserved (224/3).
 */
export function isPublic(address: ParsedAddress): boolean {
  if (address.family !== 4 || isPrivate(address)) return false;
  const word = address.words[3];
  return !NOT_PUBLIC.some(([network, prefix]) => inNetwork(word, network, prefix));
}

const NOT_PUBLIC: readonly (readonly [network: number, prefix: number])[] = [
  [0x00000000, 8],
  [0x7f000000, 8],
  [0xa9fe0000, 16],
  [0xc0000200, 24],
  [0xc6336400, 24],
  [0xcb007100, 24],
  [0xc6120000, 15],
  [0xe0000000, 3],
];

function inNetwork(word: number, network: number, prefix: number): boolean {
  return word >>> (32 - prefix) === network >>> (32 - prefix);
}
