/** A process near its limit of open files: socket() and accept() fail with EMFILE while ports are plenty. */
import type { Finding } from '../model.ts';
import { sayCount, sayPercent } from '../words/figures.ts';
import type { FindingEvidence, ProcessEvidence } from './evidence.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { sayInsteadOfPorts, sayProcess } from './subjects.ts';

const WARNING_SHARE = 0.8;
const CRITICAL_SHARE = 0.95;

export const descriptorsProcess: Rule = {
  id: 'descriptors-process',
  title: 'Open files of the processes with most connections',
  systems: ['linux'],
  find: (evidence) => evidence.processes.flatMap((entry) => describe(entry, evidence)),
};

function describe(
  { pid, process, descriptors, descriptorLimit }: ProcessEvidence,
  evidence: FindingEvidence,
): Finding[] {
  if (descriptors === null || descriptorLimit === null || descriptorLimit <= 0) return [];
  const share = descriptors / descriptorLimit;
  if (share < WARNING_SHARE) return [];
  const who = sayProcess(process, pid);
  return [
    {
      id: `descriptors-process:${pid}`,
      rule: 'descriptors-process',
      level: share >= CRITICAL_SHARE ? 'critical' : 'warning',
      title: `${process} is near its limit of open files`,
      sentence: sayInsteadOfPorts(
        evidence,
        `${who} has ${sayCount(descriptors)} of ${sayCount(descriptorLimit)} descriptors open (${sayPercent(share)}); at the limit socket() and accept() fail with EMFILE (24).`,
      ),
      evidence: `/proc/${pid}/fd ${descriptors} · Max open files ${descriptorLimit}`,
      figures: ['descriptors', 'sockets'],
      disproof: 'The program closes descriptors again as fast as it opens them.',
      remedies: [
        remedy('app-close-connections', 'removes the cause where descriptors leak'),
        remedy('linux-descriptor-limit', 'buys time, and is right where the work needs so many'),
      ],
      source: 'getrlimit(2), RLIMIT_NOFILE; socket(2), EMFILE',
      poolKey: null,
      pid,
    },
  ];
}
