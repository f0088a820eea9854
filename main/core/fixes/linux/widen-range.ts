/** Linux: a wider ip_local_port_range, with the ports of services reserved first. */
import { capacityOf } from '../../budget.ts';
import type { PortRange } from '../../model.ts';
import { checkLinuxPortRange, countPorts, isInside } from '../../port-range.ts';
import { sayCount } from '../../words/figures.ts';
import { checkValue } from '../allowed.ts';
import { poolOf, predict } from '../effect.ts';
import { numberOf, portListOf, rangeOf, settingOf } from '../known.ts';
import type { Fix, FixParameters, Plan, PlanInput, PortUser, SystemState } from '../model.ts';
import { planOf, refuse, sayInvalid } from '../plan.ts';
import { proposeRange } from '../propose-range.ts';
import { formatPortList, rangesOf, sayRange, sayUsers, usersInNewPart } from '../ranges.ts';
import { isKubernetesNode, NODE_PORTS, usualServicesIn } from '../services.ts';
import { sysctlStep } from '../steps.ts';
import { keepSettings } from './persist.ts';

export const RANGE_KEY = 'net.ipv4.ip_local_port_range';
export const RESERVED_KEY = 'net.ipv4.ip_local_reserved_ports';
const UNPRIVILEGED_KEY = 'net.ipv4.ip_unprivileged_port_start';
const DEFAULT_UNPRIVILEGED_START = 1024;

const IDENTITY = { id: 'linux-widen-range', title: 'Widen the port range' };

export const linuxWidenRange: Fix = {
  ...IDENTITY,
  platforms: ['linux'],
  kind: 'system',
  does: 'Gives every pool of this network namespace more ports, at once and without a restart. Ports of services in the new part are reserved first, so that no outgoing connection takes them.',
  doesNotHelp:
    'It buys time: a program that opens a connection for each request still does. Containers have a range of their own.',
  risk: {
    grade: 'low',
    sentence:
      'Firewalls and security groups that expect source ports from 32768 on may drop connections from the new part.',
  },
  effort: 'low',
  takesEffect: 'at once',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: {
    range: 'the range, such as 10240-65535',
    reserve: 'ports to keep out of it, or "found" for those that services use',
    poolKey: 'the pool that is predicted for',
    persist: 'keep it after a restart',
  },
  source:
    'Documentation/networking/ip-sysctl.rst, ip_local_port_range and ip_local_reserved_ports; measured on 6.18',
  plan,
};

interface Asked {
  present: PortRange;
  reserved: PortRange[];
  range: PortRange;
  found: PortUser[];
}

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  const present = rangeOf(settingOf(state, RANGE_KEY));
  const reserved = portListOf(settingOf(state, RESERVED_KEY));
  if (present === null || reserved === null) {
    return refuse(
      IDENTITY,
      input,
      `${present === null ? RANGE_KEY : RESERVED_KEY} could not be read, so the change could not be taken back.`,
    );
  }
  const least = numberOf(settingOf(state, UNPRIVILEGED_KEY)) ?? DEFAULT_UNPRIVILEGED_START;
  const range = parameters.range ?? proposeRange(present, least);
  const checked = checkLinuxPortRange(range.first, range.last, least);
  if (!checked.ok) return refuse(IDENTITY, input, sayInvalid('The range', checked.failure));
  const found = usersInNewPart(
    [...(state.tcpPorts ?? []), ...(state.udpPorts ?? [])],
    range,
    present,
    reserved,
  );
  return planFor(input, { present, reserved, range, found });
}

function planFor(input: PlanInput, asked: Asked): Plan {
  const { state, parameters } = input;
  const { present, reserved, range, found } = asked;
  const extra = extraReservations(state, parameters, asked);
  const exposed = found.filter(({ port }) => !isInside(port, extra));
  if (exposed.length > 0) {
    const ports = [...(parameters.reserve === 'found' ? [] : (parameters.reserve ?? [])), ...portsOf(found)];
    return refuse(
      IDENTITY,
      input,
      `The new part of ${sayRange(range)} holds ports of services: ${sayUsers(exposed)}; an outgoing connection could take one while its service restarts.`,
      { ...parameters, range, reserve: ports },
    );
  }
  const union = [...reserved, ...extra];
  const list = checkValue(RESERVED_KEY, formatPortList(union));
  if (!list.ok) return refuse(IDENTITY, input, sayInvalid('The reservation', list.failure));
  const before = capacityWith(state, present, reserved);
  const capacity = capacityWith(state, range, union);
  const isKeptOnly =
    formatPortList([range]) === formatPortList([present]) &&
    (parameters.persist || parameters.range !== null);
  if (capacity <= before && !isKeptOnly) {
    return refuse(
      IDENTITY,
      input,
      parameters.range === null
        ? `The range ${sayRange(present)} is as wide as is sensible: ${sayRange(range)} would give no more ports.`
        : `The range ${sayRange(range)} would give ${sayCount(capacity)} ports, no more than the ${sayCount(before)} of now.`,
    );
  }
  return complete(input, asked, union);
}

/** Ports to reserve beyond the present ones: as asked, or services and usual services of the new part. */
function extraReservations(
  { tcpPorts }: SystemState,
  { range: chosen, reserve }: FixParameters,
  { present, range, found }: Asked,
): PortRange[] {
  if (reserve === 'found') return portsOf(found);
  if (reserve !== null) return [...reserve];
  // A range that a person chose without a word on reservations is theirs to answer for.
  if (chosen !== null) return [];
  const nodePorts = isKubernetesNode(tcpPorts) && !isInside(NODE_PORTS.first, [present]) ? [NODE_PORTS] : [];
  return [...portsOf(found), ...rangesOf(usualServicesIn(range, present)), ...nodePorts];
}

function portsOf(users: readonly PortUser[]): PortRange[] {
  return rangesOf(users.map(({ port }) => port));
}

/** Ports a new pool has: the range less what is reserved less what TCP listeners and bound sockets take. */
function capacityWith({ tcpPorts }: SystemState, range: PortRange, reserved: readonly PortRange[]): number {
  return capacityOf({ range, reserved, blockedCount: blockedIn(tcpPorts, range, reserved) });
}

function blockedIn(
  users: readonly PortUser[] | null,
  range: PortRange,
  reserved: readonly PortRange[],
): number {
  const ports = new Set((users ?? []).map(({ port }) => port));
  return [...ports].filter((port) => isInside(port, [range]) && !isInside(port, reserved)).length;
}

function complete(
  input: PlanInput,
  { present, reserved, range, found }: Asked,
  union: readonly PortRange[],
): Plan {
  const { state } = input;
  const capacity = capacityWith(state, range, union);
  const pool = poolOf(input);
  // Ports that only the sample knows to be taken (connections accepted by a listener that is gone).
  const unseen = pool === null ? 0 : Math.max(0, pool.blocked - blockedIn(state.tcpPorts, present, reserved));
  const steps = [
    // Reserved first: no outgoing connection can get such a port in between.
    sysctlStep(state, RESERVED_KEY, formatPortList(union), sayReserving(found, union, reserved)),
    sysctlStep(
      state,
      RANGE_KEY,
      `${range.first} ${range.last}`,
      `${sayCount(capacityWith(state, present, reserved))} ports for each destination become ${sayCount(capacity)}`,
    ),
  ];
  const kept = keepSettings(input, steps);
  return planOf(IDENTITY, input, {
    steps: [...steps, ...kept.steps],
    effect: predict(input, () => ({ capacity: Math.max(0, capacity - unseen) })),
    warnings: [...warningsOf(state, range, present), ...kept.warnings],
    checked: checksOf(state, found, range),
  });
}

function sayReserving(
  found: readonly PortUser[],
  union: readonly PortRange[],
  before: readonly PortRange[],
): string {
  const more = capacityCount(union) - capacityCount(before);
  if (found.length === 0) return `keeps ${sayCount(more)} ports of usual services out of the pool`;
  return `keeps ${sayCount(more)} ports of services out of the pool, among them ${sayUsers(found)}`;
}

function capacityCount(ranges: readonly PortRange[]): number {
  const all = { first: 0, last: 65_535 };
  return countPorts(all) - capacityOf({ range: all, reserved: ranges });
}

function warningsOf({ tcpPorts, udpPorts }: SystemState, range: PortRange, present: PortRange): string[] {
  return [
    'Rules of a firewall or a cloud’s security group that name the old range are not visible from here.',
    ...(tcpPorts === null ? ['Which TCP ports services listen on is not known: look before applying.'] : []),
    ...(udpPorts === null ? ['Which UDP ports services use is not known: look before applying.'] : []),
    ...(range.first % 2 === range.last % 2
      ? [
          'First and last port are both even or both odd: the kernel warns once, and one port more is left unused.',
        ]
      : []),
    ...(range.first > present.first || range.last < present.last
      ? [`Part of ${sayRange(present)} is no longer used; connections that are open there stay.`]
      : []),
  ];
}

function checksOf(
  { tcpPorts, udpPorts }: SystemState,
  found: readonly PortUser[],
  range: PortRange,
): string[] {
  if (tcpPorts === null && udpPorts === null) return [];
  const count = found.length;
  const seen = `${tcpPorts === null ? 'UDP' : udpPorts === null ? 'TCP' : 'TCP and UDP'}, IPv4 and IPv6`;
  if (count === 0) return [`No service uses a port of the new part of ${sayRange(range)} (${seen}).`];
  const services = count === 1 ? '1 port of a service lies' : `${sayCount(count)} ports of services lie`;
  return [`${services} in the new part of ${sayRange(range)} (${seen}): reserved.`];
}
