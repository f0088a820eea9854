/** tcp_tw_recycle on: it breaks connections from behind NAT, and is gone since Linux 4.12. */
import type { Rule } from './rule.ts';

export const settingTwRecycle: Rule = {
  id: 'setting-tw-recycle',
  title: 'tcp_tw_recycle',
  systems: ['linux'],
  find: ({ linux }) => {
    if (linux === null || linux.twRecycle === null || linux.twRecycle === 0) return [];
    return [
      {
        id: 'setting-tw-recycle',
        rule: 'setting-tw-recycle',
        level: 'warning',
        title: 'tcp_tw_recycle breaks clients behind NAT',
        sentence: `tcp_tw_recycle is ${linux.twRecycle}: connections of clients that share an address are dropped at random. Set it to 0; Linux 4.12 removed it.`,
        evidence: `tcp_tw_recycle = ${linux.twRecycle}`,
        figures: ['reuse'],
        disproof: 'No client of this machine stands behind a NAT.',
        remedies: [],
        source: 'removed in Linux 4.12, broken behind NAT; tcp(7)',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
