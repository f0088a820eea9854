/** Linux: room for more TIME_WAIT sockets, so that none is skipped. */
import { tableOverflowRate } from '../../budget.ts';
import { LINUX_TIME_WAIT_SECONDS } from '../../profiles.ts';
import { sayCount, saySustainable } from '../../words/figures.ts';
import { checkValue } from '../allowed.ts';
import { numberOf, settingOf } from '../known.ts';
import type { Fix, Plan, PlanInput } from '../model.ts';
import { planOf, refuse, sayInvalid } from '../plan.ts';
import { sysctlStep } from '../steps.ts';
import { keepSettings } from './persist.ts';

const KEY = 'net.ipv4.tcp_max_tw_buckets';
const IDENTITY = { id: 'linux-tw-buckets', title: 'Raise the limit of TIME_WAIT sockets' };
const DEFAULT_BUCKETS = 131_072;
const BYTES_EACH = 250;

export const linuxTwBuckets: Fix = {
  ...IDENTITY,
  platforms: ['linux'],
  kind: 'system',
  does: 'Raises tcp_max_tw_buckets. Above this limit a closing connection skips TIME_WAIT, without an error and without the protection that TIME_WAIT gives.',
  doesNotHelp: 'It gives no ports: more of them wait instead of coming back unprotected.',
  risk: { grade: 'low', sentence: 'Each TIME_WAIT socket costs some 250 bytes of kernel memory.' },
  effort: 'low',
  takesEffect: 'at once',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: { value: 'TIME_WAIT sockets, 4096 to 4194304', persist: 'keep it after a restart' },
  valueSets: KEY,
  source: 'Documentation/networking/ip-sysctl.rst, tcp_max_tw_buckets; measured on 6.18',
  plan,
};

/** Twice the limit, and at least the default of a machine with 16 GB; the count of now with as much again. */
function propose(now: number, { summary }: PlanInput): number {
  const count = summary?.counters.socketStatTimeWait ?? 0;
  return Math.min(Math.max(2 * now, 2 * count, DEFAULT_BUCKETS), 4_194_304);
}

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  const now = numberOf(settingOf(state, KEY));
  if (now === null) return refuse(IDENTITY, input, `${KEY} could not be read.`);
  const value = checkValue(KEY, String(parameters.value ?? propose(now, input)));
  if (!value.ok) return refuse(IDENTITY, input, sayInvalid('The limit', value.failure));
  const buckets = Number(value.value);
  if (buckets < now) {
    return refuse(
      IDENTITY,
      input,
      `The limit is ${sayCount(now)}; a lower one would make connections skip TIME_WAIT and is not offered.`,
    );
  }
  const rate = saySustainable(tableOverflowRate(buckets, LINUX_TIME_WAIT_SECONDS));
  const steps = [
    sysctlStep(state, KEY, value.value, `room for ${rate} closes/s, all of them with TIME_WAIT`),
  ];
  const kept = keepSettings(input, steps);
  const megabytes = Math.ceil((buckets * BYTES_EACH) / 1_000_000);
  return planOf(IDENTITY, input, {
    steps: [...steps, ...kept.steps],
    warnings: [
      `When all are in use they take about ${sayCount(megabytes)} MB of kernel memory.`,
      ...kept.warnings,
    ],
  });
}
