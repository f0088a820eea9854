/** tcp_max_tw_buckets lowered far below its default: it does not free ports, it takes their protection away. */
import { sayCount } from '../words/figures.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';

/** Smallest default of a machine of the last ten years (4096 on tiny ones is left alone). */
const LOW = 4096;

export const settingTwBucketsLow: Rule = {
  id: 'setting-tw-buckets-low',
  title: 'tcp_max_tw_buckets',
  systems: ['linux'],
  find: ({ settings: { maxTimeWaitSockets: limit }, system }) => {
    if (system !== 'linux' || limit === null || limit >= LOW) return [];
    return [
      {
        id: 'setting-tw-buckets-low',
        rule: 'setting-tw-buckets-low',
        level: 'notice',
        title: 'tcp_max_tw_buckets is very low',
        sentence: `tcp_max_tw_buckets is ${sayCount(limit)}: more closes than ${sayCount(limit)} in 60 s skip TIME-WAIT, and late segments can disturb new connections. The kernel’s documentation says not to lower it.`,
        evidence: `tcp_max_tw_buckets = ${limit}`,
        figures: ['time-wait'],
        disproof: 'The machine has so little memory that this is its default.',
        remedies: [remedy('linux-tw-buckets', 'gives each closed connection its TIME_WAIT again')],
        source: 'ip-sysctl.rst, tcp_max_tw_buckets',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
