/** What can be changed about a load, each as a function from load to load. */
import { WIDEST_LINUX_RANGE } from '../profiles.ts';
import { countPorts } from '../port-range.ts';
import type { PortRange } from '../model.ts';
import type { Base } from './base.ts';
import type { WhatIfEffective } from './model.ts';
import { canReuse } from './resolve.ts';

/** Windows and the others take a range from 1025 (netsh: start at least 1025). */
const WIDEST_ELSEWHERE: PortRange = { first: 1025, last: 65535 };

export type Lever = (load: WhatIfEffective) => WhatIfEffective;

/** Keep-alive: the connection stays open for each request it carries. */
export function withRequestsPerConnection(requestsPerConnection: number): Lever {
  return (load) => ({
    ...load,
    requestsPerConnection,
    connectionsPerSecond: load.ratePerSecond / requestsPerConnection,
    connectionSeconds: load.holdSeconds * requestsPerConnection,
  });
}

export function withDestinations(destinations: number): Lever {
  return (load) => ({ ...load, destinations });
}

export function withSourceAddresses(sourceAddresses: number): Lever {
  return (load) => ({ ...load, sourceAddresses });
}

/** Another range with the same ports reserved. */
export function withRange(range: PortRange): Lever {
  return (load) => ({
    ...load,
    range,
    isPortCountGiven: false,
    portCount: Math.max(1, countPorts(range) - load.reservedCount),
  });
}

export const withReuse: Lever = (load) => ({
  ...load,
  reuseMode: 'all',
  timestamps: true,
  isReuseEffective: canReuse(load.scope),
});

export const withServerClosing: Lever = (load) => ({ ...load, activeCloseShare: 0 });

/** IP_BIND_ADDRESS_NO_PORT: connect() chooses the port, per destination. */
export const withLateBinding: Lever = (load) => ({
  ...load,
  scope: 'destination',
});

/** The widest range an administrator can set, or null where it is the provider's or no wider. */
export function widerRange(load: WhatIfEffective, base: Base): PortRange | null {
  if (base.kind === 'middlebox') return null;
  const widest = base.isLinux ? WIDEST_LINUX_RANGE : WIDEST_ELSEWHERE;
  return withRange(widest)(load).portCount > load.portCount ? widest : null;
}

/** The range with at least `portCount` usable ports that keeps most of the old one, or null when none is so wide. */
export function rangeWith(portCount: number, load: WhatIfEffective, base: Base): PortRange | null {
  const widest = widerRange(load, base);
  const total = portCount + load.reservedCount;
  if (widest === null || total > countPorts(widest)) return null;
  const first = load.range.last - total + 1;
  return first >= widest.first
    ? { first, last: load.range.last }
    : { first: widest.last - total + 1, last: widest.last };
}
