/** Windows before Vista: MaxUserPort. Later versions have netsh instead. */
import { countPorts } from '../../port-range.ts';
import { sayCount } from '../../words/figures.ts';
import { predict } from '../effect.ts';
import { numberOf, settingOf } from '../known.ts';
import type { Fix, Plan, PlanInput } from '../model.ts';
import { planOf, refuse } from '../plan.ts';
import { registryName, registryStep } from './settings.ts';

const IDENTITY = { id: 'windows-max-user-port', title: 'Raise MaxUserPort' };
const NAME = 'MaxUserPort';
const FIRST = 1025;
/** KB 196271: 5000 to 65534, 5000 when absent. */
const LEAST = 5000;
const MOST = 65_534;

export const windowsMaxUserPort: Fix = {
  ...IDENTITY,
  platforms: ['windows'],
  kind: 'system',
  does: 'Sets the highest port of outgoing connections on Windows 2000, XP and Server 2003. It counts after a restart of the machine.',
  doesNotHelp:
    'Windows since Vista has netsh int ipv4 set dynamicport instead; there the value is not to be relied on.',
  risk: {
    grade: 'medium',
    sentence:
      'Services that listen above 5000 can find their port taken when they start: ReservedPorts keeps them.',
  },
  effort: 'medium',
  takesEffect: 'after a restart',
  needsReboot: true,
  needsAdmin: true,
  scopes: ['for good'],
  isAppliable: true,
  takes: { value: 'the highest port, 5000 to 65534' },
  source: 'Microsoft KB 196271; TechNet cc938196',
  plan,
};

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  if (!state.isLegacyWindows) {
    return refuse(
      IDENTITY,
      input,
      'This Windows does not read MaxUserPort reliably: widen the dynamic port range with netsh instead.',
    );
  }
  const highest = parameters.value ?? MOST;
  if (!Number.isInteger(highest) || highest < LEAST || highest > MOST) {
    return refuse(IDENTITY, input, `MaxUserPort takes ${LEAST} to ${MOST}, not ${highest}.`);
  }
  const now = numberOf(settingOf(state, registryName(NAME))) ?? LEAST;
  if (highest <= now) return refuse(IDENTITY, input, `MaxUserPort is ${now} already.`);
  const capacity = countPorts({ first: FIRST, last: highest });
  return planOf(IDENTITY, input, {
    steps: [registryStep(state, NAME, highest, `${sayCount(capacity)} ports, ${FIRST}–${highest}`)],
    effect: predict(input, () => ({ capacity })),
    advice: [
      { sentence: 'Restart the machine; until then nothing changes.', commands: ['shutdown /r /t 0'] },
    ],
    warnings: [
      'Ports of services above 5000 are kept with the value ReservedPorts (KB 812873); look before applying.',
    ],
  });
}
