/** Steps of Windows: exactly the command for the value that is proposed, and the one that puts the old value back. Pure. */
import { checkWindowsDynamicPorts, countPorts } from '../port-range.ts';
import type { SystemId } from '../readings.ts';
import { doesExactly } from './check-others.ts';
import { stateWith } from './check-setting.ts';
import { isEqual } from './is-equal.ts';
import type { Intended, Known, Operation, Step, Target } from './model.ts';
import { AUTO_REUSE_SETTING } from './windows/auto-reuse.ts';
import { PARAMETERS_KEY, registryName, registryStep } from './windows/settings.ts';

type WindowsTarget = Exclude<Target, { kind: 'sysctl' | 'file' | 'descriptor-limit' | 'action' }>;

/** A DWORD that fixes set, with its bounds (KB 314053, KB 196271). */
const REGISTRY_BOUNDS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['TcpTimedWaitDelay', [30, 300]],
  ['MaxUserPort', [5000, 65_534]],
]);
const SERVICE = 'winnat';

/** What is not right with it as a clause, or null. */
export function checkWindowsStep(step: Step, target: WindowsTarget, system: SystemId): string | null {
  if (system !== 'windows') return `a ${target.kind} is changed on Windows only`;
  if (!step.needsAdmin) return 'it needs an administrator, and does not say so';
  switch (target.kind) {
    case 'dynamic-ports':
      return checkPair(step, (first, count) =>
        netsh(target.family, ['set', 'dynamicport', 'tcp', `start=${first}`, `num=${count}`]),
      );
    case 'auto-reuse':
      return target.setting === AUTO_REUSE_SETTING
        ? checkPair(step, setAutoReuse)
        : 'that template is not changed';
    case 'excluded-ports':
      return checkExclusion(step, target);
    case 'registry':
      return checkRegistry(step, target.name);
    case 'service':
      return checkService(step, target.name);
  }
}

/** Values of first port and count, such as "10240 50000". */
function checkPair(step: Step, set: (first: string, count: string) => string[]): string | null {
  const { current, proposed, target } = step;
  const after = pairOf(proposed);
  const checked = after && checkWindowsDynamicPorts(Number(after[0]), Number(after[1]));
  if (!after || !checked?.ok) return 'its range of ports is not possible';
  const before =
    pairOf(current) ?? (target.kind === 'auto-reuse' && current.kind === 'absent' ? ['0', '0'] : null);
  if (before === null) return 'the range of before is no range of ports';
  const expected = { apply: run(set(...after)), undo: run(set(before[0], before[1])), isLasting: true };
  return doesExactly(step, expected) ? null : 'it does something else than set the range and put it back';
}

function pairOf(known: Known): [string, string] | null {
  const [, first, count] = known.kind === 'value' ? (/^(\d{1,5}) (\d{1,5})$/.exec(known.text) ?? []) : [];
  return first === undefined || count === undefined ? null : [first, count];
}

function netsh(family: 4 | 6, words: readonly string[]): string[] {
  return ['netsh', 'int', `ipv${family}`, ...words, 'store=persistent'];
}

function setAutoReuse(first: string, count: string): string[] {
  const command = `Set-NetTCPSetting -SettingName ${AUTO_REUSE_SETTING} -AutoReusePortRangeStartPort ${first} -AutoReusePortRangeNumberOfPorts ${count}`;
  return ['powershell', '-NoProfile', '-NonInteractive', '-Command', command];
}

function checkExclusion(
  step: Step,
  { family, range }: Extract<Target, { kind: 'excluded-ports' }>,
): string | null {
  if (range.first < 1 || range.last > 65_535 || range.first > range.last) return 'its ports are no range';
  const words = [
    'excludedportrange',
    'protocol=tcp',
    `startport=${range.first}`,
    `numberofports=${countPorts(range)}`,
  ];
  const proposed: Intended = { kind: 'value', text: 'administered' };
  const expected = {
    current: { kind: 'absent' },
    proposed,
    apply: run(netsh(family, ['add', ...words])),
    undo: run(netsh(family, ['delete', ...words])),
    isLasting: true,
  } as const;
  return doesExactly(step, expected) ? null : 'it does something else than exclude the ports';
}

function checkRegistry(step: Step, name: string): string | null {
  const { current, proposed } = step;
  const bounds = REGISTRY_BOUNDS.get(name);
  if (bounds === undefined) return `${PARAMETERS_KEY}\\${name} is not changed here`;
  const value =
    proposed.kind === 'value' && /^\d{1,10}$/.test(proposed.text) ? Number(proposed.text) : Number.NaN;
  if (!(value >= bounds[0] && value <= bounds[1])) return `${name} takes ${bounds[0]} to ${bounds[1]}`;
  if (current.kind === 'value' && !/^\d{1,10}$/.test(current.text)) return `${name} was no number before`;
  const expected = registryStep(stateWith('windows', registryName(name), current), name, value, step.why);
  return isEqual(step, expected) ? null : `it does something else than set ${name} and put it back`;
}

function checkService(step: Step, name: string): string | null {
  const { current, proposed } = step;
  const isStop = proposed.kind === 'value' && proposed.text === 'stopped';
  const [before, after] = isStop ? ['running', 'stopped'] : ['stopped', 'running'];
  const argv = (verb: string) => run(['net', verb, SERVICE]);
  const isExact =
    name === SERVICE &&
    isEqual(
      [current, proposed],
      [
        { kind: 'value', text: before },
        { kind: 'value', text: after },
      ],
    ) &&
    isEqual(
      [step.apply, step.undo],
      isStop ? [argv('stop'), argv('start')] : [argv('start'), argv('stop')],
    ) &&
    !step.isLasting;
  return isExact ? null : 'it does something else than stop or start WinNAT';
}

function run(argv: readonly string[]): Operation {
  return { kind: 'run', argv };
}
