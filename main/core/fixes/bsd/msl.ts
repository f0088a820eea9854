/** macOS and FreeBSD: a shorter MSL, twice which is TIME_WAIT. */
import { timeWaitFromMsl } from '../../profiles.ts';
import { checkValue } from '../allowed.ts';
import { predict } from '../effect.ts';
import { numberOf, settingOf } from '../known.ts';
import type { Fix, Plan, PlanInput } from '../model.ts';
import { planOf, refuse, sayInvalid } from '../plan.ts';
import { sysctlStep } from '../steps.ts';
import { keepBsdSettings } from './persist.ts';

const KEY = 'net.inet.tcp.msl';
const IDENTITY = { id: 'macos-msl', title: 'Shorten TIME_WAIT' };
const PROPOSED_MS = 5000;

export const bsdMsl: Fix = {
  ...IDENTITY,
  platforms: ['macos', 'freebsd'],
  kind: 'system',
  does: 'Lowers net.inet.tcp.msl: TIME_WAIT lasts twice as long as it says, and each port comes back sooner.',
  doesNotHelp: 'It gives no more ports; and connections that are in TIME_WAIT already keep their time.',
  risk: {
    grade: 'medium',
    sentence:
      'It counts for every connection of the machine: late segments of an old connection can then meet a new one, above all over long or lossy paths.',
  },
  effort: 'low',
  takesEffect: 'for new connections',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: {
    value: 'milliseconds, 1000 to 30000',
    poolKey: 'the pool that is predicted for',
    persist: 'keep it after a restart',
  },
  valueSets: KEY,
  source: 'xnu bsd/netinet/tcp_timer.h, TCPTV_MSL; freebsd tcp(4)',
  plan,
};

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  const now = numberOf(settingOf(state, KEY));
  if (now === null)
    return refuse(IDENTITY, input, `${KEY} could not be read, so the change could not be taken back.`);
  const value = checkValue(KEY, String(parameters.value ?? PROPOSED_MS));
  if (!value.ok) return refuse(IDENTITY, input, sayInvalid('The time', value.failure));
  const mslMs = Number(value.value);
  // What is so already is only kept.
  const isKeptOnly = parameters.persist && mslMs === now;
  if (mslMs >= now && !isKeptOnly)
    return refuse(IDENTITY, input, `The MSL is ${now} ms already: ${mslMs} ms would not shorten TIME_WAIT.`);
  const seconds = timeWaitFromMsl(mslMs);
  const steps = [
    sysctlStep(state, KEY, value.value, `TIME_WAIT lasts ${seconds} s instead of ${timeWaitFromMsl(now)} s`),
  ];
  const kept = keepBsdSettings(input, steps);
  return planOf(IDENTITY, input, {
    steps: [...steps, ...kept.steps],
    advice: kept.advice,
    effect: predict(input, () => ({ waitSeconds: seconds })),
    warnings: [
      'The wait after a close also protects the connections that this machine accepts: it gets shorter for them, too.',
    ],
  });
}
