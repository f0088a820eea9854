/** Linux: a higher limit of open files, for a process now, for its unit or user for good, or for the system. */
import { sayCount } from '../../words/figures.ts';
import { fileOf, numberOf, settingOf, valueOf } from '../known.ts';
import type { Fix, LimitedProcess, Plan, PlanInput, Step } from '../model.ts';
import { planOf, refuse } from '../plan.ts';
import { actionStep, fileStep, sysctlStep } from '../steps.ts';
import { LIMITS_FILE, limitsFileWith } from './limits-file.ts';
import { keepSettings } from './persist.ts';

const FILE_MAX_KEY = 'fs.file-max';
const NR_OPEN_KEY = 'fs.nr_open';
const IDENTITY = { id: 'linux-descriptor-limit', title: 'Raise the limit of open files' };
/** As systemd gives its services. */
const PROPOSED = 65_536;
const LEAST = 1024;
/** fs.nr_open by default, the highest that a process can have. */
const DEFAULT_MOST = 1_048_576;

export const linuxDescriptorLimit: Fix = {
  ...IDENTITY,
  platforms: ['linux'],
  kind: 'system',
  does: 'Raises RLIMIT_NOFILE of the running process with prlimit, and where it is to last for its unit or its user; where the whole system is short, fs.file-max.',
  doesNotHelp: 'A program that leaks descriptors reaches any limit; and no ports are gained.',
  risk: {
    grade: 'low',
    sentence: 'Programs that use select() break with descriptors from 1024 on.',
  },
  effort: 'low',
  takesEffect: 'at once',
  needsReboot: false,
  needsAdmin: true,
  scopes: ['now', 'for good'],
  isAppliable: true,
  takes: {
    pid: 'the process; the one of the finding when absent',
    value: 'open files, 1024 to fs.nr_open',
    persist: 'write it for the unit or the user, too',
  },
  valueSets: 'descriptor-limit',
  source: 'prlimit(1), getrlimit(2); systemd.exec(5), LimitNOFILE=; limits.conf(5)',
  plan,
};

function plan(input: PlanInput): Plan {
  const { state, parameters } = input;
  const pid = parameters.pid ?? pidOfFinding(input);
  if (pid === null) return planForSystem(input);
  const process = state.processes.find((each) => each.pid === pid);
  if (!process)
    return refuse(
      IDENTITY,
      input,
      `The limits of process ${pid} could not be read: it has ended, or is another user’s.`,
    );
  const most = numberOf(settingOf(state, NR_OPEN_KEY)) ?? DEFAULT_MOST;
  const soft = process.softLimit ?? most;
  const value = parameters.value ?? Math.min(most, Math.max(PROPOSED, 2 * soft));
  if (!Number.isInteger(value) || value < LEAST || value > most) {
    return refuse(IDENTITY, input, `The limit takes ${LEAST} to ${most} here (fs.nr_open), not ${value}.`);
  }
  // What is so already is only kept.
  const isKeptOnly = parameters.persist && value === soft;
  if (value <= soft && !isKeptOnly) {
    return refuse(
      IDENTITY,
      input,
      `The limit of ${process.process} (pid ${pid}) is ${sayCount(soft)} already.`,
    );
  }
  return planOf(IDENTITY, input, {
    steps: [limitStep(process, value), ...(parameters.persist ? lastingSteps(input, process, value) : [])],
    advice: adviceFor(process, parameters.persist),
    warnings: ['The program may have read its limit when it started and sized its tables by it: those stay.'],
  });
}

function pidOfFinding({ summary }: PlanInput): number | null {
  return summary?.findings.find(({ rule }) => rule === 'descriptors-process')?.pid ?? null;
}

function limitStep({ pid, startTicks, process, softLimit, hardLimit }: LimitedProcess, value: number): Step {
  const before = `${sayLimit(softLimit)}:${sayLimit(hardLimit)}`;
  const after = `${value}:${hardLimit === null ? 'unlimited' : Math.max(hardLimit, value)}`;
  const set = (limits: string) =>
    ({ kind: 'run', argv: ['prlimit', `--pid=${pid}`, `--nofile=${limits}`] }) as const;
  return {
    target: { kind: 'descriptor-limit', pid, startTicks },
    title: `limit of open files of ${process} (pid ${pid})`,
    current: valueOf(before),
    proposed: valueOf(after),
    why: `${sayCount(value)} open files, sockets among them`,
    apply: set(after),
    undo: set(before),
    undoNote: null,
    // A process may raise its own soft limit up to the hard one; anybody else’s takes root.
    needsAdmin: true,
    isLasting: false,
  };
}

function sayLimit(limit: number | null): string {
  return limit === null ? 'unlimited' : String(limit);
}

/** Names that may stand in a path and a file of limits. */
const UNIT = /^[\w.@:-]{1,200}\.service$/;
const USER = /^[a-z_][\w-]{0,31}\$?$/;

function lastingSteps({ state }: PlanInput, { unit, user }: LimitedProcess, value: number): Step[] {
  if (unit !== null && UNIT.test(unit)) {
    const path = `/etc/systemd/system/${unit}.d/90-fourtuple.conf`;
    return [
      fileStep(state, path, `[Service]\nLimitNOFILE=${value}\n`, `${unit} begins with this limit`),
      actionStep(
        'systemd reads its units again',
        ['systemctl', 'daemon-reload'],
        'systemd then knows the file',
        'systemd is told again when the file is back as it was.',
      ),
    ];
  }
  if (user === null || !USER.test(user)) return [];
  const present = fileOf(state, LIMITS_FILE);
  const content = limitsFileWith(present.kind === 'value' ? present.text : null, user, value);
  return [fileStep(state, LIMITS_FILE, content, `sessions of ${user} begin with this limit`)];
}

function adviceFor({ unit, process }: LimitedProcess, isLasting: boolean) {
  if (!isLasting) {
    return [
      {
        sentence: `When ${process} starts again it has its old limit, unless the change is kept for good.`,
        commands: [],
      },
    ];
  }
  const commands = unit === null || !UNIT.test(unit) ? [] : [`systemctl restart ${unit}`];
  return [{ sentence: 'The file counts from the next start of the program on.', commands }];
}

function planForSystem(input: PlanInput): Plan {
  const { state, parameters, summary } = input;
  const limit = numberOf(settingOf(state, FILE_MAX_KEY));
  const isShort = summary?.findings.some(({ rule }) => rule === 'descriptors-system') ?? false;
  if (!isShort || limit === null) {
    return refuse(IDENTITY, input, 'No process is near its limit of open files: say which process is meant.');
  }
  const value = parameters.value ?? Math.min(2 * limit, 1_000_000_000);
  if (!Number.isInteger(value) || value <= limit || value > 1_000_000_000 || value < 65_536) {
    return refuse(
      IDENTITY,
      input,
      `The limit of the system is ${sayCount(limit)}: it takes a larger one, up to a thousand million.`,
    );
  }
  const steps = [sysctlStep(state, FILE_MAX_KEY, String(value), 'open files of all processes together')];
  const kept = keepSettings(input, steps);
  return planOf(IDENTITY, input, {
    steps: [...steps, ...kept.steps],
    warnings: ['Find who holds them first: a leak fills any limit.', ...kept.warnings],
  });
}
