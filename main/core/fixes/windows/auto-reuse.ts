/** Windows Server 2016 and later: a range of ports that connections to different destinations share. */
import { checkWindowsDynamicPorts, countPorts } from '../../port-range.ts';
import { sayCount } from '../../words/figures.ts';
import { ABSENT, settingOf, valueOf } from '../known.ts';
import type { Fix, Known, Plan, PlanInput } from '../model.ts';
import { planOf, refuse, sayInvalid } from '../plan.ts';
import { sayRange } from '../ranges.ts';
import { autoReuseName, dynamicRangeOf } from './settings.ts';

const IDENTITY = { id: 'windows-auto-reuse', title: 'Use the auto-reuse port range' };
/** The template that can be changed; Internet and Datacenter cannot. */
export const AUTO_REUSE_SETTING = 'InternetCustom';

export const windowsAutoReuse: Fix = {
  ...IDENTITY,
  platforms: ['windows'],
  kind: 'system',
  does: 'Sets AutoReusePortRange: outgoing connections of programs that do not bind then share ports as long as their destinations differ.',
  doesNotHelp:
    'One destination gets no more ports than the range has, and programs that bind before they connect are not reached.',
  risk: {
    grade: 'medium',
    sentence: 'It is little used; try it on one server first, with the programs that matter.',
  },
  effort: 'medium',
  takesEffect: 'for new connections',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['for good'],
  isAppliable: true,
  takes: { range: 'the range; the dynamic one when absent' },
  source: 'Microsoft: SO_REUSE_UNICASTPORT; Set-NetTCPSetting, AutoReusePortRangeStartPort',
  plan,
};

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  if (state.isLegacyWindows)
    return refuse(IDENTITY, input, 'Auto-reuse came with Windows 10 and Server 2016.');
  const current = settingOf(state, autoReuseName(AUTO_REUSE_SETTING));
  const range = parameters.range ?? dynamicRangeOf(state, 4);
  if (range === null) {
    return refuse(IDENTITY, input, 'The dynamic port range is not known: say which range is meant.');
  }
  const checked = checkWindowsDynamicPorts(range.first, countPorts(range));
  if (!checked.ok) return refuse(IDENTITY, input, sayInvalid('The range', checked.failure));
  const [start, count] = current.kind === 'value' ? current.text.split(' ') : [];
  const before = count === '0' ? { ...ABSENT } : current;
  return planOf(IDENTITY, input, {
    steps: [
      {
        target: { kind: 'auto-reuse', setting: AUTO_REUSE_SETTING },
        title: `auto-reuse port range of ${AUTO_REUSE_SETTING}`,
        current: before,
        proposed: valueOf(`${range.first} ${countPorts(range)}`),
        why: `${sayRange(range)}: ${sayCount(countPorts(range))} ports to each destination`,
        apply: { kind: 'run', argv: setArgv(range.first, countPorts(range)) },
        undo: { kind: 'run', argv: undoArgv(before, start, count) },
        undoNote: null,
        needsAdmin: true,
        isLasting: true,
      },
    ],
    warnings: [
      'Client editions of Windows refuse the change: there the values are read-only.',
      'How far it helps shows only in the measured count of ports in use: no prediction is made.',
    ],
  });
}

function setArgv(first: number | string, count: number | string): string[] {
  return [
    'powershell',
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    `Set-NetTCPSetting -SettingName ${AUTO_REUSE_SETTING} -AutoReusePortRangeStartPort ${first} -AutoReusePortRangeNumberOfPorts ${count}`,
  ];
}

function undoArgv(before: Known, start: string | undefined, count: string | undefined): string[] {
  if (before.kind === 'value' && start !== undefined && count !== undefined) return setArgv(start, count);
  return setArgv(0, 0);
}
