/** tcp_tw_reuse is on, tcp_timestamps off: reuse then does nothing at all. */
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';

export const reuseNoTimestamps: Rule = {
  id: 'reuse-no-timestamps',
  title: 'TIME_WAIT reuse and TCP timestamps',
  systems: ['linux'],
  find: ({ settings, system }) => {
    if (system !== 'linux' || settings.reuse.mode !== 'all' || settings.reuse.timestamps) return [];
    return [
      {
        id: 'reuse-no-timestamps',
        rule: 'reuse-no-timestamps',
        level: 'notice',
        title: 'TIME_WAIT reuse is on but cannot work',
        sentence: `tcp_tw_reuse is 1, but tcp_timestamps is 0: without timestamps no TIME_WAIT port is reused, and each stays locked for ${settings.timeWaitSeconds} s.`,
        evidence: 'tcp_tw_reuse = 1 · tcp_timestamps = 0',
        figures: ['reuse'],
        disproof: 'The counter TWRecycled grows.',
        remedies: [remedy('linux-timestamps', 'reuse then works for connections opened from now on')],
        source: 'net/ipv4/tcp_ipv4.c, tcp_twsk_unique; measured on Linux 6.18',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
