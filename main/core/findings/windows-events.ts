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
  /** When the last one is older, or of unknown age: the log of a file may go back for months. */
  levelLater: Finding['level'];
}

const MEANINGS: Readonly<Record<number, Meaning>> = {
  4227: {
    title: 'Windows met a port still in TIME_WAIT',
    means:
      'a port was to be used again towards the same destination before its wait was over: closes come faster than ports return',
    level: 'warning',
    levelLater: 'notice',
  },
  4231: {
    title: 'Windows had no TCP port left',
    means: 'a program asked for a port and none of the dynamic range was free',
    level: 'critical',
    levelLater: 'warning',
  },
  4266: {
    title: 'Windows had no UDP port left',
    means: 'a program asked for a UDP port and none was free (meaning unverified)',
    level: 'warning',
    levelLater: 'notice',
  },
};

/** An event of the last minutes speaks of now. */
const FRESH_MS = 15 * 60_000;

export const windowsEvents: Rule = {
  id: 'windows-events',
  title: 'Events 4227, 4231 and 4266 of the last day',
  systems: ['windows'],
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
      level: isFresh(lastAt, evidence) ? meaning.level : meaning.levelLater,
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

/** Whether the last event is of the last minutes; a time without a zone is of no use. */
function isFresh(lastAt: string | null, { origin, atMs }: FindingEvidence): boolean {
  const utc = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC$/.exec(lastAt ?? '');
  if (origin !== 'live' || !utc) return false;
  return atMs - Date.parse(`${utc[1]}T${utc[2]}Z`) <= FRESH_MS;
}
