/** Linux: let new connections take the ports of TIME_WAIT sockets. */
import { sayCount } from '../../words/figures.ts';
import { checkValue } from '../allowed.ts';
import { poolOf, predict } from '../effect.ts';
import { numberOf, settingOf } from '../known.ts';
import type { Fix, Plan, PlanInput } from '../model.ts';
import { planOf, refuse, sayInvalid } from '../plan.ts';
import { sysctlStep } from '../steps.ts';
import { hasSetting, keepSettings } from './persist.ts';

const REUSE_KEY = 'net.ipv4.tcp_tw_reuse';
const DELAY_KEY = 'net.ipv4.tcp_tw_reuse_delay';
const TIMESTAMPS_KEY = 'net.ipv4.tcp_timestamps';
const IDENTITY = { id: 'linux-tw-reuse', title: 'Reuse TIME_WAIT ports for new connections' };

export const linuxTwReuse: Fix = {
  ...IDENTITY,
  platforms: ['linux'],
  kind: 'system',
  does: 'Sets tcp_tw_reuse to 1: connect() may take the port of a connection to the same destination that this side closed at least a second ago. TIME_WAIT sockets stay counted and cost nothing.',
  doesNotHelp:
    'It does nothing where the other side or a device between has no TCP timestamps, and nothing for ports that open connections or FIN_WAIT_2 hold.',
  risk: {
    grade: 'medium',
    sentence:
      'Timestamps take the place of the wait as protection against late segments; devices that rewrite or drop them break it.',
  },
  effort: 'low',
  takesEffect: 'at once',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: {
    value: 'milliseconds before a port may be reused, 1 to 60000, on kernels from 6.14 on',
    poolKey: 'the pool that is predicted for',
    persist: 'keep it after a restart',
  },
  valueSets: DELAY_KEY,
  source: 'Documentation/networking/ip-sysctl.rst, tcp_tw_reuse; measured on 6.18: 100 ports carry 100.0/s',
  plan,
};

const DEFAULT_DELAY_MS = 1000;

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  const mode = numberOf(settingOf(state, REUSE_KEY));
  if (mode === null) return refuse(IDENTITY, input, `${REUSE_KEY} could not be read or is not there.`);
  const hasDelay = hasSetting(state, DELAY_KEY);
  if (parameters.value !== null && !hasDelay) {
    return refuse(
      IDENTITY,
      input,
      'This kernel has no tcp_tw_reuse_delay (6.14 and later): the wait is up to a second.',
      {
        ...parameters,
        value: null,
      },
    );
  }
  const delay = checkValue(DELAY_KEY, String(parameters.value ?? delayNow(input)));
  if (!delay.ok) return refuse(IDENTITY, input, sayInvalid('The delay', delay.failure));
  const areTimestampsOff = numberOf(settingOf(state, TIMESTAMPS_KEY)) === 0;
  const steps = [
    ...(areTimestampsOff
      ? [sysctlStep(state, TIMESTAMPS_KEY, '1', 'reuse does nothing without timestamps')]
      : []),
    ...(parameters.value === null
      ? []
      : [sysctlStep(state, DELAY_KEY, delay.value, 'the wait before a port may be reused, milliseconds')]),
    sysctlStep(
      state,
      REUSE_KEY,
      '1',
      mode === 2 ? 'from loopback only to all destinations' : 'off until now',
    ),
  ];
  const kept = keepSettings(input, steps);
  return planOf(IDENTITY, input, {
    steps: [...steps, ...kept.steps],
    effect: effectOf(input, Number(delay.value)),
    warnings: [
      'Both ends must use TCP timestamps: whether the other side does shows only when TWRecycled begins to grow.',
      ...(areTimestampsOff
        ? ['Connections opened before timestamps are on have none: their TIME_WAIT ports are not reused.']
        : []),
      ...kept.warnings,
    ],
  });
}

function delayNow({ state }: PlanInput): number {
  return numberOf(settingOf(state, DELAY_KEY)) ?? DEFAULT_DELAY_MS;
}

/** The TIME_WAIT ports stay, but are no longer in the way: what is left in use is what is open, and the last second. */
function effectOf(input: PlanInput, delayMs: number) {
  const pool = poolOf(input);
  if (pool === null) return null;
  const effect = predict(input, ({ byState, reusable, used, openRatePerSecond }) => {
    const waiting = Math.max(0, (byState.TIME_WAIT ?? 0) - reusable);
    const recent = Math.min(waiting, ((openRatePerSecond ?? 0) * delayMs) / 1000);
    return { waitSeconds: delayMs / 1000, used: Math.round(used - waiting + recent) };
  });
  if (effect === null) return null;
  const free = (effect.used.now ?? 0) - (effect.used.then ?? 0);
  return free > 0
    ? { ...effect, sentence: `${effect.sentence} ${sayCount(free)} ports are free again at once.` }
    : effect;
}
