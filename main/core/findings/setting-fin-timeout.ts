/** tcp_fin_timeout lowered, most likely "for TIME_WAIT", which it does not touch. */
import type { Rule } from './rule.ts';

const DEFAULT_SECONDS = 60;
/** With so many orphans in FIN_WAIT_2 the setting was lowered for what it does. */
const ORPHANS_THAT_EXPLAIN = 100;

export const settingFinTimeout: Rule = {
  id: 'setting-fin-timeout',
  title: 'tcp_fin_timeout',
  systems: ['linux'],
  find: ({ linux, settings, piles }) => {
    const seconds = linux?.finTimeoutSeconds ?? null;
    const explains = piles.some(
      ({ state, orphans }) => state === 'FIN_WAIT_2' && orphans >= ORPHANS_THAT_EXPLAIN,
    );
    if (seconds === null || seconds >= DEFAULT_SECONDS || explains) return [];
    return [
      {
        id: 'setting-fin-timeout',
        rule: 'setting-fin-timeout',
        level: 'notice',
        title: 'tcp_fin_timeout does not shorten TIME-WAIT',
        sentence: `tcp_fin_timeout is ${seconds} s instead of ${DEFAULT_SECONDS} s; it ends orphans in FIN-WAIT-2, while TIME-WAIT stays ${settings.timeWaitSeconds} s whatever it is.`,
        evidence: `tcp_fin_timeout = ${seconds}`,
        figures: ['hold'],
        disproof: 'It was lowered because peers do not close: many orphans in FIN_WAIT_2.',
        remedies: [],
        source: 'ip-sysctl.rst, tcp_fin_timeout; 60.8 s measured with 5, 30, 60 and 120 on Linux 6.18',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
