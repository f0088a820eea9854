/** More TIME_WAIT than tcp_max_tw_buckets: closes beyond it skip TIME_WAIT, and old segments may meet new connections. */
import { sayCount, sayRate } from '../words/figures.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';

const NEAR_SHARE = 0.9;

export const twBucketsOverflow: Rule = {
  id: 'tw-buckets-overflow',
  title: 'TIME_WAIT sockets against their limit',
  systems: ['linux'],
  find: ({ settings, counters, counterRates }) => {
    const limit = settings.maxTimeWaitSockets;
    const count = counters.socketStatTimeWait;
    const rate = counterRates.timeWaitOverflow ?? 0;
    if (limit === null || count === null || limit <= 0) return [];
    if (rate <= 0 && count < NEAR_SHARE * limit) return [];
    const isOver = rate > 0;
    return [
      {
        id: 'tw-buckets-overflow',
        rule: 'tw-buckets-overflow',
        level: isOver ? 'warning' : 'notice',
        title: isOver ? 'TIME_WAIT sockets exceed their limit' : 'TIME_WAIT sockets are near their limit',
        sentence: isOver
          ? `${sayRate(rate)} connections a second skip TIME-WAIT because ${sayCount(limit)} are the limit: their ports are free at once, and a late segment can disturb the next connection.`
          : `${sayCount(count)} TIME-WAIT sockets are near the limit of ${sayCount(limit)}; beyond it connections skip TIME-WAIT, with the risk that it guards against.`,
        evidence: `sockstat tw = ${count} · tcp_max_tw_buckets = ${limit} · TCPTimeWaitOverflow +${sayRate(rate)}/s`,
        figures: ['time-wait', 'counters'],
        disproof: 'TCPTimeWaitOverflow stands still.',
        remedies: [
          remedy('app-keep-alive', 'fewer closes, fewer TIME_WAIT sockets'),
          remedy('linux-tw-buckets', 'the limit is there against attacks; each socket costs some 250 bytes'),
        ],
        source: 'ip-sysctl.rst, tcp_max_tw_buckets (“do not lower”); measured on Linux 6.18',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
