/** Linux: shorter FIN_WAIT_2 for connections that no process holds any more. Not TIME_WAIT. */
import { checkValue } from '../allowed.ts';
import { numberOf, settingOf } from '../known.ts';
import type { Fix, Plan, PlanInput } from '../model.ts';
import { planOf, refuse, sayInvalid } from '../plan.ts';
import { sysctlStep } from '../steps.ts';
import { keepSettings } from './persist.ts';

const KEY = 'net.ipv4.tcp_fin_timeout';
const IDENTITY = { id: 'linux-fin-timeout', title: 'Shorten FIN_WAIT_2 of orphans' };
const PROPOSED_SECONDS = 15;

export const linuxFinTimeout: Fix = {
  ...IDENTITY,
  platforms: ['linux'],
  kind: 'system',
  does: 'Sets how long a closed connection waits in FIN_WAIT_2 for the other side to close. It gives ports back sooner where peers do not close.',
  doesNotHelp: 'It does not shorten TIME_WAIT: that is a constant of 60 s in the Linux kernel.',
  risk: {
    grade: 'low',
    sentence:
      'A peer that closes late, after a long answer for instance, gets a reset instead of a clean end.',
  },
  effort: 'low',
  takesEffect: 'for new connections',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: { value: 'seconds, 5 to 120', persist: 'keep it after a restart' },
  valueSets: KEY,
  source: 'Documentation/networking/ip-sysctl.rst, tcp_fin_timeout; measured on 6.18: 5 s gives 5.12 s',
  plan,
};

function plan(input: PlanInput): Plan {
  const { state, parameters, summary } = input;
  const now = numberOf(settingOf(state, KEY));
  if (now === null) return refuse(IDENTITY, input, `${KEY} could not be read.`);
  const value = checkValue(KEY, String(parameters.value ?? PROPOSED_SECONDS));
  if (!value.ok) return refuse(IDENTITY, input, sayInvalid('The time', value.failure));
  if (parameters.value === null && now <= PROPOSED_SECONDS) {
    return refuse(IDENTITY, input, `Orphans wait ${now} s already; less cuts off peers that are only slow.`);
  }
  const isPiled = summary?.findings.some(({ rule }) => rule === 'fin-wait-2-pile') ?? false;
  const why = `orphans wait ${value.value} s for the other side instead of ${now} s`;
  const steps = [sysctlStep(state, KEY, value.value, why)];
  const kept = keepSettings(input, steps);
  return planOf(IDENTITY, input, {
    steps: [...steps, ...kept.steps],
    warnings: [
      ...(isPiled ? [] : ['Few connections wait in FIN_WAIT_2 here: it would change next to nothing.']),
      'Connections that are in FIN_WAIT_2 already keep the time they began with.',
      ...kept.warnings,
    ],
  });
}
