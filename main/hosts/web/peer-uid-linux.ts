/** Which user is at the other end of a loopback connection, from the kernel's own socket table (hardening W10). */
import { createReadStream } from 'node:fs';
import { endianness } from 'node:os';

/** Both ends of a connection as this process sees it. */
export interface ConnectionEnds {
  localAddress: string;
  localPort: number;
  remoteAddress: string;
  remotePort: number;
}

/** Where the tables are; tests give a folder of their own. */
export const SOCKET_TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;

/** Place of uid among the words after the two addresses (net/ipv4/tcp_ipv4.c, get_tcp4_sock). */
const UID_WORD = 4;
/** No line of the tables is longer. */
const LONGEST_LINE = 512;

export type PeerUid = { kind: 'found'; uid: number } | { kind: 'absent' } | { kind: 'unreadable' };

/**
 * Looks for the peer's own row, the one with our two ends exchanged. Reads in pieces, off this thread: with 100,000
 * sockets the tables have 15 MB.
 */
export async function readPeerUid(
  ends: ConnectionEnds,
  tables: readonly string[] = SOCKET_TABLES,
): Promise<PeerUid> {
  let isReadable = false;
  for (const table of tables) {
    const found = await searchTable(table, needles(ends));
    if (found === 'unreadable') continue;
    isReadable = true;
    if (found !== null) return { kind: 'found', uid: found };
  }
  return { kind: isReadable ? 'absent' : 'unreadable' };
}

async function searchTable(path: string, wanted: readonly string[]): Promise<number | null | 'unreadable'> {
  try {
    let rest = '';
    for await (const chunk of createReadStream(path, { encoding: 'latin1', highWaterMark: 256 * 1024 })) {
      const text = rest + String(chunk);
      for (const needle of wanted) {
        const at = text.indexOf(needle);
        const lineEnd = text.indexOf('\n', at);
        if (at >= 0 && lineEnd >= 0) return uidOf(text.slice(at + needle.length, lineEnd));
      }
      rest = text.slice(-LONGEST_LINE);
    }
    return null;
  } catch {
    // No such table (no IPv6), or not ours to read: said as such.
    return 'unreadable';
  }
}

function uidOf(afterAddresses: string): number | null {
  const word = afterAddresses.trim().split(/\s+/)[UID_WORD];
  return word !== undefined && /^\d+$/.test(word) ? Number(word) : null;
}

/** The peer's "local remote" columns; an IPv4 connection may be an IPv6 socket's, with mapped addresses. */
function needles(ends: ConnectionEnds): string[] {
  const local = addressHex(ends.remoteAddress);
  const remote = addressHex(ends.localAddress);
  return local.flatMap((from, form) => {
    const to = remote[form];
    return to === undefined ? [] : [` ${from}:${portHex(ends.remotePort)} ${to}:${portHex(ends.localPort)} `];
  });
}

/** An address as the tables print it: 32-bit words in host order. Loopback is all that connects here. */
function addressHex(address: string): string[] {
  const plain = address.replace(/^::ffff:/, '');
  if (plain === '::1') return [`${'0'.repeat(24)}${wordHex(1)}`];
  const bytes = plain.split('.').map(Number);
  if (bytes.length !== 4) return [];
  const word = wordHex(bytes.reduce((sum, byte) => sum * 256 + byte, 0));
  return [word, `${'0'.repeat(16)}${wordHex(0xffff)}${word}`];
}

function wordHex(word: number): string {
  const hex = word.toString(16).toUpperCase().padStart(8, '0');
  return endianness() === 'LE' ? (hex.match(/../g) ?? []).toReversed().join('') : hex;
}

function portHex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}
