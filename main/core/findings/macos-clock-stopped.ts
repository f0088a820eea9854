/** A macOS up for 49.7 days (2³² ms) whose TCP clock stopped: TIME_WAIT never ends, and only a restart helps. */
import { sayCount } from '../words/figures.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';

/** 2³² milliseconds. */
const WRAP_SECONDS = 2 ** 32 / 1000;
const DAY_SECONDS = 86_400;
const MIN_TIME_WAIT = 50;

export const macosClockStopped: Rule = {
  id: 'macos-clock-stopped',
  title: 'TCP clock of macOS',
  systems: ['macos'],
  find: ({ macos, totals, origin }) => {
    const uptime = macos?.uptimeSeconds ?? null;
    const waiting = totals.byState.TIME_WAIT ?? 0;
    if (macos === null || uptime === null || uptime < WRAP_SECONDS) return [];
    if (macos.timeWaitEnds === true || waiting < MIN_TIME_WAIT) return [];
    const isSure = macos.timeWaitEnds === false;
    const isUp = origin === 'live' ? 'has been up' : 'had been up, by the time of the files,';
    const days = Math.floor((uptime / DAY_SECONDS) * 10) / 10;
    return [
      {
        id: 'macos-clock-stopped',
        rule: 'macos-clock-stopped',
        level: isSure ? 'critical' : 'notice',
        title: isSure ? 'TIME_WAIT never ends on this Mac' : 'TIME_WAIT may not end on this Mac',
        sentence: isSure
          ? `This Mac has been up for ${days} days and none of ${sayCount(waiting)} TIME_WAIT sockets ends: its TCP clock stopped after 49.7 days. Only a restart helps.`
          : `This Mac ${isUp} for ${days} days; after 49.7 days its TCP clock can stop, and ${sayCount(waiting)} TIME_WAIT sockets would then never end.`,
        evidence: `uptime ${days} d · ${sayCount(waiting)} TIME_WAIT`,
        figures: ['time-wait', 'hold'],
        disproof: 'A TIME_WAIT socket is seen to end.',
        remedies: [remedy('restart-host', 'nothing else starts the clock again')],
        source: 'xnu, tcp_now: milliseconds in 32 bits; the wrap at 49.7 days',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
