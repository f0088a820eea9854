/**
 * Which range is proposed. The rule: from 10240 to 65535. Below 10240 lie the ports that services are usually given
 * (3306, 5432, 6379, 8080, 9090, 9200 …), and they are left alone; where the present range already reaches below it, it
 * goes down to 2048. An even first and an odd last port keep the two halves that connect() and bind() search equal.
 */
import type { PortRange } from '../model.ts';
import { LAST_PORT } from '../port-range.ts';
import type { PortUser } from './model.ts';
import { SERVICES_BELOW } from './services.ts';

const FALLBACK_FIRST = 2048;

/** `leastFirst`: below it the system takes no range (ip_unprivileged_port_start, 1025 on Windows). */
export function proposeRange(present: PortRange, leastFirst: number): PortRange {
  const first = present.first > SERVICES_BELOW ? SERVICES_BELOW : Math.min(present.first, FALLBACK_FIRST);
  const allowed = Math.max(first, leastFirst);
  return { first: allowed + (allowed % 2), last: LAST_PORT };
}

/**
 * Where ports cannot be reserved: the range that begins above the highest service below the present one, at a multiple
 * of 1024. The present range where a service stands right below it.
 */
export function proposeClearRange(present: PortRange, users: readonly PortUser[]): PortRange {
  const below = users
    .map(({ port }) => port)
    .filter((port) => port >= SERVICES_BELOW && port < present.first);
  const free = Math.max(SERVICES_BELOW, ...below.map((port) => port + 1));
  const first = Math.ceil(free / 1024) * 1024;
  return { first: Math.min(first, present.first), last: Math.max(present.last, LAST_PORT) };
}
