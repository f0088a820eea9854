/** The picture of a plan that moves the port range: what is now and then, and the services inside. Pure. */
import type { PlanInfo } from '../../preload/contract-fixes.ts';
import { capacityOf } from '../core/budget.ts';
import { numberOf, portListOf, rangeOf } from '../core/fixes/known.ts';
import { RANGE_KEY, RESERVED_KEY } from '../core/fixes/linux/widen-range.ts';
import type { Known, Plan, PortUser, Step, SystemState } from '../core/fixes/model.ts';
import { usualServiceNames } from '../core/fixes/services.ts';
import type { PortRange } from '../core/model.ts';
import { isInside } from '../core/port-range.ts';

type Ranges = NonNullable<PlanInfo['ranges']>;

/** Most ranges drawn; a list that is longer is drawn in part. */
const MAX_RESERVED = 500;
const MAX_NAMES = 3;
const BSD_FIRST_KEY = 'net.inet.ip.portrange.first';
const BSD_LAST_KEY = 'net.inet.ip.portrange.last';
const LAST_PORT = 65_535;

/** Null for a plan that leaves the range alone. `state` is that of the machine it was made for, null when not known. */
export function rangesOfPlan({ steps }: Plan, state: SystemState | null): Ranges | null {
  const moved = movedRange(steps) ?? movedFirstPort(steps, state);
  if (moved === null) return null;
  const { present, proposed } = moved;
  const before = reservedBefore(steps, state);
  const after = reservedAfter(steps, before);
  const users = state?.tcpPorts ?? [];
  const shown = after.filter((range) => touches(range, present) || touches(range, proposed));
  return {
    present,
    proposed,
    presentPorts: portsIn(present, before, users),
    proposedPorts: portsIn(proposed, after, users),
    reserved: shown.slice(0, MAX_RESERVED).map((range) => ({ ...range, label: labelOf(range, users) })),
  };
}

function movedRange(steps: readonly Step[]): { present: PortRange; proposed: PortRange } | null {
  for (const { target, current, proposed } of steps) {
    const read =
      target.kind === 'sysctl' && target.key === RANGE_KEY
        ? rangeOf
        : target.kind === 'dynamic-ports' && target.family === 4
          ? rangeOfCount
          : null;
    const from = read?.(current) ?? null;
    const to = read?.(proposed) ?? null;
    if (from !== null && to !== null) return { present: from, proposed: to };
  }
  return null;
}

/** "49152 16384": first port and count. */
function rangeOfCount(known: Known): PortRange | null {
  const parts = known.kind === 'value' ? /^(\d{1,5}) (\d{1,5})$/.exec(known.text) : null;
  const first = Number(parts?.[1] ?? Number.NaN);
  const last = first + Number(parts?.[2] ?? Number.NaN) - 1;
  return first <= last && last <= LAST_PORT ? { first, last } : null;
}

/** BSD and macOS: only the first port moves. */
function movedFirstPort(
  steps: readonly Step[],
  state: SystemState | null,
): { present: PortRange; proposed: PortRange } | null {
  const step = steps.find(({ target }) => target.kind === 'sysctl' && target.key === BSD_FIRST_KEY);
  if (!step) return null;
  const last = numberOf(state?.values.get(BSD_LAST_KEY) ?? { kind: 'absent' }) ?? LAST_PORT;
  const from = numberOf(step.current);
  const to = numberOf(step.proposed);
  if (from === null || to === null || Math.max(from, to) > last) return null;
  return { present: { first: from, last }, proposed: { first: to, last } };
}

function reservedBefore(steps: readonly Step[], state: SystemState | null): PortRange[] {
  const step = steps.find(({ target }) => target.kind === 'sysctl' && target.key === RESERVED_KEY);
  const known = step?.current ?? state?.values.get(RESERVED_KEY);
  return (known && portListOf(known)) ?? [];
}

function reservedAfter(steps: readonly Step[], before: readonly PortRange[]): PortRange[] {
  const step = steps.find(({ target }) => target.kind === 'sysctl' && target.key === RESERVED_KEY);
  if (step) return portListOf(step.proposed) ?? [...before];
  const excluded = steps.flatMap(({ target }) =>
    target.kind === 'excluded-ports' && target.family === 4 ? [target.range] : [],
  );
  return [...before, ...excluded];
}

function touches(a: PortRange, b: PortRange): boolean {
  return a.first <= b.last && a.last >= b.first;
}

/** What a new pool has: the range less what is reserved less what services hold. */
function portsIn(range: PortRange, reserved: readonly PortRange[], users: readonly PortUser[]): number {
  const ports = new Set(users.map(({ port }) => port));
  const blockedCount = [...ports].filter(
    (port) => isInside(port, [range]) && !isInside(port, reserved),
  ).length;
  return capacityOf({ range, reserved, blockedCount });
}

/** Services by the processes that hold their ports, else by the usual names; null where nothing is known of them. */
function labelOf(range: PortRange, users: readonly PortUser[]): string | null {
  const held = users.flatMap(({ port, process }) => (isInside(port, [range]) ? (process ?? []) : []));
  const names = held.length > 0 ? [...new Set(held)] : usualServiceNames(range);
  if (names.length === 0) return null;
  return names.length > MAX_NAMES ? `${names.slice(0, MAX_NAMES).join(', ')} …` : names.join(', ');
}
