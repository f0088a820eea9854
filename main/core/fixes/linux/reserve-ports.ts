/** Linux: keep the ports of services out of what outgoing connections get. */
import { capacityOf } from '../../budget.ts';
import type { PortRange } from '../../model.ts';
import { isInside } from '../../port-range.ts';
import { sayCount } from '../../words/figures.ts';
import { checkValue } from '../allowed.ts';
import { predict } from '../effect.ts';
import { portListOf, rangeOf, settingOf } from '../known.ts';
import type { Fix, Plan, PlanInput, PortUser } from '../model.ts';
import { planOf, refuse, sayInvalid } from '../plan.ts';
import { formatPortList, rangesOf, sayUsers } from '../ranges.ts';
import { sysctlStep } from '../steps.ts';
import { keepSettings } from './persist.ts';
import { RANGE_KEY, RESERVED_KEY } from './widen-range.ts';

const IDENTITY = { id: 'linux-reserve-ports', title: 'Reserve the ports of services' };

export const linuxReservePorts: Fix = {
  ...IDENTITY,
  platforms: ['linux'],
  kind: 'system',
  does: 'Adds the ports of services inside the range to ip_local_reserved_ports. Outgoing connections no longer get them; a service may still listen on them.',
  doesNotHelp: 'It makes the pool smaller, by one port a service: it protects services and gives no room.',
  risk: {
    grade: 'low',
    sentence: 'Connections that hold such a port already keep it until they close.',
  },
  effort: 'low',
  takesEffect: 'for new connections',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: {
    reserve: 'the ports, such as 8080,9100; the services found inside the range when absent',
    persist: 'keep it after a restart',
  },
  source: 'Documentation/networking/ip-sysctl.rst, ip_local_reserved_ports; measured on 6.18',
  plan,
};

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  const range = rangeOf(settingOf(state, RANGE_KEY));
  const reserved = portListOf(settingOf(state, RESERVED_KEY));
  if (reserved === null) {
    return refuse(
      IDENTITY,
      input,
      `${RESERVED_KEY} could not be read, so the change could not be taken back.`,
    );
  }
  const { reserve } = parameters;
  const isAsked = reserve !== null && reserve !== 'found';
  const found = isAsked || range === null ? [] : servicesInside(input, range, reserved);
  const wanted = isAsked ? reserve : rangesOf(found.map(({ port }) => port));
  if (wanted.length === 0) {
    return refuse(
      IDENTITY,
      input,
      state.tcpPorts === null && state.udpPorts === null
        ? 'Which ports services use is not known: say which ports to reserve.'
        : 'No service uses a port of the range that is not reserved already.',
    );
  }
  const value = checkValue(RESERVED_KEY, formatPortList([...reserved, ...wanted]));
  if (!value.ok) return refuse(IDENTITY, input, sayInvalid('The reservation', value.failure));
  const why = isAsked ? 'as asked; what is reserved already stays' : `keeps ${sayUsers(found)}`;
  const steps = [sysctlStep(state, RESERVED_KEY, value.value, why)];
  const kept = keepSettings(input, steps);
  return planOf(IDENTITY, input, {
    steps: [...steps, ...kept.steps],
    warnings: [...kept.warnings, ...outside(wanted, range)],
    effect: range === null ? null : effectOf(input, range, reserved, wanted),
  });
}

function servicesInside(
  { state: { tcpPorts, udpPorts } }: PlanInput,
  range: PortRange,
  reserved: readonly PortRange[],
): PortUser[] {
  // A UDP socket inside the range is most often a client’s; only TCP listeners and bound sockets are services for sure.
  const users = [...(tcpPorts ?? []), ...(udpPorts ?? []).filter(({ process }) => process !== null)];
  const byPort = new Map<number, PortUser>();
  for (const user of users) {
    if (isInside(user.port, [range]) && !isInside(user.port, reserved) && !byPort.has(user.port)) {
      byPort.set(user.port, user);
    }
  }
  return [...byPort.values()].sort((a, b) => a.port - b.port);
}

/** A listener takes its port from the pool with or without a reservation; others cost one port each. */
function effectOf(
  input: PlanInput,
  range: PortRange,
  reserved: readonly PortRange[],
  wanted: readonly PortRange[],
) {
  const listening = [...new Set((input.state.tcpPorts ?? []).map(({ port }) => port))];
  const blocked = (list: readonly PortRange[]) =>
    listening.filter((port) => isInside(port, [range]) && !isInside(port, list)).length;
  const capacity = (list: readonly PortRange[]) =>
    capacityOf({ range, reserved: list, blockedCount: blocked(list) });
  const lost = capacity(reserved) - capacity([...reserved, ...wanted]);
  return predict(input, (pool) => ({ capacity: Math.max(0, pool.capacity - lost) }));
}

function outside(wanted: readonly PortRange[], range: PortRange | null): string[] {
  if (range === null) return [];
  const useless = wanted.filter(({ first, last }) => last < range.first || first > range.last);
  if (useless.length === 0) return [];
  return [
    `Outside of the present range, where no outgoing connection gets them: ${sayCount(useless.length)} of the ports or ranges. It does no harm.`,
  ];
}
