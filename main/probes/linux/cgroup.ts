/** In which unit or container a process runs: `cat /proc/PID/cgroup`. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { firstLines } from '../whole-lines.ts';
import { forEachFileLine } from './cat-file.ts';
import { contextOfCgroup } from './cgroup-context.ts';

const FORMAT = 'cgroup';
/** "0::/system.slice/nginx.service", of version 1 "4:memory:/docker/…" (cgroups(7)). A path may hold anything. */
const ROW = /^(\d{1,9}):([^:]{0,200}):(\/.*)$/;

/** Notes "cgroup" (a row each), and once each "unit" and "container" where a path tells them. */
export function parseCgroup(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(FORMAT, 'linux', take);
  const told = new Set<string>();
  forEachFileLine(text, reading, (line, number) => {
    const row = ROW.exec(line);
    if (row === null) return reading.problem(number, line, 'no hierarchy, controllers and path');
    const controllers = row[2] === '' ? '' : `${row[2]}:`;
    const path = row[3] ?? '';
    reading.fact({
      kind: 'note',
      line: number,
      name: 'cgroup',
      value: sanitiseText(controllers + path, 4096),
    });
    const context = contextOfCgroup(path);
    for (const name of ['unit', 'container'] as const) {
      const value = context[name];
      if (value === null || told.has(name)) continue;
      told.add(name);
      reading.fact({ kind: 'note', line: number, name, value: sanitiseText(value) });
    }
  });
  return reading.done();
}

export const cgroupFormat: OutputFormat = {
  id: FORMAT,
  title: '/proc/PID/cgroup',
  system: 'linux',
  recognises(head) {
    const lines = firstLines(head, 40);
    return lines.length === 0 ? 0 : lines.filter((line) => ROW.test(line)).length / lines.length;
  },
  parse: parseCgroup,
};

const COMMON = {
  platform: 'linux',
  group: 'owners',
  tool: 'cat',
  needs: null,
  figures: ['consumers'],
  parse: parseCgroup,
  mayBeEmpty: false,
} as const;

export const cgroupSelfProbe: Probe = {
  ...COMMON,
  id: 'linux.cgroup-self',
  title: 'Unit or container of Fourtuple itself',
  argv: ['/proc/self/cgroup'],
  parameters: [],
  proves: 'Whether Fourtuple looks from inside a container, where sockets of the host are not seen.',
};

export const cgroupProcessProbe: Probe = {
  ...COMMON,
  id: 'linux.cgroup-process',
  title: 'Unit or container of a process',
  argv: ['/proc/{pid}/cgroup'],
  parameters: [{ name: 'pid', type: 'pid', label: 'Process', preset: null }],
  proves: 'Which service or container a process belongs to.',
};
