/** Windows: TcpTimedWaitDelay, which later versions may not honour. */
import { numberOf, settingOf } from '../known.ts';
import { predict } from '../effect.ts';
import type { Fix, Plan, PlanInput } from '../model.ts';
import { planOf, refuse } from '../plan.ts';
import { registryName, registryStep } from './settings.ts';

const IDENTITY = { id: 'windows-timed-wait-delay', title: 'Set TcpTimedWaitDelay to a valid value' };
const NAME = 'TcpTimedWaitDelay';
/** KB 314053. */
const LEAST_SECONDS = 30;
const MOST_SECONDS = 300;

export const windowsTimedWaitDelay: Fix = {
  ...IDENTITY,
  platforms: ['windows'],
  kind: 'system',
  does: 'Sets TcpTimedWaitDelay in the registry, the seconds that a closed connection stays in TIME_WAIT. It counts after a restart of the machine.',
  doesNotHelp:
    'For Windows since Vista no primary source says that it is honoured: measure TIME_WAIT afterwards.',
  risk: {
    grade: 'medium',
    sentence: 'A shorter wait lets late segments of an old connection meet a new one.',
  },
  effort: 'medium',
  takesEffect: 'after a restart',
  needsReboot: true,
  needsAdmin: true,
  scopes: ['for good'],
  isAppliable: true,
  takes: { value: 'seconds, 30 to 300' },
  source: 'Microsoft KB 314053; TechNet cc938217',
  plan,
};

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  const seconds = parameters.value ?? LEAST_SECONDS;
  if (!Number.isInteger(seconds) || seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
    return refuse(
      IDENTITY,
      input,
      `TcpTimedWaitDelay takes ${LEAST_SECONDS} to ${MOST_SECONDS} s, not ${seconds}; another value is not used.`,
    );
  }
  const now = numberOf(settingOf(state, registryName(NAME)));
  if (now === seconds) return refuse(IDENTITY, input, `TcpTimedWaitDelay is ${seconds} s already.`);
  const why = now === null ? 'not set: the default counts' : `${now} s until now`;
  return planOf(IDENTITY, input, {
    steps: [registryStep(state, NAME, seconds, why)],
    // Where nobody knows whether it is honoured there is nothing to predict.
    effect: state.isLegacyWindows ? predict(input, () => ({ waitSeconds: seconds })) : null,
    advice: [
      { sentence: 'Restart the machine; until then nothing changes.', commands: ['shutdown /r /t 0'] },
      {
        sentence: 'Then let Fourtuple measure how long TIME_WAIT lasts; if it is as before, undo the change.',
        commands: ['fourtuple check --for 60'],
      },
    ],
    warnings: state.isLegacyWindows
      ? []
      : ['Windows since Vista may ignore it: widen the dynamic port range first.'],
  });
}
