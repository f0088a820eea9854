/** Windows: a wider dynamic port range, IPv4 and IPv6, by netsh. */
import { capacityOf } from '../../budget.ts';
import type { PortRange } from '../../model.ts';
import { checkWindowsDynamicPorts, countPorts, isInside } from '../../port-range.ts';
import { sayCount } from '../../words/figures.ts';
import { predict } from '../effect.ts';
import { settingOf, valueOf } from '../known.ts';
import type { Fix, Plan, PlanInput, PortUser, Step, SystemState } from '../model.ts';
import { planOf, refuse, sayInvalid } from '../plan.ts';
import { proposeRange } from '../propose-range.ts';
import { rangesOf, sayRange, sayUsers, usersInNewPart } from '../ranges.ts';
import { excludedOf, excludeSteps } from './exclusions.ts';
import { dynamicPortsName, dynamicRangeOf, FAMILIES, type Family } from './settings.ts';

const IDENTITY = { id: 'windows-widen-range', title: 'Widen the dynamic port range' };
/** netsh takes no lower start (Microsoft, TCP/IP port exhaustion troubleshooting). */
const LEAST_START = 1025;

export const windowsWidenRange: Fix = {
  ...IDENTITY,
  platforms: ['windows'],
  kind: 'system',
  does: 'Sets the dynamic port range for IPv4 and IPv6 with netsh, at once and for good: more ports for all outgoing connections of the machine.',
  doesNotHelp:
    'It does not shorten TIME_WAIT, and a program that opens a connection for each request still does.',
  risk: {
    grade: 'low',
    sentence:
      'Firewalls that expect source ports from 49152 on may drop connections; RPC services move with the range.',
  },
  effort: 'low',
  takesEffect: 'at once',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['for good'],
  isAppliable: true,
  takes: {
    range: 'the range, such as 10240-65535',
    reserve: 'ports to exclude for services, or "found" for those that services use',
    poolKey: 'the pool that is predicted for',
  },
  source: 'Microsoft KB 929851; TCP/IP port exhaustion troubleshooting',
  plan,
};

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  if (state.isLegacyWindows) {
    return refuse(
      IDENTITY,
      input,
      'Windows before Vista has no dynamic port range to set: there it is MaxUserPort.',
    );
  }
  const present = dynamicRangeOf(state, 4);
  if (present === null) {
    return refuse(
      IDENTITY,
      input,
      'The present range is not known (netsh int ipv4 show dynamicport tcp), so it could not be put back.',
    );
  }
  const range = parameters.range ?? proposeRange(present, LEAST_START);
  const checked = checkWindowsDynamicPorts(range.first, countPorts(range));
  if (!checked.ok) return refuse(IDENTITY, input, sayInvalid('The range', checked.failure));
  const excluded = excludedOf(state, 4) ?? [];
  const found = usersInNewPart(state.tcpPorts ?? [], range, present, excluded);
  const wanted = wantedExclusions(input, found);
  const exposed = found.filter(({ port }) => !isInside(port, wanted));
  if (exposed.length > 0) {
    const asked = parameters.reserve === 'found' ? [] : (parameters.reserve ?? []);
    return refuse(
      IDENTITY,
      input,
      `The new part of ${sayRange(range)} holds ports of services: ${sayUsers(exposed)}; an outgoing connection could take one while its service restarts.`,
      { ...parameters, range, reserve: [...asked, ...rangesOf(found.map(({ port }) => port))] },
    );
  }
  return complete(input, { present, range, excluded, wanted, found });
}

function wantedExclusions(
  { parameters: { range, reserve } }: PlanInput,
  found: readonly PortUser[],
): PortRange[] {
  if (reserve !== null && reserve !== 'found') return [...reserve];
  return reserve === 'found' || range === null ? rangesOf(found.map(({ port }) => port)) : [];
}

interface Asked {
  present: PortRange;
  range: PortRange;
  excluded: PortRange[];
  wanted: PortRange[];
  found: PortUser[];
}

function complete(input: PlanInput, { present, range, excluded, wanted, found }: Asked): Plan {
  const { state } = input;
  const before = capacityOf({ range: present, reserved: excluded });
  const capacity = capacityOf({ range, reserved: [...excluded, ...wanted] });
  if (capacity <= before) {
    return refuse(
      IDENTITY,
      input,
      `The range ${sayRange(range)} would give ${sayCount(capacity)} ports, no more than the ${sayCount(before)} of now.`,
    );
  }
  const steps = [
    ...excludeSteps(state, wanted, found.length > 0 ? `keeps ${sayUsers(found)}` : 'as asked'),
    ...FAMILIES.map((family) => rangeStep(state, family, range)),
  ];
  return planOf(IDENTITY, input, {
    steps,
    effect: predict(input, (pool) => ({ capacity: Math.max(0, pool.capacity + capacity - before) })),
    warnings: [
      ...(wanted.length > 0
        ? [
            'If netsh says that a port is in use, stop its service, exclude the port, and start the service again.',
          ]
        : []),
      ...(state.tcpPorts === null
        ? ['Which ports services listen on is not known: look before applying.']
        : []),
      'Blocks that Hyper-V and WinNAT exclude at each start can fall into the new part: look again after a restart.',
      'Rules of a firewall that name the old range are not visible from here.',
    ],
    checked: [
      found.length === 0
        ? `No service listens on a port of the new part of ${sayRange(range)}.`
        : `Services listen in the new part of ${sayRange(range)}, all of them excluded: ${sayUsers(found)}.`,
    ],
  });
}

function rangeStep(state: SystemState, family: Family, range: PortRange): Step {
  const current = settingOf(state, dynamicPortsName(family));
  const [start, count] = current.kind === 'value' ? current.text.split(' ') : [];
  const set = (first: number | string, num: number | string) => [
    'netsh',
    'int',
    `ipv${family}`,
    'set',
    'dynamicport',
    'tcp',
    `start=${first}`,
    `num=${num}`,
    'store=persistent',
  ];
  return {
    target: { kind: 'dynamic-ports', family },
    title: `dynamic port range, TCP over IPv${family}`,
    current,
    proposed: valueOf(`${range.first} ${countPorts(range)}`),
    why: `${sayRange(range)}, ${sayCount(countPorts(range))} ports`,
    apply: { kind: 'run', argv: set(range.first, countPorts(range)) },
    undo: start === undefined || count === undefined ? null : { kind: 'run', argv: set(start, count) },
    undoNote: null,
    needsAdmin: true,
    isLasting: true,
  };
}
