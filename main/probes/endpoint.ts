/** "address and port" as tools print it, read into a SocketEndpoint. */
import { IPV4_MAPPED_WORD, parseAddress, type ParsedAddress } from '../core/address.ts';
import type { SocketEndpoint } from '../core/readings.ts';
import { sanitiseText } from '../core/sanitise.ts';

/** No printed endpoint is longer: a host name has at most 253 characters (RFC 1035), a scope and a port follow. */
const MAX_ENDPOINT_CHARACTERS = 320;
/** A host name as resolvers give it, letters of any script; without a letter or a "203-0-113-76" a broken address. */
const HOST_NAME = /^(?=.*(?:\p{L}|\d-\d))[\p{L}\p{N}_.-]{1,253}$/u;
/** An IPv6 address that the tool cut off (or whose start it dropped). */
const PART_OF_IPV6 = /^(?=.*[0-9a-f])(?=[^:]*:[^:]*:)[0-9a-f:.]{3,45}$/i;
const SERVICE_NAME = /^(?=.*\p{L})[\p{L}\p{N}_+./-]{1,40}$/u;

/**
 * Names that tools print for TCP ports when they are not asked for numbers: the names of /etc/services of Debian, macOS
 * and Windows that mean one port on all of them ("http-alt" means 8008 or 8080, so it is not here).
 */
const SERVICE_PORTS: ReadonlyMap<string, number> = new Map([
  ['ftp-data', 20],
  ['ftp', 21],
  ['ssh', 22],
  ['telnet', 23],
  ['smtp', 25],
  ['domain', 53],
  ['http', 80],
  ['www', 80],
  ['kerberos', 88],
  ['pop3', 110],
  ['sunrpc', 111],
  ['epmap', 135],
  ['loc-srv', 135],
  ['netbios-ssn', 139],
  ['imap', 143],
  ['imap2', 143],
  ['bgp', 179],
  ['ldap', 389],
  ['https', 443],
  ['microsoft-ds', 445],
  ['submissions', 465],
  ['submission', 587],
  ['ipp', 631],
  ['ldaps', 636],
  ['rsync', 873],
  ['imaps', 993],
  ['pop3s', 995],
  ['ms-sql-s', 1433],
  ['mqtt', 1883],
  ['nfs', 2049],
  ['nfsd', 2049],
  ['mysql', 3306],
  ['ms-wbt-server', 3389],
  ['xmpp-client', 5222],
  ['postgresql', 5432],
  ['amqp', 5672],
  ['redis', 6379],
  ['webcache', 8080],
  ['git', 9418],
]);

/**
 * "10.0.0.1:443", "[::1]:443", "::1:443" (net-tools, the last colon), "*:80", "[fe80::1%eth0]:22", "[fe80::1]%eth0:22",
 * "host-name:https". `family` says which wildcard "*" is (IPv4 when absent). Null only when it can be no endpoint.
 */
export function parseColonEndpoint(text: string, family?: 4 | 6): SocketEndpoint | null {
  return parseSplit(text, text.lastIndexOf(':'), family ?? 4);
}

/**
 * BSD and macOS: "10.0.0.1.443", "*.80", "*.*", "fe80::1%lo0.22", "::1.58090". A piece of an IPv6 address without a port,
 * as macOS cuts it, is an endpoint of which only the text is known. Null only when it can be no endpoint.
 */
export function parseDotEndpoint(text: string, family: 4 | 6): SocketEndpoint | null {
  const dot = text.lastIndexOf('.');
  if (dot < 0) return PART_OF_IPV6.test(text) ? { address: null, port: null, text } : null;
  return parseSplit(text, dot, family);
}

/** True for the zero address of either family: `*`, `0.0.0.0`, `::`. */
export function isWildcard(endpoint: SocketEndpoint): boolean {
  const words = endpoint.address?.words;
  if (!words || words[0] !== 0 || words[1] !== 0 || words[3] !== 0) return false;
  return words[2] === 0 || (words[2] === IPV4_MAPPED_WORD && endpoint.address?.family === 4);
}

/** The family of its address (an IPv4-mapped one is IPv4), or null when that is not known. */
export function familyOfEndpoint(endpoint: SocketEndpoint): 4 | 6 | null {
  return endpoint.address?.family ?? null;
}

/** "*" or the zero address of a family. */
export function wildcardAddress(family: 4 | 6): ParsedAddress {
  return { family, words: [0, 0, family === 4 ? IPV4_MAPPED_WORD : 0, 0], scopeId: 0 };
}

/** An endpoint of which nothing but the text is known, for what a tool cut off. */
export function unreadEndpoint(text: string, port: number | null = null): SocketEndpoint {
  return { address: null, port, text: sanitiseText(text) };
}

function parseSplit(text: string, at: number, family: 4 | 6): SocketEndpoint | null {
  if (at < 1 || text.length > MAX_ENDPOINT_CHARACTERS) return null;
  const port = parsePort(text.slice(at + 1));
  if (port === undefined) return null;
  const address = parseHost(text.slice(0, at), family);
  if (address === undefined) return null;
  return { address, port, text: address === null || port === null ? sanitiseText(text) : null };
}

/** Null: a service that is not known. Undefined: no port at all. */
function parsePort(text: string): number | null | undefined {
  if (text === '*') return 0;
  if (/^\d{1,5}$/.test(text)) return Number(text) <= 65535 ? Number(text) : undefined;
  const known = SERVICE_PORTS.get(text);
  if (known !== undefined) return known;
  return SERVICE_NAME.test(text) ? null : undefined;
}

/** Null: a host name or a cut address. Undefined: neither. */
function parseHost(text: string, family: 4 | 6): ParsedAddress | null | undefined {
  let bare = text;
  let scope = '';
  const percent = text.indexOf('%');
  if (percent >= 0) {
    bare = text.slice(0, percent);
    scope = text.slice(percent + 1);
    if (scope === '' || /\s/.test(scope)) return undefined;
  }
  if (bare.startsWith('[')) {
    // "[fe80::1%eth0]" or "[fe80::1]%eth0": ss has printed both.
    if (bare.endsWith(']')) bare = bare.slice(1, -1);
    else if (scope.endsWith(']')) [bare, scope] = [bare.slice(1), scope.slice(0, -1)];
    else return undefined;
  }
  if (bare === '*' || bare === '') return bare === '*' ? wildcardAddress(family) : undefined;
  const address = parseAddress(bare);
  if (address !== null) return withScope(address, scope);
  if (percent < 0 && bare === text && HOST_NAME.test(text)) return null;
  return PART_OF_IPV6.test(bare) ? null : undefined;
}

/** Only a number is an index; the name of an interface is not known here. */
function withScope(address: ParsedAddress, scope: string): ParsedAddress {
  if (address.family === 4 || !/^[1-9]\d{0,8}$/.test(scope)) return address;
  return { ...address, scopeId: Number(scope) };
}
