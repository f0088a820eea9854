/** The questions put to `ss`. The heading is kept: it tells the layout, and a person reads the transcript. */
import { TcpState } from '../../core/model.ts';
import type { Probe } from '../probe.ts';
import { parserForSsState, parseSs } from './ss.ts';

const SS: Omit<Probe, 'id' | 'title' | 'argv' | 'proves' | 'needs' | 'figures'> = {
  platform: 'linux',
  group: 'sockets',
  tool: 'ss',
  parameters: [],
  parse: parseSs,
  mayBeEmpty: false,
};
const NAMES_NEED = 'root, to name processes of other users';

export const ssTanProbe: Probe = {
  ...SS,
  id: 'linux.ss-tan',
  title: 'All TCP sockets',
  argv: ['-tan'],
  proves:
    'Every TCP socket of this network namespace with its state and both endpoints: what the ports of each pool are counted from.',
  needs: null,
  figures: ['verdict', 'pool-used', 'sockets', 'port-map', 'time-to-exhaustion', 'new-connections'],
};

export const ssTanpoieProbe: Probe = {
  ...SS,
  id: 'linux.ss-tanpoie',
  title: 'All TCP sockets, with processes and timers',
  argv: ['-tanpoie'],
  proves:
    'The same sockets with the processes that hold them, their timers, users, inodes and control groups.',
  needs: NAMES_NEED,
  figures: ['consumers', 'sockets'],
};

export const ssTimersProbe: Probe = {
  ...SS,
  id: 'linux.ss-timers',
  title: 'TIME_WAIT and its timers',
  argv: ['-tano', 'state', 'time-wait'],
  proves: 'Which closed connections still hold a port, and in how many seconds each lets go of it.',
  needs: null,
  figures: ['time-wait', 'hold'],
  parse: parserForSsState(TcpState.TIME_WAIT),
};

export const ssListenersProbe: Probe = {
  ...SS,
  id: 'linux.ss-tlnpe',
  title: 'Listening sockets',
  argv: ['-tlnpe'],
  proves: 'Which ports are taken by servers, how long their accept queues are, and whose they are.',
  needs: NAMES_NEED,
  figures: ['listeners'],
};

export const ssCgroupProbe: Probe = {
  ...SS,
  id: 'linux.ss-cgroup',
  group: 'owners',
  title: 'Sockets by control group',
  argv: ['-tan', '--cgroup'],
  proves:
    'Which service or container each open socket belongs to, also where its process may not be seen (iproute2 5.8 or later).',
  needs: null,
  figures: ['consumers'],
};

export const ssDestinationProbe: Probe = {
  ...SS,
  id: 'linux.ss-destination',
  title: 'Sockets towards one address',
  argv: ['-tano', 'dst', '{address}'],
  parameters: [{ name: 'address', type: 'address', label: 'Destination address', preset: null }],
  proves: 'The sockets of the pools towards one address, with their timers.',
  needs: null,
  figures: ['pool-used'],
};
