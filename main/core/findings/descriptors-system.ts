/** The whole system near its limit of open files: every process then gets ENFILE. */
import { sayCount, sayPercent } from '../words/figures.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { sayInsteadOfPorts } from './subjects.ts';

const WARNING_SHARE = 0.8;
const CRITICAL_SHARE = 0.95;

export const descriptorsSystem: Rule = {
  id: 'descriptors-system',
  title: 'Open files of the whole system',
  systems: ['linux'],
  find: (evidence) => {
    const { fileHandlesUsed: used, fileHandlesMax: limit } = evidence.counters;
    if (used === null || limit === null || limit <= 0 || used < WARNING_SHARE * limit) return [];
    const share = used / limit;
    return [
      {
        id: 'descriptors-system',
        rule: 'descriptors-system',
        level: share >= CRITICAL_SHARE ? 'critical' : 'warning',
        title: 'The system is near its limit of open files',
        sentence: sayInsteadOfPorts(
          evidence,
          `${sayCount(used)} of ${sayCount(limit)} file handles of the system are in use (${sayPercent(share)}); at the limit socket() fails with ENFILE (23) for every process.`,
        ),
        evidence: `file-nr = ${used} · file-max = ${limit}`,
        figures: ['descriptors'],
        disproof: 'The count falls below 80% of the limit.',
        remedies: [remedy('linux-descriptor-limit', 'raises fs.file-max; find who holds them first')],
        source: 'proc_sys_fs(5), file-max and file-nr',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
