/** TcpTimedWaitDelay outside what Windows takes: the value is not used. */
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';

/** KB 314053. */
const LOWEST = 30;
const HIGHEST = 300;

export const windowsTimedWaitDelay: Rule = {
  id: 'windows-timed-wait-delay',
  title: 'TcpTimedWaitDelay',
  systems: ['windows'],
  find: ({ windows, settings }) => {
    const seconds = windows?.timedWaitDelaySeconds ?? null;
    if (seconds === null || (seconds >= LOWEST && seconds <= HIGHEST)) return [];
    return [
      {
        id: 'windows-timed-wait-delay',
        rule: 'windows-timed-wait-delay',
        level: 'notice',
        title: 'TcpTimedWaitDelay is out of range',
        sentence: `TcpTimedWaitDelay is ${seconds}; Windows takes ${LOWEST} to ${HIGHEST} s, so a closed connection still locks its port for about ${settings.timeWaitSeconds} s.`,
        evidence: `TcpTimedWaitDelay = ${seconds}`,
        figures: ['hold'],
        disproof: 'TIME_WAIT sockets are seen to end sooner.',
        remedies: [
          remedy('windows-timed-wait-delay', 'needs a restart; measure afterwards whether it is honoured'),
        ],
        source: 'Microsoft KB 314053, TcpTimedWaitDelay',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
