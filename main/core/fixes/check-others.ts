/** Steps that change a process's limit, and commands without a value. Pure. */
import { parseAddress } from '../address.ts';
import type { SystemId } from '../readings.ts';
import { isEqual } from './is-equal.ts';
import { ABSENT, valueOf } from './known.ts';
import type { Known, Operation, Plan, Step, Target } from './model.ts';

type LimitTarget = Extract<Target, { kind: 'descriptor-limit' }>;

/** The largest pid that Linux gives (include/linux/threads.h, PID_MAX_LIMIT). */
const MOST_PID = 4_194_304;
const LEAST_LIMIT = 1024;
/** The largest that fs.nr_open takes (fs/file.c, sysctl_nr_open_max), rounded up. */
const MOST_LIMIT = 2_147_483_648;

/** What is not right with it as a clause, or null. */
export function checkLimitStep(
  step: Step,
  { pid, startTicks }: LimitTarget,
  system: SystemId,
): string | null {
  const { current, proposed } = step;
  if (system !== 'linux') return `limits of running processes are not changed on ${system}`;
  if (!Number.isInteger(pid) || pid < 1 || pid > MOST_PID) return 'it names no process';
  if (startTicks === null) return 'it does not say when its process began, so it could be another one’s';
  const before = limitsOf(current);
  const after = limitsOf(proposed);
  if (before === null || after === null) return 'its limits are no limits of open files';
  if (
    after.soft < LEAST_LIMIT ||
    after.soft > MOST_LIMIT ||
    after.soft > after.hard ||
    after.hard < before.hard
  )
    return `a limit of open files is ${LEAST_LIMIT} or more, at most the hard one, which is not lowered`;
  const set = (known: Known): Operation | null =>
    known.kind === 'value'
      ? { kind: 'run', argv: ['prlimit', `--pid=${pid}`, `--nofile=${known.text}`] }
      : null;
  const expected = {
    apply: set(proposed),
    undo: set(current),
    undoNote: null,
    needsAdmin: true,
    isLasting: false,
  };
  return doesExactly(step, expected) ? null : 'it does something else than set the limit and put it back';
}

function limitsOf(known: Known): { soft: number; hard: number } | null {
  const parts =
    known.kind === 'value' ? /^(\d{1,10}|unlimited):(\d{1,10}|unlimited)$/.exec(known.text) : null;
  const [soft, hard] = (parts ?? []).slice(1).map((part) => (part === 'unlimited' ? Infinity : Number(part)));
  return soft === undefined || hard === undefined ? null : { soft, hard };
}

/** Commands without a value: destroying TIME_WAIT sockets of one pool, and telling systemd of its file. */
export function checkActionStep(step: Step, { fixId, system, steps }: Plan): string | null {
  if (system !== 'linux' || step.apply.kind !== 'run') return 'it is no command of a fix';
  const { argv } = step.apply;
  const isReload = isEqual(argv, ['systemctl', 'daemon-reload']);
  const hasUnitFile = steps.some(
    ({ target }) => target.kind === 'file' && target.path.startsWith('/etc/systemd/system/'),
  );
  const isOurs = isReload ? hasUnitFile : fixId === 'linux-release-time-wait' && releasesOnePool(argv);
  if (!isOurs) return 'it is no command of a fix';
  const expected = {
    undo: null,
    needsAdmin: true,
    isLasting: false,
    current: ABSENT,
    proposed: valueOf('done'),
  };
  return doesExactly(step, expected) ? null : 'a command has no value, and is not taken back';
}

function releasesOnePool(argv: readonly string[]): boolean {
  const [source, destination] = [argv[5] ?? '', argv[7] ?? ''];
  const port = /^:(\d{1,5})$/.exec(argv[10] ?? '')?.[1];
  const expected = [
    'ss',
    '-tnHK',
    'state',
    'time-wait',
    'src',
    source,
    'dst',
    destination,
    'dport',
    '=',
    `:${port}`,
  ];
  return (
    isAddress(source) &&
    isAddress(destination) &&
    Number(port) > 0 &&
    Number(port) <= 65_535 &&
    isEqual(argv, expected)
  );
}

function isAddress(text: string): boolean {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  return bare.includes(':') === text.startsWith('[') && parseAddress(bare) !== null;
}

export function doesExactly(step: Step, expected: Readonly<Partial<Record<keyof Step, unknown>>>): boolean {
  return Object.entries(expected).every(([key, value]) => isEqual(Reflect.get(step, key), value));
}
