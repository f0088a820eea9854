/** macOS and FreeBSD: a port range that begins lower. Ports cannot be reserved there, so it stays above services. */
import type { PortRange } from '../../model.ts';
import { checkPortRange, countPorts } from '../../port-range.ts';
import { sayCount } from '../../words/figures.ts';
import { predict } from '../effect.ts';
import { numberOf, settingOf } from '../known.ts';
import type { Fix, Plan, PlanInput, SystemState } from '../model.ts';
import { planOf, refuse, sayInvalid } from '../plan.ts';
import { proposeClearRange } from '../propose-range.ts';
import { sayRange, sayUsers, usersInNewPart } from '../ranges.ts';
import { sysctlStep } from '../steps.ts';
import { keepBsdSettings } from './persist.ts';

const FIRST_KEY = 'net.inet.ip.portrange.first';
const LAST_KEY = 'net.inet.ip.portrange.last';
const HIGH_FIRST_KEY = 'net.inet.ip.portrange.hifirst';
const IDENTITY = { id: 'macos-widen-range', title: 'Widen the port range' };

export const bsdWidenRange: Fix = {
  ...IDENTITY,
  platforms: ['macos', 'freebsd'],
  kind: 'system',
  does: 'Lowers net.inet.ip.portrange.first, and hifirst with it: outgoing connections get more ports, at once.',
  doesNotHelp:
    'It does not shorten TIME_WAIT. macOS counts ports for the whole machine: more destinations give no more.',
  risk: {
    grade: 'low',
    sentence:
      'Ports cannot be reserved here: a service that starts later inside the range can find its port taken.',
  },
  effort: 'low',
  takesEffect: 'at once',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: {
    range: 'the range, such as 32768-65535; its last port has to be that of now',
    poolKey: 'the pool that is predicted for',
    persist: 'keep it after a restart',
  },
  source: 'xnu bsd/netinet/in_pcb.c; freebsd ip(4), IP_PORTRANGE',
  plan,
};

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  const present = presentRange(state);
  if (present === null) {
    return refuse(
      IDENTITY,
      input,
      `${FIRST_KEY} and ${LAST_KEY} could not be read, so the change could not be taken back.`,
    );
  }
  const users = [...(state.tcpPorts ?? []), ...(state.udpPorts ?? [])];
  const range = parameters.range ?? proposeClearRange(present, users);
  const checked = checkPortRange(range.first, range.last);
  if (!checked.ok) return refuse(IDENTITY, input, sayInvalid('The range', checked.failure));
  if (range.first < 1024)
    return refuse(IDENTITY, input, 'The range is not possible: ports below 1024 belong to the system.');
  if (range.last !== present.last) {
    return refuse(IDENTITY, input, `The last port stays ${present.last}: only the first one is lowered.`, {
      ...parameters,
      range: { first: range.first, last: present.last },
    });
  }
  if (range.first >= present.first) {
    return refuse(
      IDENTITY,
      input,
      `The range begins at ${present.first} already; ${range.first} would give no more ports.`,
    );
  }
  const found = usersInNewPart(users, range, present, []);
  if (found.length > 0) {
    return refuse(
      IDENTITY,
      input,
      `The new part of ${sayRange(range)} holds ports of services, which cannot be reserved here: ${sayUsers(found)}.`,
      clearOffer(input, present),
    );
  }
  return complete(input, present, range);
}

/** First above last counts down on xnu; nothing is proposed for that. */
function presentRange(state: SystemState): PortRange | null {
  const first = numberOf(settingOf(state, FIRST_KEY));
  const last = numberOf(settingOf(state, LAST_KEY));
  return first !== null && last !== null && first <= last ? { first, last } : null;
}

function clearOffer({ state, parameters }: PlanInput, present: PortRange) {
  const clear = proposeClearRange(present, [...(state.tcpPorts ?? []), ...(state.udpPorts ?? [])]);
  return clear.first < present.first ? { ...parameters, range: { ...clear, last: present.last } } : null;
}

function complete(input: PlanInput, present: PortRange, range: PortRange): Plan {
  const { state } = input;
  const more = countPorts(range) - countPorts(present);
  const highFirst = numberOf(settingOf(state, HIGH_FIRST_KEY));
  const steps = [
    sysctlStep(state, FIRST_KEY, String(range.first), `${sayCount(more)} ports more`),
    // Programs that ask for high ports (IP_PORTRANGE_HIGH) draw from this one.
    ...(highFirst !== null && highFirst > range.first
      ? [
          sysctlStep(
            state,
            HIGH_FIRST_KEY,
            String(range.first),
            'the same for programs that ask for high ports',
          ),
        ]
      : []),
  ];
  const kept = keepBsdSettings(input, steps);
  return planOf(IDENTITY, input, {
    steps: [...steps, ...kept.steps],
    advice: kept.advice,
    effect: predict(input, (pool) => ({ capacity: pool.capacity + more })),
    warnings: [
      ...(state.udpPorts === null
        ? ['Which UDP ports services use is not known: look before applying.']
        : []),
      'Rules of a firewall that name the old range are not visible from here.',
    ],
    checked: [`No service uses a port of the new part of ${sayRange(range)}.`],
  });
}
