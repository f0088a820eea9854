/** Linux: a larger connection-tracking table, and entries that end sooner. */
import { tableOverflowRate } from '../../budget.ts';
import { sayCount, saySustainable } from '../../words/figures.ts';
import { checkValue } from '../allowed.ts';
import { numberOf, settingOf } from '../known.ts';
import type { Fix, Plan, PlanInput, Step } from '../model.ts';
import { planOf, refuse, sayInvalid } from '../plan.ts';
import { sysctlStep } from '../steps.ts';
import { keepSettings } from './persist.ts';

const MAX_KEY = 'net.netfilter.nf_conntrack_max';
const TIMEOUT_KEY = 'net.netfilter.nf_conntrack_tcp_timeout_time_wait';
const IDENTITY = { id: 'linux-conntrack', title: 'Enlarge the connection-tracking table' };
const DEFAULT_TIMEOUT_SECONDS = 120;
/** As long as Linux itself keeps a connection in TIME_WAIT. */
const PROPOSED_TIMEOUT_SECONDS = 60;
/** sizeof(struct nf_conn) and what hangs on it, rounded up. */
const BYTES_EACH = 320;

export const linuxConntrack: Fix = {
  ...IDENTITY,
  platforms: ['linux'],
  kind: 'system',
  does: 'Doubles nf_conntrack_max and ends entries of closed connections after 60 s instead of 120 s: new connections are no longer dropped because the table is full.',
  doesNotHelp:
    'It gives no ports. A full table drops new connections of any kind without an error; a full pool fails with EADDRNOTAVAIL.',
  risk: {
    grade: 'low',
    sentence:
      'Each entry takes some 320 bytes of kernel memory; in a container the size belongs to the host.',
  },
  effort: 'low',
  takesEffect: 'at once',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: { value: 'entries, 4096 to 8388608', persist: 'keep it after a restart' },
  valueSets: MAX_KEY,
  source: 'docs.kernel.org, nf_conntrack-sysctl',
  plan,
};

function plan(input: PlanInput): Plan {
  const { state, parameters, summary } = input;
  const limit = numberOf(settingOf(state, MAX_KEY));
  if (limit === null || limit <= 0) {
    return refuse(
      IDENTITY,
      input,
      `${MAX_KEY} is not there or could not be read: connections are not tracked here.`,
    );
  }
  const value = checkValue(MAX_KEY, String(parameters.value ?? Math.min(2 * limit, 8_388_608)));
  if (!value.ok) return refuse(IDENTITY, input, sayInvalid('The size', value.failure));
  const count = summary?.counters.conntrackCount ?? null;
  if (count !== null && Number(value.value) <= count) {
    return refuse(
      IDENTITY,
      input,
      `The table holds ${sayCount(count)} entries now: it needs to be larger than that.`,
    );
  }
  const timeout = numberOf(settingOf(state, TIMEOUT_KEY));
  const steps = [
    sysctlStep(
      state,
      MAX_KEY,
      value.value,
      sayRate(Number(value.value), Math.min(timeout ?? Infinity, PROPOSED_TIMEOUT_SECONDS)),
    ),
    ...timeoutStep(input, timeout),
  ];
  const kept = keepSettings(input, steps);
  const megabytes = Math.ceil((Number(value.value) * BYTES_EACH) / 1_000_000);
  return planOf(IDENTITY, input, {
    steps: [...steps, ...kept.steps],
    warnings: [
      `A full table takes about ${sayCount(megabytes)} MB of kernel memory; look-ups slow down where nf_conntrack_buckets is much smaller.`,
      ...(parameters.persist
        ? ['At the next start the file works only where the module nf_conntrack is loaded before it is read.']
        : []),
      ...kept.warnings,
    ],
  });
}

function timeoutStep({ state, parameters }: PlanInput, seconds: number | null): Step[] {
  if (seconds === null || seconds < PROPOSED_TIMEOUT_SECONDS) return [];
  // What is so already is only kept.
  if (seconds === PROPOSED_TIMEOUT_SECONDS && !parameters.persist) return [];
  const why = `entries of closed connections end after ${PROPOSED_TIMEOUT_SECONDS} s instead of ${seconds} s`;
  return [sysctlStep(state, TIMEOUT_KEY, String(PROPOSED_TIMEOUT_SECONDS), why)];
}

function sayRate(entries: number, seconds: number): string {
  const held = Number.isFinite(seconds) ? seconds : DEFAULT_TIMEOUT_SECONDS;
  return `carries about ${saySustainable(tableOverflowRate(entries, held))} short connections/s`;
}
