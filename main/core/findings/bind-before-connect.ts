/**
 * A client that binds before it connects takes its port from every destination, TIME_WAIT included. sock_diag does not
 * tell such sockets apart, but the ports do: connect() takes the parity of the range's first port until half the pool
 * is used, bind(port 0) the other (net/ipv4/inet_connection_sock.c, inet_csk_find_open_port). With SO_REUSEADDR, which
 * many runtimes set, bind stays in the lower half of the range until that is full: only a quarter of all ports shows
 * it. So where one pool shows it by most of its ports, all sockets of each pool that shows it count as bound.
 */
import type { Finding } from '../model.ts';
import { sayCount, sayPercent } from '../words/figures.ts';
import type { FindingEvidence, PoolParity } from './evidence.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { destinationOf, ownerOf } from './subjects.ts';

/** So many sockets of the second parity are no accident. */
const MIN_SOCKETS = 20;
const FROM_SHARE = 0.5;
/** Use from which connect() takes the second parity itself, with a margin. */
export const PARITY_TELLS_BELOW = 0.45;
/** Ports bound by clients, as a share of the range, from which every pool feels it; from half on parity tells nothing. */
const WARNING_SHARE = 0.4;

export const bindBeforeConnect: Rule = {
  id: 'bind-before-connect',
  title: 'Clients that bind before they connect',
  systems: ['linux'],
  find: (evidence) => {
    if (evidence.system !== 'linux') return [];
    const showing = evidence.poolParity.filter((parity) => isShown(parity, evidence));
    const bound = showing.reduce((sum, { sockets }) => sum + sockets, 0);
    const surest = showing.find(({ judged, offParity }) => offParity >= FROM_SHARE * judged);
    return surest ? [finding(surest, bound, evidence)] : [];
  },
};

function isShown({ offParity, poolKey }: PoolParity, { pools }: FindingEvidence): boolean {
  const pool = pools.find(({ key }) => key === poolKey);
  return pool !== undefined && pool.usedRatio < PARITY_TELLS_BELOW && offParity >= MIN_SOCKETS;
}

function finding(parity: PoolParity, bound: number, { pools, capacity }: FindingEvidence): Finding {
  const pool = pools.find(({ key }) => key === parity.poolKey);
  const share = bound / Math.max(1, capacity);
  const destination = pool ? destinationOf(pool) : parity.poolKey;
  const who = (pool && ownerOf(pool)) ?? 'A client';
  return {
    id: `bind-before-connect:${parity.poolKey}`,
    rule: 'bind-before-connect',
    level: share >= WARNING_SHARE ? 'warning' : 'notice',
    title: 'A client seems to bind before it connects',
    sentence: `${who} towards ${destination} seems to call bind() before connect(): ${sayCount(bound)} ports (${sayPercent(share)} of the range) are then locked for every destination, not for this one alone.`,
    evidence: `${sayCount(parity.offParity)} of the ${sayCount(parity.judged)} ports taken last have the parity that bind(port 0) takes first`,
    figures: ['sockets', 'port-map'],
    disproof: 'The program sets IP_BIND_ADDRESS_NO_PORT or a local port range, or does not call bind().',
    remedies: [
      remedy('app-late-bind', 'with IP_BIND_ADDRESS_NO_PORT each destination has all ports again'),
      remedy('app-keep-alive', 'fewer connections need fewer ports'),
    ],
    source: 'ip(7), IP_BIND_ADDRESS_NO_PORT; measured on Linux 6.18',
    poolKey: parity.poolKey,
    pid: pool?.owners[0]?.pid ?? null,
  };
}
