/** Limits of one process (`cat /proc/PID/limits`) and what it holds open (`ls -l /proc/PID/fd`). */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { absentFromError } from '../errors.ts';
import { forEachWholeLine } from '../whole-lines.ts';
import { forEachFileLine } from './cat-file.ts';

const LIMITS = 'process-limits';
const DESCRIPTORS = 'descriptors';
/** fs/proc/base.c, proc_pid_limits: name, soft, hard, unit, padded with spaces. */
const LIMIT = /^(Max [a-z]+(?: [a-z]+){0,3}) {2,}(unlimited|\d{1,20}) +(unlimited|\d{1,20})(?: +[a-z]+)? *$/;
const LIMIT_HEADING = /^Limit +Soft Limit +Hard Limit +Units *$/;

/** Two settings a row: "Max open files (soft)" and "Max open files (hard)". */
export function parseProcessLimits(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(LIMITS, 'linux', take);
  forEachFileLine(text, reading, (line, number) => {
    if (LIMIT_HEADING.test(line)) return reading.skip('heading');
    const row = LIMIT.exec(line);
    if (row === null) return reading.problem(number, line, 'no limit with a soft and a hard value');
    const [, name = '', soft = '', hard = ''] = row;
    reading.fact({ kind: 'setting', line: number, name: `${name} (soft)`, value: soft });
    reading.fact({ kind: 'setting', line: number, name: `${name} (hard)`, value: hard });
  });
  return reading.done();
}

/** "lrwx------ 1 user group 64 Nov 23 03:19 17 -> socket:[1880940]"; the date's form varies, so from the end. */
const LISTED = /^l[-rwxsStT]{9}[.+@]? .{1,300}? (\d{1,10})(?: -> (.*))?$/;
/** GNU ls puts a name with brackets in quotes, but only on a terminal. */
const SOCKET = /^'?socket:\[\d/;
/** What a descriptor is may be hidden from others, or it was closed between listing and reading. */
const NO_TARGET = /^ls: .{1,100}\/fd\/\d{1,10}['"]?: /;

/** Counters in the group "descriptors": "open", and "sockets" where what each is could be read. */
export function parseDescriptors(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(DESCRIPTORS, 'linux', take);
  let open = 0;
  let sockets = 0;
  let hidden = 0;
  let firstLine = 0;
  forEachWholeLine(text, reading, (line, number) => {
    if (line.trim() === '') return;
    if (/^\S{1,20} \d{1,20}$/.test(line) && open === 0) return reading.skip('heading');
    if (NO_TARGET.test(line)) return reading.skip('without target');
    const absent = absentFromError(line);
    if (absent !== null) return reading.fact({ kind: 'absent', line: number, ...absent });
    const row = LISTED.exec(line);
    if (row === null) return reading.problem(number, line, 'no descriptor with what it is');
    firstLine ||= number;
    open++;
    if (row[2] === undefined) hidden++;
    else if (SOCKET.test(row[2])) sockets++;
  });
  const counter = { kind: 'counter', line: firstLine, group: DESCRIPTORS } as const;
  if (open > 0) reading.fact({ ...counter, name: 'open', value: open });
  if (open > 0 && hidden === 0) reading.fact({ ...counter, name: 'sockets', value: sockets });
  return reading.done();
}

export const processLimitsFormat: OutputFormat = {
  id: LIMITS,
  title: '/proc/PID/limits',
  system: 'linux',
  recognises: (head) => (LIMIT_HEADING.test(head.split('\n', 1)[0]?.trimEnd() ?? '') ? 1 : 0),
  parse: parseProcessLimits,
};

const COMMON = {
  platform: 'linux',
  group: 'owners',
  parameters: [{ name: 'pid', type: 'pid', label: 'Process', preset: null }],
  figures: ['descriptors'],
  mayBeEmpty: false,
} as const;

export const processLimitsProbe: Probe = {
  ...COMMON,
  id: 'linux.process-limits',
  title: 'Limits of a process',
  tool: 'cat',
  argv: ['/proc/{pid}/limits'],
  proves:
    'How many descriptors a process may hold open: a connection takes one, and its limit may come before the ports.',
  needs: null,
  parse: parseProcessLimits,
};

export const descriptorsProbe: Probe = {
  ...COMMON,
  id: 'linux.process-descriptors',
  title: 'What a process holds open',
  tool: 'ls',
  argv: ['-l', '/proc/{pid}/fd'],
  proves: 'How many descriptors a process holds open now, and how many of them are sockets.',
  needs: 'root, for processes of other users',
  parse: parseDescriptors,
};
