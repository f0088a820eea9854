/** Ranges of ports as systems write and compare them. */
import type { PortRange } from '../model.ts';
import { isInside, mergeRanges } from '../port-range.ts';
import type { PortUser } from './model.ts';

/** "8080,9148,40000-40002": the form of ip_local_reserved_ports, sorted and merged as the kernel prints it. */
export function formatPortList(ranges: readonly PortRange[]): string {
  return mergeRanges(ranges)
    .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
    .join(',');
}

/** "32768–60999", as people read it. */
export function sayRange({ first, last }: PortRange): string {
  return first === last ? `${first}` : `${first}–${last}`;
}

/** One range a port. */
export function rangesOf(ports: readonly number[]): PortRange[] {
  return mergeRanges(ports.map((port) => ({ first: port, last: port })));
}

/** Users of ports that lie in `range` and neither in `before` nor in `reserved`: each port once, lowest first. */
export function usersInNewPart(
  users: readonly PortUser[],
  range: PortRange,
  before: PortRange,
  reserved: readonly PortRange[],
): PortUser[] {
  const found = new Map<number, PortUser>();
  for (const user of users) {
    if (!isInside(user.port, [range]) || isInside(user.port, [before]) || isInside(user.port, reserved))
      continue;
    const known = found.get(user.port);
    if (known === undefined || (known.process === null && user.process !== null)) found.set(user.port, user);
  }
  return [...found.values()].sort((a, b) => a.port - b.port);
}

const NAMED = 4;

/** "15432 (postgres), 27017 UDP and 3 more". */
export function sayUsers(users: readonly PortUser[]): string {
  const named = users
    .slice(0, NAMED)
    .map(({ port, protocol, process }) => {
      const kind = protocol === 'udp' ? ' UDP' : '';
      return process === null ? `${port}${kind}` : `${port}${kind} (${process})`;
    })
    .join(', ');
  return users.length > NAMED ? `${named} and ${users.length - NAMED} more` : named;
}
