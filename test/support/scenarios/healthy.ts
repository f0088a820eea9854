/** Machines with nothing wrong: whatever is said of them is a false alarm. */
import { HERE, THERE } from '../peer.ts';
import type { Scenario } from './scenario.ts';

const IDLE: Scenario = {
  title: 'an idle machine',
  settings: {},
  programs: [
    { on: 'peer', name: 'db', does: { servers: [{ address: THERE, port: 5432 }] } },
    {
      on: 'here',
      name: 'app',
      does: {
        servers: [{ address: HERE, port: 80 }],
        clients: [{ address: THERE, port: 5432, count: 3, holdMs: null }],
      },
    },
  ],
  level: 'ok',
  finds: [],
  shows: { ESTABLISHED: 3, LISTEN: 1 },
};

const POOLED_CLIENT: Scenario = {
  title: 'a busy client that keeps its connections: 2,000 requests/s over 50',
  settings: {},
  programs: [
    { on: 'peer', name: 'api', does: [{ role: 'echo', address: THERE, port: 8080 }] },
    {
      on: 'here',
      name: 'shop',
      does: [{ role: 'pooled', address: THERE, port: 8080, connections: 50, requestsPerSecond: 2000 }],
    },
  ],
  level: 'ok',
  finds: [],
  shows: { ESTABLISHED: 50 },
};

/** 30 s of it are 4,500 TIME_WAIT sockets, none of them on a port that a client needs. */
const BUSY_SERVER: Scenario = {
  title: 'a busy server that closes first: its TIME_WAIT is harmless',
  settings: {},
  programs: [
    { on: 'here', name: 'web', does: { servers: [{ address: HERE, port: 443, closesAfterMs: 0 }] } },
    {
      on: 'peer',
      name: 'clients',
      does: { clients: [{ address: HERE, port: 443, ratePerSecond: 150, holdMs: 5000 }] },
    },
  ],
  level: 'ok',
  finds: [{ rule: 'time-wait-server', level: 'notice', says: /port 443 \(web\)/ }],
  shows: { TIME_WAIT: 1000 },
};

/** Watched for long: 45 s by the tests, ten minutes by test/bench/soak.ts. */
export const SOAKED: readonly Scenario[] = [IDLE, POOLED_CLIENT, BUSY_SERVER];

export const HEALTHY: readonly Scenario[] = [
  {
    title: 'UDP noise: 500 sockets, 1,000 datagrams/s',
    settings: {},
    programs: [
      {
        on: 'here',
        name: 'resolver',
        does: [{ role: 'datagrams', address: HERE, sockets: 500, perSecond: 1000 }],
      },
    ],
    level: 'ok',
    finds: [],
  },
  {
    title: 'new connections over loopback, whose ports the kernel reuses after 1 s',
    settings: {},
    programs: [
      {
        on: 'here',
        name: 'local',
        does: {
          servers: [{ address: '127.0.0.1', port: 8080 }],
          clients: [{ address: '127.0.0.1', port: 8080, ratePerSecond: 150, holdMs: 200 }],
        },
      },
    ],
    level: 'ok',
    finds: [{ rule: 'churn', level: 'notice', says: /local \(pid \d+\)/ }],
    watchSeconds: 20,
    shows: { TIME_WAIT: 1000 },
  },
];
