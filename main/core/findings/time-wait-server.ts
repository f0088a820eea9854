/** TIME_WAIT on a listening port: this machine closed first as the server. It looks like a problem and costs no port. */
import { sayCount } from '../words/figures.ts';
import type { Rule } from './rule.ts';

/** Below this nobody asks. */
const MIN_SOCKETS = 1000;

export const timeWaitServer: Rule = {
  id: 'time-wait-server',
  title: 'TIME_WAIT of this machine’s own services',
  find: ({ serverTimeWait }) => {
    const [largest] = serverTimeWait;
    const sockets = serverTimeWait.reduce((sum, entry) => sum + entry.sockets, 0);
    if (!largest || sockets < MIN_SOCKETS) return [];
    const service = largest.process === null ? '' : ` (${largest.process})`;
    return [
      {
        id: 'time-wait-server',
        rule: 'time-wait-server',
        level: 'notice',
        title: 'Server-side TIME_WAIT is harmless here',
        sentence: `${sayCount(sockets)} TIME_WAIT sockets belong to ports this machine listens on, most to port ${largest.localPort}${service}: they use no ephemeral port, only some memory.`,
        evidence: `${sayCount(largest.sockets)} TIME_WAIT on local port ${largest.localPort}`,
        figures: ['time-wait', 'listeners'],
        disproof: 'Their local ports lie in the ephemeral port range and nothing listens on them.',
        remedies: [],
        source: 'RFC 9293 §3.6; measured on Linux 6.18: such sockets take nothing from a client’s pool',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
