/** From what is asked to what is calculated with: every null replaced, every value checked. */
import { capacityOf } from '../budget.ts';
import { checkPortRange, countInside, parsePortList } from '../port-range.ts';
import type { Outcome, PoolScope, PortRange, ReuseMode } from '../model.ts';
import type { Base } from './base.ts';
import { findNumberFault, invalid } from './checks.ts';
import type { WhatIfEffective, WhatIfInput } from './model.ts';

/** The load that `input` describes on `base`. A value out of bounds or a pool without ports is 'invalid'. */
export function resolveInput(input: WhatIfInput, base: Base): Outcome<WhatIfEffective> {
  const fault = findNumberFault(input);
  if (fault) return { ok: false, failure: fault };
  const range = resolveRange(input, base);
  if (!range.ok) return range;
  const reserved = resolveReserved(input, base);
  if (!reserved.ok) return reserved;
  const portCount = countPoolPorts(input, base, range.value, reserved.value);
  if (portCount <= 0) return invalid('reserved ports', 'the reserved ports leave no port of the range');
  const scope = input.scope ?? base.scope;
  const reuseMode = input.reuseMode ?? base.reuse.mode;
  const timestamps = input.timestamps ?? base.reuse.timestamps;
  const { ratePerSecond, requestsPerConnection, holdSeconds } = input;
  return {
    ok: true,
    value: {
      profileId: base.id,
      profileName: base.shortName,
      profileKind: base.kind,
      ratePerSecond,
      requestsPerConnection,
      connectionsPerSecond: ratePerSecond / requestsPerConnection,
      holdSeconds,
      connectionSeconds: holdSeconds * requestsPerConnection,
      // A source NAT keeps its port whichever side closes first.
      activeCloseShare: base.kind === 'middlebox' ? 1 : input.activeCloseShare,
      destinations: input.destinations,
      sourceAddresses: input.sourceAddresses,
      inUse: input.inUse,
      range: range.value,
      portCount,
      isPortCountGiven: input.portCount !== null || (input.range === null && base.portCount !== null),
      reservedCount: input.portCount === null ? countInside(range.value, reserved.value) : 0,
      timeWaitSeconds: input.timeWaitSeconds ?? base.timeWaitSeconds,
      scope,
      reuseMode,
      reuseDelayMs: input.reuseDelayMs ?? base.reuse.delayMs,
      timestamps,
      toLoopback: input.toLoopback,
      isReuseEffective: canReuse(scope) && timestamps && reaches(reuseMode, input.toLoopback),
      errorOnExhaustion: base.errorOnExhaustion,
      slowFromShare: base.slowFromShare,
      limits: input.limits,
    },
  };
}

function resolveRange(input: WhatIfInput, base: Base): Outcome<PortRange> {
  if (input.range === null) return { ok: true, value: base.range };
  const checked = checkPortRange(input.range.first, input.range.last);
  if (checked.ok) return input.range.first === 0 ? invalid('range', 'port 0 cannot be handed out') : checked;
  return checked.failure.code === 'invalid' ? invalid('range', checked.failure.message) : checked;
}

function resolveReserved(input: WhatIfInput, base: Base): Outcome<PortRange[]> {
  if (input.reservedPorts === null) return { ok: true, value: base.reserved };
  const parsed = parsePortList(input.reservedPorts);
  if (parsed.ok || parsed.failure.code !== 'invalid') return parsed;
  return invalid('reserved ports', parsed.failure.message);
}

function countPoolPorts(input: WhatIfInput, base: Base, range: PortRange, reserved: PortRange[]): number {
  if (input.portCount !== null) return input.portCount;
  if (input.range !== null || base.portCount === null) {
    const blockedCount = input.range === null ? base.blockedCount : 0;
    return capacityOf({ range, reserved, blockedCount });
  }
  return base.portCount - countInside(range, reserved);
}

/** Only connect() that chooses the port itself reuses TIME_WAIT; bind() to port 0 does not. Measured on 6.18. */
export function canReuse(scope: PoolScope): boolean {
  return scope === 'destination';
}

function reaches(mode: ReuseMode, toLoopback: boolean): boolean {
  return mode === 'all' || (mode === 'loopback' && toLoopback);
}
