/** The questions put to `lsof`. It knows only sockets that a process holds: none in TIME_WAIT is ever among them. */
import { parseLsof } from '../lsof.ts';
import type { Probe } from '../probe.ts';
import { parseLsofFields } from './lsof-fields.ts';

const LSOF: Omit<Probe, 'id' | 'title' | 'argv' | 'proves'> = {
  platform: 'linux',
  group: 'owners',
  tool: 'lsof',
  parameters: [],
  needs: 'root, to see the sockets of other users',
  figures: ['consumers'],
  parse: parseLsof,
  // It ends with 1 when nothing matches, and also when a part of what matches could not be read.
  goodExits: [0, 1],
};

export const lsofTcpProbe: Probe = {
  ...LSOF,
  id: 'linux.lsof-tcp',
  title: 'TCP sockets by process',
  argv: ['-nP', '-w', '-iTCP'],
  proves:
    'Which processes hold TCP sockets, by descriptor; sockets in TIME_WAIT have no process and never show here.',
};

export const lsofFieldsProbe: Probe = {
  ...LSOF,
  id: 'linux.lsof-fields',
  title: 'TCP sockets by process, full names',
  argv: ['-nP', '-w', '-iTCP', '-FpcuftdPnT'],
  proves: 'The same with names that are not cut, users by number and the lengths of both queues.',
  parse: parseLsofFields,
};

export const lsofProcessProbe: Probe = {
  ...LSOF,
  id: 'linux.lsof-of-process',
  title: 'TCP sockets of one process',
  argv: ['-nP', '-w', '-a', '-iTCP', '-p', '{pid}'],
  parameters: [{ name: 'pid', type: 'pid', label: 'Process id', preset: null }],
  proves: 'Every TCP socket that one process holds, with its descriptor.',
};
