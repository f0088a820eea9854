/** How full the range of a port map is. Pure. */
import { PORT_MAP_CODES } from '../../../preload/contract.ts';
import type { PortMapAnswer } from '../../stores/headroom.ts';

/** Ports of which connect() hands out none: reserved, or held by a listener or a bind. */
const BLOCKED: readonly number[] = [PORT_MAP_CODES.reserved, PORT_MAP_CODES.listen, PORT_MAP_CODES.bound];

/** Ports of the range that connect() may hand out, and how many of them are in use. */
export function usedPorts({ codes, range }: Pick<PortMapAnswer, 'codes' | 'range'>): {
  used: number;
  ports: number;
} {
  let used = 0;
  let ports = 0;
  for (let port = range.first; port <= range.last; port++) {
    const code = codes[port] ?? PORT_MAP_CODES.free;
    if (BLOCKED.includes(code)) continue;
    ports++;
    if (code !== PORT_MAP_CODES.free) used++;
  }
  return { used, ports };
}
