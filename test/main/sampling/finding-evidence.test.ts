import { expect, it } from 'vitest';
import { THRESHOLDS } from '../../../main/core/assess.ts';
import { PROFILES } from '../../../main/core/profiles.ts';
import { indexPools } from '../../../main/core/pools.ts';
import type { Target } from '../../../main/core/model.ts';
import { gatherEvidence, systemOf } from '../../../main/sampling/finding-evidence.ts';
import { NO_COUNTERS } from '../../support/fake-platform.ts';
import { LINUX_SETTINGS, tableOf, type CompactRow } from '../../support/tables.ts';

it('knows the system of every profile that is one, whatever machine shows it', () => {
  const systems = PROFILES.filter(({ kind }) => kind === 'system').map(({ id }) => [
    id,
    systemOf(id, 'linux'),
  ]);
  expect(Object.fromEntries(systems)).toEqual({
    linux: 'linux',
    'linux-rhel': 'linux',
    'linux-tuned': 'linux',
    windows: 'windows',
    'windows-240': 'windows',
    'windows-legacy': 'windows',
    macos: 'macos',
    freebsd: 'freebsd',
  });
});

it.each([
  ['win32', 'windows'],
  ['darwin', 'macos'],
  ['openbsd', 'freebsd'],
  ['linux', 'linux'],
])('goes by the machine, %s, where the profile is of a NAT', (platform, system) => {
  for (const { id } of PROFILES.filter(({ kind }) => kind === 'middlebox')) {
    expect(systemOf(id, platform)).toBe(system);
  }
});

it('tells the fullest queue of the sockets that listen on one port', () => {
  const listening = (receiveQueue: number, sendQueue: number, cookie: number): CompactRow => ({
    state: 'LISTEN',
    local: '192.0.2.1:9000',
    receiveQueue,
    sendQueue,
    cookie,
  });
  const queues = [listening(11, 10, 1), listening(0, 100, 2), listening(2, 100, 3)];
  for (const rows of [queues, queues.toReversed()]) {
    const table = tableOf(rows);
    const { listeners } = gatherEvidence({
      table,
      index: indexPools(table, LINUX_SETTINGS),
      target: { platform: 'linux' } as Target,
      origin: 'live',
      settings: LINUX_SETTINGS,
      thresholds: THRESHOLDS,
      counters: NO_COUNTERS,
      pools: [],
      consumers: [],
      totals: { sockets: 3, byState: { LISTEN: 3 } },
      watchedSeconds: 0,
      ownerOf: () => null,
    });
    expect(listeners).toMatchObject([{ port: 9000, acceptQueue: 11, backlog: 10 }]);
  }
});
