/** Where a pool leads, in words. */
import { formatEndpoint } from '../address.ts';
import type { Pool } from '../model.ts';

type Ends = Pick<Pool, 'key' | 'localAddress' | 'remoteAddress' | 'remotePort'>;

/**
 * "10.0.3.12:443". Where the system counts ports by local address or for the whole host, the pool has no destination:
 * "any destination from 10.0.2.7", "any IPv4 destination".
 */
export function sayPoolTarget({ key, localAddress, remoteAddress, remotePort }: Ends): string {
  if (remoteAddress !== '') return formatEndpoint(remoteAddress, remotePort);
  if (localAddress !== '') return `any destination from ${localAddress}`;
  return `any ${key.startsWith('ipv6') ? 'IPv6' : 'IPv4'} destination`;
}
