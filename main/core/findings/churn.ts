/** A named process opens a new connection for each piece of work: wasteful long before it is dangerous. */
import type { Consumer, Finding } from '../model.ts';
import { sayCount, sayRate } from '../words/figures.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { sayProcess } from './subjects.ts';

/** Opens a second from which it is worth a word. */
const FROM_RATE = 10;
/** Connections that live longer than this on average are kept for something. */
const SHORT_LIFE_SECONDS = 5;
/** With more requests than this on each, where that can be known, connections are not used once. */
const FEW_REQUESTS = 2;
const SHOWN = 3;

/** All processes of one name that open connections to one pool, as the workers of a server do. */
interface Workers extends Pick<
  Consumer,
  'pid' | 'poolKey' | 'destination' | 'timeWait' | 'established' | 'requestsPerConnection'
> {
  process: string;
  processes: number;
  ratePerSecond: number;
}

export const churn: Rule = {
  id: 'churn',
  title: 'Connections that are used once',
  find: ({ consumers }) =>
    workersOf(consumers)
      .filter(isChurn)
      .sort((a, b) => b.ratePerSecond - a.ratePerSecond)
      .slice(0, SHOWN)
      .map(describe),
};

function workersOf(consumers: readonly Consumer[]): Workers[] {
  const byName = new Map<string, Workers>();
  for (const { process, pid, openRatePerSecond, ...consumer } of consumers) {
    if (process === null) continue;
    const key = `${process} ${consumer.poolKey}`;
    const others = byName.get(key);
    const ratePerSecond = (openRatePerSecond ?? 0) + (others?.ratePerSecond ?? 0);
    byName.set(key, {
      ...consumer,
      process,
      pid: others ? null : pid,
      processes: (others?.processes ?? 0) + 1,
      timeWait: consumer.timeWait + (others?.timeWait ?? 0),
      established: consumer.established + (others?.established ?? 0),
      requestsPerConnection: others?.requestsPerConnection ?? consumer.requestsPerConnection,
      ratePerSecond,
    });
  }
  return [...byName.values()];
}

/** Mean life is open connections over opens a second (Little's law). */
function isChurn({ ratePerSecond, established, timeWait, requestsPerConnection }: Workers): boolean {
  if (ratePerSecond < FROM_RATE || (requestsPerConnection ?? 0) > FEW_REQUESTS) return false;
  return established <= ratePerSecond * SHORT_LIFE_SECONDS && timeWait >= ratePerSecond;
}

function describe(workers: Workers): Finding {
  const { process, pid, processes, poolKey, destination, established, timeWait } = workers;
  const rate = sayRate(workers.ratePerSecond);
  const who = processes > 1 ? `${process} (${sayCount(processes)} processes)` : sayProcess(process, pid);
  return {
    id: `churn:${process}:${poolKey}`,
    rule: 'churn',
    level: 'notice',
    title: `${process} uses each connection once`,
    sentence: `${who} opens ${rate} connections/s to ${destination} and closes them soon after; each costs a handshake and a port.`,
    evidence: `${rate} opens/s, ${established} open now, ${timeWait} TIME_WAIT`,
    figures: ['consumers', 'new-connections'],
    disproof: 'The connections carry many requests each; a trace of one shows how many.',
    remedies: [remedy('app-keep-alive', 'removes the cause: the same work needs a few connections')],
    source: 'RFC 9112 §9.3, persistence; opens counted by sock_diag',
    poolKey,
    pid,
  };
}
