/** Settings that take ports away, do nothing, or do harm. */
import { HERE, THERE } from '../peer.ts';
import type { Scenario } from './scenario.ts';

export const SETTINGS: readonly Scenario[] = [
  {
    title: 'a small range',
    settings: { portRange: { first: 40000, last: 44999 } },
    programs: [],
    level: 'ok',
    finds: [{ rule: 'range-small', level: 'notice', says: /40000–44999 has 5,000 ports/ }],
  },
  {
    title: 'a server that listens inside the ephemeral range',
    settings: {},
    programs: [{ on: 'here', name: 'metrics', does: { servers: [{ address: HERE, port: 40500 }] } }],
    level: 'ok',
    finds: [{ rule: 'range-listener', level: 'notice', says: /40500 \(metrics\)/ }],
  },
  {
    title: 'a server inside the range whose port is reserved',
    settings: { reservedPorts: '40500' },
    programs: [{ on: 'here', name: 'metrics', does: { servers: [{ address: HERE, port: 40500 }] } }],
    level: 'ok',
    finds: [],
  },
  {
    title: 'reserved ports that eat the range',
    settings: { reservedPorts: '32768-50000' },
    programs: [],
    level: 'warning',
    finds: [{ rule: 'range-reserved', level: 'warning', says: /17,233 of 28,232/ }],
  },
  {
    title: 'tcp_tw_reuse on and timestamps off',
    settings: { twReuse: 1 },
    sysctls: { 'ipv4/tcp_timestamps': '0' },
    programs: [],
    level: 'ok',
    finds: [{ rule: 'reuse-no-timestamps', level: 'notice' }],
  },
  {
    title: 'tcp_fin_timeout lowered for TIME_WAIT',
    settings: {},
    sysctls: { 'ipv4/tcp_fin_timeout': '15' },
    programs: [],
    level: 'ok',
    finds: [{ rule: 'setting-fin-timeout', level: 'notice', says: /15 s instead of 60 s/ }],
  },
  {
    title: 'more closes than tcp_max_tw_buckets holds',
    settings: { twBuckets: 200 },
    programs: [
      { on: 'peer', name: 'server', does: { servers: [{ address: THERE, port: 8080 }] } },
      {
        on: 'here',
        name: 'poller',
        does: { clients: [{ address: THERE, port: 8080, ratePerSecond: 50 }] },
      },
    ],
    level: 'warning',
    finds: [
      { rule: 'tw-buckets-overflow', level: 'warning', says: /200 are the limit/ },
      { rule: 'setting-tw-buckets-low', level: 'notice' },
    ],
    mayFind: { churn: 'notice' },
    shows: { TIME_WAIT: 190 },
  },
];
