/** Ports that run out, or will, or seem to. */
import type { LoadClient } from '../load/load.ts';
import type { NamespaceSettings } from '../namespace.ts';
import { HERE, THERE } from '../peer.ts';
import type { Level } from '../../../main/core/model.ts';
import type { Program, Scenario } from './scenario.ts';

/** 1,000 ports, so that they fill within seconds. The finding about the small range goes with it. */
const THOUSAND: NamespaceSettings = { portRange: { first: 40000, last: 40999 } };
const SMALL: Readonly<Record<string, Level>> = { 'range-small': 'notice' };
/** What is true as well wherever a client fills its ports by closing first. */
const CLOSING: Readonly<Record<string, Level>> = {
  ...SMALL,
  churn: 'notice',
  'time-wait-client': 'notice',
  'reuse-limited': 'notice',
  'pool-uneven': 'notice',
  'pool-high-rate': 'warning',
};
const HOLDING: Readonly<Record<string, Level>> = { ...SMALL, 'pool-uneven': 'notice' };

/** Open long enough to be seen with their process; those of a millisecond are the attribution test's. */
const VISIBLE_MS = 200;

const server = (port = 8080): Program => ({
  on: 'peer',
  name: 'server',
  does: { servers: [{ address: THERE, port }] },
});
const client = (name: string, ...clients: Omit<LoadClient, 'address'>[]): Program => ({
  on: 'here',
  name,
  does: { clients: clients.map((one) => ({ address: THERE, ...one })) },
});
const held = (count: number, port = 8080) => ({ port, count, holdMs: null });

export const POOLS: readonly Scenario[] = [
  {
    title: 'every port in use',
    settings: THOUSAND,
    programs: [server(), client('importer', held(1100))],
    level: 'critical',
    finds: [{ rule: 'pool-exhausted', level: 'critical', says: /192\.0\.2\.2:8080 is full.*importer/ }],
    mayFind: HOLDING,
    shows: { ESTABLISHED: 999 },
  },
  {
    title: 'ports that run out within a minute',
    settings: THOUSAND,
    programs: [server(), client('importer', { port: 8080, ratePerSecond: 25, holdMs: VISIBLE_MS })],
    level: 'critical',
    finds: [{ rule: 'pool-runs-out', level: 'critical', says: /192\.0\.2\.2:8080 runs out.*importer/ }],
    mayFind: CLOSING,
  },
  {
    title: 'an IPv6 pool that fills',
    settings: { ...THOUSAND, twReuse: 0, addresses: ['2001:db8::1/128', '2001:db8::2/128'] },
    programs: [
      { on: 'here', name: 'server6', does: { servers: [{ address: '2001:db8::2', port: 8080 }] } },
      {
        on: 'here',
        name: 'importer6',
        does: { clients: [{ address: '2001:db8::2', port: 8080, ratePerSecond: 25, holdMs: VISIBLE_MS }] },
      },
    ],
    level: 'critical',
    finds: [{ rule: 'pool-runs-out', level: 'critical', says: /\[2001:db8::2\]:8080 runs out.*importer6/ }],
    mayFind: CLOSING,
  },
  {
    title: 'a pool past half, where connect() is slow',
    settings: THOUSAND,
    programs: [server(), client('chat', held(600))],
    level: 'warning',
    finds: [{ rule: 'pool-slow', level: 'warning', says: /192\.0\.2\.2:8080 is 60% used/ }],
    mayFind: HOLDING,
  },
  {
    title: 'a pool nearly full',
    settings: THOUSAND,
    programs: [server(), client('chat', held(850))],
    level: 'warning',
    finds: [{ rule: 'pool-nearly-full', level: 'warning', says: /192\.0\.2\.2:8080 is 85% used.*chat/ }],
    mayFind: { ...HOLDING, 'pool-slow': 'warning' },
  },
  {
    title: 'opens just below what the ports can bear',
    settings: THOUSAND,
    programs: [server(), client('crawler', { port: 8080, ratePerSecond: 14, holdMs: VISIBLE_MS })],
    level: 'warning',
    finds: [{ rule: 'pool-high-rate', level: 'warning', says: /192\.0\.2\.2:8080/ }],
    mayFind: CLOSING,
    watchSeconds: 15,
  },
  {
    title: 'one pool far above the rest',
    settings: THOUSAND,
    programs: [server(), server(8081), client('chat', held(400), held(10, 8081))],
    level: 'notice',
    finds: [{ rule: 'pool-uneven', level: 'notice', says: /192\.0\.2\.2:8080 is 40% used/ }],
    mayFind: SMALL,
  },
  {
    title: 'a batch that opens and closes 3,000 connections at once',
    settings: {},
    programs: [server(), client('batch', { port: 8080, count: 3000 })],
    level: 'ok',
    finds: [],
    mayFind: { 'time-wait-client': 'notice', churn: 'notice' },
    shows: { TIME_WAIT: 2900 },
  },
  {
    title: 'a program that opens a connection for each request',
    settings: {},
    programs: [server(), client('poller', { port: 8080, ratePerSecond: 30, holdMs: VISIBLE_MS })],
    level: 'ok',
    finds: [
      { rule: 'churn', level: 'notice', says: /poller \(pid \d+\) opens (2\d|3\d)[.\d]* connections\/s/ },
    ],
    watchSeconds: 15,
  },
  {
    title: 'a client that binds before it connects',
    settings: THOUSAND,
    programs: [server(), client('proxy', { ...held(150), localAddress: HERE })],
    level: 'ok',
    finds: [{ rule: 'bind-before-connect', level: 'notice', says: /proxy \(pid \d+\)/ }],
    mayFind: SMALL,
  },
  {
    title: 'two clients that bind first and together lock nearly half of all ports',
    settings: THOUSAND,
    programs: [
      server(),
      server(8081),
      client('proxy', { ...held(215), localAddress: HERE }, { ...held(215, 8081), localAddress: HERE }),
    ],
    level: 'warning',
    finds: [{ rule: 'bind-before-connect', level: 'warning', says: /proxy \(pid \d+\).*430 ports/ }],
    mayFind: SMALL,
  },
];
