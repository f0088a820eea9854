/**
 * Finds addresses in any text and hides them: dotted IPv4, IPv6 in every spelling, the hexadecimal words of
 * /proc/net/tcp, and link-layer addresses. Loopback and wildcards say nothing about anybody and stay.
 */
import { parseAddress, type ParsedAddress } from '../core/address.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/**
 * Candidates, longest spelling first; each is then parsed, so what only looks alike stays. A dotted quad may be part of
 * a longer dotted text (BSD writes 10.0.0.1.443), so its ends are not held to word boundaries of dots.
 */
const LINK_LAYER = /\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/gi;
const PROC_WORDS = /\b(?:[0-9A-F]{32}|[0-9A-F]{8})(?=:[0-9A-F]{4}\b)/gi;
const IPV6 =
  /(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:[:.]\d{1,3}(?:\.\d{1,3}){0,3})?(?:%[\w.-]+)?/gi;
const IPV4 = /(?<![\d])(?:\d{1,3}\.){3}\d{1,3}(?![\d])/g;

/** `text` with every address that belongs to somebody replaced. */
export function redactAddresses(text: string, pseudonyms: Pseudonyms): string {
  return text
    .replace(LINK_LAYER, (found) =>
      /^(00:){5}00$|^(ff:){5}ff$/i.test(found) ? found : pseudonyms.of('link', found.toLowerCase()),
    )
    .replace(PROC_WORDS, (found) => hide(found, parseProcWords(found), pseudonyms))
    .replace(IPV6, (found) => hideIpv6(found, pseudonyms))
    .replace(IPV4, (found) => hide(found, parseAddress(normalised(found)), pseudonyms));
}

function hide(found: string, address: ParsedAddress | null, pseudonyms: Pseudonyms): string {
  if (address === null || isNobody(address)) return found;
  return pseudonyms.of('address', address.words.join(' '));
}

/** BSD appends the port with a dot ("2001:db8::1.443"), macOS a scope by name ("fe80::1%lo0"). */
function hideIpv6(found: string, pseudonyms: Pseudonyms): string {
  const whole = parseAddress(found.replace(/%.*$/, ''));
  if (whole)
    return hide(found, whole, pseudonyms) + (isNobody(whole) ? '' : (/%[\w.-]+$/.exec(found)?.[0] ?? ''));
  const dotted = /^(.*[0-9a-f:])\.(\d{1,5})$/i.exec(found);
  const bare = dotted ? parseAddress(dotted[1] ?? '') : null;
  if (bare && dotted) return `${hide(dotted[1] ?? '', bare, pseudonyms)}.${dotted[2]}`;
  return hideShortened(found, pseudonyms);
}

/** A tool cut the end off, or a port follows without brackets (net-tools): what can be parsed from the left is hidden. */
function hideShortened(found: string, pseudonyms: Pseudonyms): string {
  const colon = found.lastIndexOf(':');
  const left = colon > 0 ? parseAddress(found.slice(0, colon)) : null;
  if (left) return hide(found.slice(0, colon), left, pseudonyms) + found.slice(colon);
  const groups = found.split(':').filter((group) => group.length >= 3);
  return groups.length >= 2 ? pseudonyms.of('address', `cut ${found.toLowerCase()}`) : found;
}

/** "010.000.000.001" and the like are nobody's spelling, but hiding too much is the safe side. */
function normalised(dotted: string): string {
  return dotted
    .split('.')
    .map((part) => String(Number(part)))
    .join('.');
}

/** /proc/net/tcp writes each 32-bit word in host byte order; both orders are tried for the same address. */
function parseProcWords(hex: string): ParsedAddress | null {
  const words = (hex.match(/.{8}/g) ?? []).map((word) => swapped(Number.parseInt(word, 16)));
  const [a = 0, b = 0, c = 0, d = 0] = words;
  if (words.length === 1) return { family: 4, words: [0, 0, 0xffff, a], scopeId: 0 };
  const isMapped = a === 0 && b === 0 && c === 0xffff;
  return { family: isMapped ? 4 : 6, words: [a, b, c, d], scopeId: 0 };
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
