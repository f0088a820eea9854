/** Keeping settings of Linux over a restart: one file of our own, nobody else's is touched (hardening F8). */
import { fileOf, settingOf } from '../known.ts';
import type { PlanInput, Step, SystemState } from '../model.ts';
import { fileStep } from '../steps.ts';

export const SYSCTL_FILE = '/etc/sysctl.d/90-fourtuple.conf';

const HEAD = [
  '# Written by Fourtuple. Each line is one change that was kept; delete the file to go back to the defaults at the',
  '# next start of the machine.',
];

/**
 * Our file with these settings: lines of other keys stay as they are, those of the same keys are replaced.
 */
export function sysctlFileWith(
  present: string | null,
  settings: readonly (readonly [string, string])[],
): string {
  const lines = present === null ? [...HEAD] : present.replace(/\n+$/, '').split('\n');
  for (const [key, value] of settings) {
    const line = `${key} = ${value}`;
    const at = lines.findIndex((each) => keyOf(each) === key);
    if (at >= 0) lines[at] = line;
    else lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

/** Whether nothing is left but what we write above the settings. */
export function isHeadAlone(lines: readonly string[]): boolean {
  return lines.join('\n') === HEAD.join('\n');
}

/** "net.ipv4.tcp_tw_reuse" of "net.ipv4.tcp_tw_reuse = 1" or "net/ipv4/tcp_tw_reuse=1"; null of a comment. */
export function keyOf(line: string): string | null {
  const match = /^\s*-?([\w./-]+)\s*=/.exec(line);
  return match?.[1]?.replaceAll('/', '.') ?? null;
}

/** The steps and warnings that keep what `steps` set, where that is asked for. */
export function keepSettings(
  { state, parameters }: PlanInput,
  steps: readonly Step[],
): { steps: Step[]; warnings: string[] } {
  if (!parameters.persist) return { steps: [], warnings: [] };
  const settings = steps.flatMap(({ target, proposed }) =>
    // An empty list is the default and needs no line; what is so already is kept, too, when that is asked for.
    target.kind === 'sysctl' && proposed.kind === 'value' && proposed.text !== ''
      ? [[target.key, proposed.text] as const]
      : [],
  );
  if (settings.length === 0) return { steps: [], warnings: [] };
  const present = fileOf(state, SYSCTL_FILE);
  const content = sysctlFileWith(present.kind === 'value' ? present.text : null, settings);
  const step = fileStep(state, SYSCTL_FILE, content, 'sets the same values at each start');
  return { steps: [step], warnings: settings.flatMap(([key]) => laterFile(state, key)) };
}

function laterFile({ laterFiles }: SystemState, key: string): string[] {
  const path = laterFiles.get(key);
  return path === undefined
    ? []
    : [`At the next start ${path} is read after ${SYSCTL_FILE} and sets ${key} to its own value.`];
}

/** Whether a setting exists on this kernel, as far as is known. */
export function hasSetting(state: SystemState, key: string): boolean {
  return settingOf(state, key).kind === 'value';
}
