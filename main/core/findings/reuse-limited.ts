/** tcp_tw_reuse is 2, the default: it reuses ports on loopback alone, not for the pool that needs it. */
import { reuseRemedies } from './pool-remedies.ts';
import type { Rule } from './rule.ts';
import { destinationOf } from './subjects.ts';

/** Share of a pool in TIME_WAIT from which reuse would matter. */
const FROM_SHARE = 0.3;

export const reuseLimited: Rule = {
  id: 'reuse-limited',
  title: 'Reach of TIME_WAIT reuse',
  systems: ['linux'],
  find: ({ settings, system, pools }) => {
    if (system !== 'linux' || settings.reuse.mode === 'all') return [];
    const pool = pools.find(
      (candidate) =>
        !candidate.reuseEffective && (candidate.byState.TIME_WAIT ?? 0) >= FROM_SHARE * candidate.capacity,
    );
    if (!pool || pool.capacity === 0) return [];
    const isOff = settings.reuse.mode === 'off';
    return [
      {
        id: 'reuse-limited',
        rule: 'reuse-limited',
        level: 'notice',
        title: isOff ? 'TIME_WAIT reuse is off' : 'TIME_WAIT reuse is limited to loopback',
        sentence: `tcp_tw_reuse is ${isOff ? '0' : '2, loopback only'}: ports towards ${destinationOf(pool)} stay locked for ${settings.timeWaitSeconds} s. Set to 1 they would be free after ${settings.reuse.delayMs / 1000} s, if both ends use timestamps.`,
        evidence: `tcp_tw_reuse = ${isOff ? 0 : 2} · timestamps ${settings.reuse.timestamps ? 'on' : 'off'}`,
        figures: ['reuse', 'time-wait'],
        disproof: 'The counter TWRecycled grows with the opens to this destination.',
        remedies: reuseRemedies(settings),
        source: 'Documentation/networking/ip-sysctl.rst, tcp_tw_reuse; measured on Linux 6.18',
        poolKey: pool.key,
        pid: null,
      },
    ];
  },
};
