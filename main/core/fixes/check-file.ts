/** Steps that write a file: one of ours, and in it what our fixes write and nothing else. Pure. */
import { checkValue } from './allowed.ts';
import { keepBsdSettings, LAUNCH_DAEMON_FILE } from './bsd/persist.ts';
import { messageOf, stateWith } from './check-setting.ts';
import { isEqual } from './is-equal.ts';
import { LIMITS_FILE, limitsFileWith } from './linux/limits-file.ts';
import { SYSCTL_FILE, sysctlFileWith } from './linux/persist.ts';
import type { Known, Plan, Step } from './model.ts';
import { NO_PARAMETERS } from './plan.ts';
import { fileStep, sysctlStep } from './steps.ts';

const UNIT_FILE = /^\/etc\/systemd\/system\/[\w.@:-]{1,200}\.service\.d\/90-fourtuple\.conf$/;
const UNIT = /^\[Service\]\nLimitNOFILE=\d{4,10}\n$/;
const SOFT_LIMIT = /^([a-z_][\w-]{0,31}\$?) soft nofile (\d{4,10})$/gm;
/** Ours is a few lines; one that others filled is theirs to change. */
const MOST_CHARACTERS = 64 * 1024;
const NOT_OURS = 'it holds what no fix writes';

/** What is not right with it as a clause, or null. */
export function checkFileStep(step: Step, path: string, plan: Plan): string | null {
  const { current, proposed } = step;
  if (proposed.kind !== 'value') return `${path} is written, never only deleted`;
  if (
    proposed.text.length > MOST_CHARACTERS ||
    (current.kind === 'value' && current.text.length > MOST_CHARACTERS)
  )
    return `${path} is larger than any file of ours`;
  if (/[^\n\t\x20-\x7e]/.test(proposed.text)) return `${path} would hold characters that do not belong in it`;
  const problem = problemOfContent(path, current, proposed.text, plan);
  if (problem !== null) return `${path}: ${problem}`;
  const expected = fileStep(stateWith(plan.system, path, current), path, proposed.text, step.why);
  return isEqual(step, expected) ? null : `it does something else than write ${path} and put it back`;
}

function problemOfContent(path: string, current: Known, text: string, plan: Plan): string | null {
  if (plan.system === 'macos') {
    return path === LAUNCH_DAEMON_FILE ? problemOfLaunchDaemon(text, plan) : 'it is no file of a fix';
  }
  if (plan.system !== 'linux') return 'it is no file of a fix';
  if (path === SYSCTL_FILE) return problemOfSettings(current, text, plan);
  if (path === LIMITS_FILE) return isLimits(current, text) ? null : NOT_OURS;
  if (!UNIT_FILE.test(path)) return 'it is no file of a fix';
  // What was there is written back: in a unit it could name any program.
  const isOurs = [text, ...(current.kind === 'value' ? [current.text] : [])].every((each) => UNIT.test(each));
  return isOurs ? null : NOT_OURS;
}

/** Two lines of one user; all others are as before. */
function isLimits(current: Known, text: string): boolean {
  const before = current.kind === 'value' ? current.text : null;
  return [...text.matchAll(SOFT_LIMIT)].some(
    ([, user = '', limit]) => limitsFileWith(before, user, Number(limit)) === text,
  );
}

/** Lines that were there may be anybody's and stay; each line that is not is a setting that a fix may keep. */
function problemOfSettings(current: Known, text: string, plan: Plan): string | null {
  const before = current.kind === 'value' ? current.text : null;
  const old = new Set(before?.split('\n'));
  const pairs: [string, string][] = [];
  for (const line of text.split('\n')) {
    if (old.has(line) || line.startsWith('#') || line === '') continue;
    const [, key = '', value = ''] = /^([a-z0-9_.]+) = (.+)$/.exec(line) ?? [];
    const problem = problemOfPair(key, value, plan);
    if (problem !== null) return problem;
    pairs.push([key, value]);
  }
  return sysctlFileWith(before, pairs) === text ? null : NOT_OURS;
}

/** Kept for good is what is set now, where the same plan sets it. */
function problemOfPair(key: string, value: string, { system, steps }: Plan): string | null {
  const checked = checkValue(key, value);
  if (!checked.ok) return messageOf(checked.failure);
  if (checked.value !== value || key.startsWith('net.inet.') === (system === 'linux')) return NOT_OURS;
  const step = steps.find(({ target }) => target.kind === 'sysctl' && target.key === key);
  const isSo = step === undefined || (step.proposed.kind === 'value' && step.proposed.text === value);
  return isSo ? null : `it would keep another value of ${key} than is set now`;
}

/** Made anew from the pairs it holds. */
function problemOfLaunchDaemon(text: string, plan: Plan): string | null {
  const pairs = [...text.matchAll(/<string>([a-z0-9_.]+)=(\d{1,10})<\/string>/g)].map(
    ([, key = '', value = '']) => [key, value] as const,
  );
  for (const [key, value] of pairs) {
    const problem = problemOfPair(key, value, plan);
    if (problem !== null) return problem;
  }
  const state = stateWith('macos', LAUNCH_DAEMON_FILE, { kind: 'absent' });
  const steps = pairs.map(([key, value]) => sysctlStep(state, key, value, ''));
  const parameters = { ...NO_PARAMETERS, persist: true };
  const [made] = keepBsdSettings({ state, summary: null, parameters }, steps).steps;
  return made?.proposed.kind === 'value' && made.proposed.text === text ? null : NOT_OURS;
}
