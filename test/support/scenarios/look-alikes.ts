/** Troubles that look like missing ports and are not, or are so by another way. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { LONG_TESTS_SKIPPED } from '../long-tests.ts';
import { HERE, NOBODY, THERE } from '../peer.ts';
import type { Scenario } from './scenario.ts';

export const DEAD_PEER: Scenario = {
  title: 'a dead peer that holds ports for over two minutes',
  settings: {},
  programs: [
    {
      on: 'here',
      name: 'exporter',
      does: { clients: [{ address: NOBODY, port: 4317, count: 10, holdMs: null }] },
    },
  ],
  level: 'ok',
  finds: [{ rule: 'dead-peer-ports', level: 'notice', says: /exporter \(pid \d+\).*192\.0\.2\.66:4317/ }],
  limitSeconds: 140,
  missing: () => LONG_TESTS_SKIPPED,
};

/** 82 % of the table's size, which no namespace may change. */
const TRACKED_SHARE = 0.82;
const MOST_FLOWS = 300_000;

export const LOOK_ALIKES: readonly Scenario[] = [
  {
    title: 'a client that never closes what the server has closed',
    settings: {},
    programs: [
      { on: 'peer', name: 'server', does: [{ role: 'shuts-down', address: THERE, port: 8080 }] },
      {
        on: 'here',
        name: 'orders-api',
        does: [{ role: 'leaks', address: THERE, port: 8080, count: 1100 }],
      },
    ],
    level: 'warning',
    finds: [{ rule: 'close-wait-leak', level: 'warning', says: /orders-api \(pid \d+\) keeps 1,100/ }],
    shows: { CLOSE_WAIT: 1100 },
  },
  {
    title: 'a server that leaks ten connections a second',
    settings: {},
    programs: [
      { on: 'here', name: 'upload', does: [{ role: 'never-closes', address: HERE, port: 8080 }] },
      {
        on: 'peer',
        name: 'clients',
        does: [{ role: 'abandons', address: HERE, port: 8080, count: 900, perSecond: 10 }],
      },
    ],
    level: 'warning',
    finds: [
      { rule: 'close-wait-leak', level: 'warning', says: /upload \(pid \d+\) keeps \d+.* each second/ },
    ],
    limitSeconds: 60,
  },
  {
    title: 'connection attempts into a black hole',
    settings: {},
    programs: [
      {
        on: 'here',
        name: 'exporter',
        does: { clients: [{ address: NOBODY, port: 4317, count: 250, holdMs: null }] },
      },
    ],
    level: 'warning',
    finds: [
      { rule: 'syn-sent-pile', level: 'warning', says: /250 .* of exporter \(pid \d+\).*192\.0\.2\.66:4317/ },
    ],
    shows: { SYN_SENT: 250 },
  },
  {
    title: 'closed connections whose peer never closes',
    settings: {},
    programs: [
      { on: 'peer', name: 'server', does: [{ role: 'never-closes', address: THERE, port: 8080 }] },
      {
        on: 'here',
        name: 'probe',
        does: [{ role: 'abandons', address: THERE, port: 8080, count: 700 }],
      },
    ],
    level: 'ok',
    finds: [{ rule: 'fin-wait-2-pile', level: 'notice', says: /700 closed .*192\.0\.2\.2:8080.* 60 s/ }],
    shows: { FIN_WAIT_2: 700 },
  },
  {
    title: 'a client near its limit of open files',
    settings: {},
    programs: [
      { on: 'peer', name: 'server', does: [{ role: 'echo', address: THERE, port: 8080 }] },
      {
        on: 'here',
        name: 'fanout',
        does: [{ role: 'leaks', address: THERE, port: 8080, count: 245 }],
        descriptorLimit: 300,
      },
    ],
    level: 'warning',
    finds: [{ rule: 'descriptors-process', level: 'warning', says: /fanout \(pid \d+\) has 2\d\d of 300/ }],
    shows: { ESTABLISHED: 245 },
    missing: () => (spawnSync('prlimit', ['--version']).error ? 'prlimit is not installed' : null),
  },
  {
    title: 'a server near its limit of open files',
    settings: {},
    programs: [
      {
        on: 'here',
        name: 'gateway',
        does: [{ role: 'echo', address: HERE, port: 8080 }],
        descriptorLimit: 300,
      },
      {
        on: 'peer',
        name: 'clients',
        does: [{ role: 'leaks', address: HERE, port: 8080, count: 245 }],
      },
    ],
    level: 'warning',
    finds: [{ rule: 'descriptors-process', level: 'warning', says: /gateway \(pid \d+\) has 2\d\d of 300/ }],
    shows: { ESTABLISHED: 245 },
    missing: () => (spawnSync('prlimit', ['--version']).error ? 'prlimit is not installed' : null),
  },
  {
    title: 'a listen queue of one that overflows',
    settings: {},
    programs: [
      { on: 'here', name: 'batch', does: [{ role: 'deaf', address: HERE, port: 8080, backlog: 1 }] },
      {
        on: 'peer',
        name: 'clients',
        does: { clients: [{ address: HERE, port: 8080, ratePerSecond: 10, holdMs: null }] },
      },
    ],
    level: 'warning',
    finds: [{ rule: 'listen-queue', level: 'warning', says: /batch \(pid \d+\) on port 8080/ }],
  },
  {
    title: 'a connection-tracking table nearly full',
    settings: {},
    commands: [
      ['nft', 'add table inet watch'],
      ['nft', 'add chain inet watch out { type filter hook output priority 0 ; }'],
      ['nft', 'add rule inet watch out ct state new counter'],
    ],
    programs: [
      { on: 'here', name: 'scanner', does: [{ role: 'flows', address: NOBODY, count: trackedFlows() }] },
    ],
    level: 'warning',
    finds: [
      { rule: 'conntrack-near-full', level: 'warning', says: /of at most [\d,]+ connections \(8\d%\)/ },
    ],
    missing: trackingMissing,
  },
];

function trackingMissing(): string | null {
  if (spawnSync('nft', ['--version']).error) return 'nft is not installed';
  const flows = trackedFlows();
  if (flows === 0) return 'this kernel tracks no connections';
  return flows > MOST_FLOWS ? `its table takes ${flows} flows, too many to make here` : null;
}

function trackedFlows(): number {
  try {
    return Math.round(
      Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_max', 'utf8')) * TRACKED_SHARE,
    );
  } catch {
    return 0;
  }
}
