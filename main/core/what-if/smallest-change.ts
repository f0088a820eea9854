/**
 * The least that makes a rate hold. For ports there are two kinds of it: what the program can do (fewer connections)
 * and what the host can do; the first of each that is enough. Then every other limit that would still be passed.
 */
import type { PortRange } from '../model.ts';
import type { Base } from './base.ts';
import { deriveFigures } from './figures.ts';
import {
  rangeWith,
  withDestinations,
  withLateBinding,
  withRange,
  withRequestsPerConnection,
  withReuse,
  withSourceAddresses,
  type Lever,
} from './levers.ts';
import { limitsOf } from './limits.ts';
import type { LimitId, WhatIfEffective } from './model.ts';

export type Change =
  | { kind: 'keep-alive'; requests: number }
  | { kind: 'bind-no-port' }
  | { kind: 'range'; range: PortRange }
  | { kind: 'destinations'; count: number }
  | { kind: 'source-addresses'; count: number }
  | { kind: 'reuse' }
  | { kind: 'slow-down'; ratePerSecond: number };

export interface SmallestChange {
  /** Any one of them is enough for the ports; empty when the ports hold. */
  ports: Change[];
  /** What must be raised besides, and to how many. */
  raise: { id: LimitId; title: string; needed: number }[];
}

/** More requests on a connection than this are a redesign, not a change. */
const MOST_REQUESTS = 1000;
const MOST_ADDRESSES = 64;
const ALTERNATIVES = 2;

/** What has to change, or null when everything holds. */
export function findSmallestChange(load: WhatIfEffective, base: Base): SmallestChange | null {
  const failing = limitsOf(load).filter((limit) => !limit.holds && limit.id !== 'time-wait-sockets');
  if (failing.length === 0) return null;
  const portsFail = failing.some((limit) => limit.id === 'ports');
  const found = portsFail ? portChanges(load, base) : [];
  const first = found[0];
  const after = first ? first.lever(load) : load;
  const raise = limitsOf(after).filter(
    (limit) => !limit.holds && !['ports', 'time-wait-sockets'].includes(limit.id),
  );
  return {
    ports: found.slice(0, ALTERNATIVES).map((candidate) => candidate.change),
    raise: raise.map(({ id, title, needed }) => ({ id, title, needed })),
  };
}

interface Candidate {
  change: Change;
  lever: Lever;
}

function portChanges(load: WhatIfEffective, base: Base): Candidate[] {
  const candidates = [
    keepAlive(load),
    lateBinding(load),
    range(load, base),
    destinations(load),
    sourceAddresses(load),
    reuse(load, base),
  ];
  const enough = candidates.filter(
    (candidate): candidate is Candidate => candidate !== null && holds(candidate.lever(load)),
  );
  return enough.length > 0 ? enough : [slowDown(load)];
}

function holds(load: WhatIfEffective): boolean {
  return load.ratePerSecond <= deriveFigures(load).sustainableRate * (1 + 1e-12);
}

/** n with rate/n × (wait + n × hold) ≤ ports: what is open at the same moment stays, however many requests share it. */
function keepAlive(load: WhatIfEffective): Candidate | null {
  const { capacity, waitSeconds } = deriveFigures(load);
  const left = capacity - load.ratePerSecond * load.holdSeconds;
  if (left <= 0) return null;
  const requests = Math.ceil((load.ratePerSecond * load.activeCloseShare * waitSeconds) / left - 1e-9);
  if (requests <= load.requestsPerConnection || requests > MOST_REQUESTS) return null;
  return { change: { kind: 'keep-alive', requests }, lever: withRequestsPerConnection(requests) };
}

function lateBinding(load: WhatIfEffective): Candidate | null {
  if (load.scope !== 'address' || load.destinations < 2) return null;
  return { change: { kind: 'bind-no-port' }, lever: withLateBinding };
}

function range(load: WhatIfEffective, base: Base): Candidate | null {
  const { steadyInUse, poolCount } = deriveFigures(load);
  const wider = rangeWith(Math.ceil(steadyInUse / poolCount - 1e-9), load, base);
  return wider && { change: { kind: 'range', range: wider }, lever: withRange(wider) };
}

function destinations(load: WhatIfEffective): Candidate | null {
  if (load.scope !== 'destination') return null;
  const { steadyInUse } = deriveFigures(load);
  const count = Math.ceil(steadyInUse / (load.portCount * load.sourceAddresses) - 1e-9);
  if (count > Math.max(MOST_ADDRESSES, 2 * load.destinations)) return null;
  return { change: { kind: 'destinations', count }, lever: withDestinations(count) };
}

function sourceAddresses(load: WhatIfEffective): Candidate | null {
  if (load.scope === 'host') return null;
  const { steadyInUse, poolCount } = deriveFigures(load);
  const perAddress = (load.portCount * poolCount) / load.sourceAddresses;
  const count = Math.ceil(steadyInUse / perAddress - 1e-9);
  if (count > MOST_ADDRESSES) return null;
  return { change: { kind: 'source-addresses', count }, lever: withSourceAddresses(count) };
}

function reuse(load: WhatIfEffective, base: Base): Candidate | null {
  if (!base.isLinux || load.isReuseEffective) return null;
  return { change: { kind: 'reuse' }, lever: withReuse };
}

function slowDown(load: WhatIfEffective): Candidate {
  const ratePerSecond = deriveFigures(load).sustainableRate;
  return { change: { kind: 'slow-down', ratePerSecond }, lever: (before) => ({ ...before, ratePerSecond }) };
}
