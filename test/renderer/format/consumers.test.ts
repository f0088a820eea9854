import { expect, it } from 'vitest';
import { consumerFacts, consumerFilter, consumerName } from '../../../renderer/format/consumers.ts';
import { incidentSummary } from '../../support/incident.ts';

function aConsumer(change: object = {}) {
  const [consumer] = incidentSummary().consumers;
  if (!consumer) throw new Error('The incident has consumers');
  return { ...consumer, group: null, runtime: null, requestsPerConnection: null, ...change };
}

it('tells everything that is known of a consumer, and leaves out what is not', () => {
  const consumer = aConsumer({ unit: 'orders.service', runtime: 'python', requestsPerConnection: 1.04 });
  expect(consumerFacts(consumer, 'linux').map(({ name, value }) => `${name}: ${value}`)).toEqual([
    'Ports: 24,168 TIME-WAIT, 1,523 established: 91% of the pool',
    'Opens: 412/s',
    'Requests: about 1.0 a connection',
    'Owner: seen: these sockets were open in the process',
    'Runtime: python',
    'Unit: orders.service',
    'Command: /usr/bin/python3',
  ]);
});

it('counts sockets in other states, and does not call an unknown rate zero', () => {
  const facts = consumerFacts(aConsumer({ established: 1500, openRatePerSecond: null }), 'win32');
  expect(facts.slice(0, 2).map(({ value }) => value)).toEqual([
    '24,168 TIME_WAIT, 1,500 established, 23 other: 91% of the pool',
    'not known yet',
  ]);
});

it('speaks of short-lived processes together, and says that their number is a lower bound', () => {
  const group = { parentPid: 4711, parentProcess: 'bash', processCount: 1312 };
  const consumer = aConsumer({ pid: null, process: 'nc', group });
  expect(consumerName(consumer)).toBe('nc ×1,312');
  expect(consumerFacts(consumer, 'linux')).toContainEqual({
    name: 'Processes',
    value: 'at least 1,312, each short-lived, started by bash (pid 4711)',
    isCode: false,
  });
});

it.each([
  [{}, 'dst:10.0.3.12:443 pid:4312'],
  [{ pid: null, process: 'nc' }, 'dst:10.0.3.12:443 process:nc'],
  [{ pid: null, process: null }, 'dst:10.0.3.12:443'],
])('finds the sockets of %j', (change, filter) => {
  expect(consumerFilter(aConsumer(change))).toBe(filter);
});
