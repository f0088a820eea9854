/** Windows: make WinNAT take other blocks of ports, and keep what services need out of its way. */
import { mergeRanges } from '../../port-range.ts';
import { sayCount } from '../../words/figures.ts';
import { portListOf, settingOf, valueOf } from '../known.ts';
import type { Fix, Plan, PlanInput, Step } from '../model.ts';
import { planOf, refuse } from '../plan.ts';
import { formatPortList } from '../ranges.ts';
import { excludeSteps } from './exclusions.ts';
import { excludedName } from './settings.ts';

const IDENTITY = { id: 'windows-excluded-blocks', title: 'Free excluded port blocks' };
const SERVICE = 'winnat';

export const windowsExcludedBlocks: Fix = {
  ...IDENTITY,
  platforms: ['windows'],
  kind: 'system',
  does: 'Stops WinNAT and starts it again: it then takes its blocks of 100 ports anew, elsewhere. Ports that are to be reserved are excluded for their services in between, so that WinNAT leaves them alone.',
  doesNotHelp: 'It does not make the dynamic range larger, and WinNAT takes as many ports as before.',
  risk: {
    grade: 'medium',
    sentence: 'Containers and virtual machines behind WinNAT lose their connections while it is stopped.',
  },
  effort: 'low',
  takesEffect: 'at once',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: { reserve: 'ports that WinNAT must not take, such as 8080,9100' },
  source: 'Microsoft: netsh int ipv4 show excludedportrange, administered port exclusions',
  plan,
};

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  if (state.isLegacyWindows) return refuse(IDENTITY, input, 'Windows before Vista has no excluded blocks.');
  const blocks = portListOf(settingOf(state, excludedName(4, 'blocks')));
  const wanted =
    parameters.reserve === null || parameters.reserve === 'found' ? [] : mergeRanges(parameters.reserve);
  if (blocks === null) {
    return refuse(
      IDENTITY,
      input,
      'Which ports are excluded is not known (netsh int ipv4 show excludedportrange protocol=tcp).',
    );
  }
  if (blocks.length === 0 && wanted.length === 0) {
    return refuse(IDENTITY, input, 'No block is excluded here but what an administrator excluded.');
  }
  const exclusions = excludeSteps(state, wanted, 'WinNAT leaves these ports to their services');
  return planOf(IDENTITY, input, {
    steps: [serviceStep('stop'), ...exclusions, serviceStep('start')],
    advice: [
      {
        sentence: 'Look which blocks are excluded then, and do it again if they are in the way.',
        commands: ['netsh int ipv4 show excludedportrange protocol=tcp'],
      },
    ],
    warnings: [
      'Docker Desktop, WSL and virtual machines may need to be started again afterwards.',
      'The blocks move at each start of the machine; an administered exclusion is what lasts.',
    ],
    checked: [
      `Excluded blocks now: ${formatPortList(blocks) || 'none'} (${sayCount(blocks.length)} ranges).`,
    ],
  });
}

/** Stopping is undone by starting; the blocks that were there do not come back. */
function serviceStep(verb: 'stop' | 'start'): Step {
  const isStop = verb === 'stop';
  return {
    target: { kind: 'service', name: SERVICE },
    title: isStop ? 'WinNAT stopped' : 'WinNAT started',
    current: valueOf(isStop ? 'running' : 'stopped'),
    proposed: valueOf(isStop ? 'stopped' : 'running'),
    why: isStop ? 'gives its blocks back' : 'takes its blocks anew',
    apply: { kind: 'run', argv: ['net', verb, SERVICE] },
    undo: isStop
      ? { kind: 'run', argv: ['net', 'start', SERVICE] }
      : { kind: 'run', argv: ['net', 'stop', SERVICE] },
    undoNote: 'The blocks of before cannot be asked for: WinNAT chooses.',
    needsAdmin: true,
    isLasting: false,
  };
}
