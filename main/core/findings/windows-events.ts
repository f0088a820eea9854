/** What Windows itself logged of ports that ran out. It logs rarely: absence proves little. */
import type { Finding } from '../model.ts';
import { poolRemediesOfHost } from './host-remedies.ts';
import type { FindingEvidence } from './evidence.ts';
import type { Rule } from './rule.ts';
import { counted } from './subjects.ts';

interface Meaning {
  title: string;
  means: string;
  level: Finding['level'];
  /** Of files: their log may go back for months. */
  levelOfFiles: Finding['level'];
}

const MEANINGS: Readonly<Record<number, Meaning>> = {
  4227: {
    title: 'Windows met a port still in TIME_WAIT',
    means:
      'a port was to be used again towards the same destination before its wait was over: closes come faster than ports return',
    level: 'warning',
    levelOfFiles: 'notice',
  },
  4231: {
    title: 'Windows had no TCP port left',
    means: 'a program asked for a port and none of the dynamic range was free',
    level: 'critical',
    levelOfFiles: 'warning',
  },
  4266: {
    title: 'Windows had no UDP port left',
    means: 'a program asked for a UDP port and none was free (meaning unverified)',
    level: 'warning',
    levelOfFiles: 'notice',
  },
};

export const windowsEvents: Rule = {
  id: 'windows-events',
  title: 'Events 4227, 4231 and 4266 of the last day',
  find: (evidence) => (evidence.windows?.events ?? []).flatMap((event) => describe(event, evidence)),
};

function describe(
  { id, count, lastAt }: { id: number; count: number; lastAt: string | null },
  evidence: FindingEvidence,
): Finding[] {
  const meaning = MEANINGS[id];
  if (!meaning || count === 0) return [];
  return [
    {
      id: `windows-events:${id}`,
      rule: 'windows-events',
      level: evidence.origin === 'live' ? meaning.level : meaning.levelOfFiles,
      title: meaning.title,
      sentence: `The System log has ${counted(count, 'event')} ${id} of Tcpip${lastAt === null ? '' : `, the last at ${lastAt}`}: ${meaning.means}.`,
      evidence: `Tcpip ${id} × ${count}`,
      figures: ['counters', 'pool-used'],
      disproof: 'The events are older than the incident.',
      remedies: poolRemediesOfHost(evidence),
      source: 'Microsoft: events 4227 and 4231 of Tcpip; TCP/IP port exhaustion troubleshooting',
      poolKey: null,
      pid: null,
    },
  ];
}
