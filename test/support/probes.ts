/** What parser tests share: a parser run to its end, and its values as short text. */
import { formatAddress, formatEndpoint } from '../../main/core/address.ts';
import { TCP_STATE_NAMES } from '../../main/core/model.ts';
import type { OutputParser, OutputReading, SocketEndpoint, SocketReading } from '../../main/core/readings.ts';

/** Everything a parser says of a text: its reading and the sockets in order. */
export function listSockets(
  parser: OutputParser,
  text: string,
): { reading: OutputReading; sockets: SocketReading[] } {
  const sockets: SocketReading[] = [];
  const reading = parser(text, (socket) => sockets.push(socket));
  return { reading, sockets };
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
