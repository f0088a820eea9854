/** What parser tests share: a parser run to its end, and its values as short text. */
import { it } from 'vitest';
import { formatAddress, formatEndpoint } from '../../main/core/address.ts';
import { TCP_STATE_NAMES } from '../../main/core/model.ts';
import type { OutputParser, OutputReading, SocketEndpoint, SocketReading } from '../../main/core/readings.ts';
import { readSharedFixture } from './fixtures.ts';

/** Everything a parser says of a text: its reading and the sockets in order. */
export function listSockets(
  parser: OutputParser,
  text: string,
): { reading: OutputReading; sockets: SocketReading[] } {
  const sockets: SocketReading[] = [];
  const reading = parser(text, (socket) => sockets.push(socket));
  return { reading, sockets };
}

/**
 * A test of a shared recording, read in place as UTF-8 (its licence or origin does not let us copy it, or it need not be
 * copied twice); skipped with the reason where the folder is not there.
 */
export function itReadsShared(name: string, behaviour: string, check: (text: string) => void): void {
  const shared = readSharedFixture(name);
  if (shared.found) it(`${behaviour} (${name})`, () => check(new TextDecoder().decode(shared.bytes)));
  else it.skip(`${behaviour}: ${shared.why}`, () => undefined);
}

/** The sockets whose one-line text (see socketText) contains `part`. */
export function socketsWith(sockets: readonly SocketReading[], part: string): SocketReading[] {
  return sockets.filter((socket) => socketText(socket).includes(part));
}

/** "10.0.0.1:443", "[::1]:443"; "10.0.0.1:?" without a port; the text in quotes where the address is not known. */
export function endpointText(endpoint: SocketEndpoint): string {
  const port = endpoint.port === null ? '?' : String(endpoint.port);
  if (endpoint.address === null) return `"${endpoint.text ?? ''}":${port}`;
  const address = formatAddress(endpoint.address);
  if (endpoint.port !== null) return formatEndpoint(address, endpoint.port);
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** "ESTABLISHED 10.0.0.1:443 > 10.0.0.2:50000". */
export function socketText(socket: SocketReading): string {
  return `${TCP_STATE_NAMES[socket.state] ?? '?'} ${endpointText(socket.local)} > ${endpointText(socket.remote)}`;
}

/** Sockets by state name, as MANIFEST counts them: `{ LISTEN: 7, ESTABLISHED: 7 }`. */
export function countStates(sockets: readonly SocketReading[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { state } of sockets) {
    const name = TCP_STATE_NAMES[state] ?? '?';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

/**
 * Whether time grows no faster than the text does, `slack` for a busy machine: quadratic work on a text ten times as long
 * would take ten times more than that. What takes less than 50 ms passes. A slow run is tried again twice.
 */
export function growsLinearly(parser: OutputParser, small: string, large: string, slack = 4): boolean {
  const timeOf = (text: string) => {
    const began = performance.now();
    parser(text, () => undefined);
    return performance.now() - began;
  };
  const enough = 50;
  for (let attempt = 0; attempt < 3; attempt++) {
    const smallMs = Math.max(timeOf(small), timeOf(small));
    if (timeOf(large) <= Math.max(enough, smallMs * (large.length / small.length) * slack)) return true;
  }
  return false;
}
