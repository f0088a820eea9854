/** Imports for tests of the page: a link that takes files and then shows them. */
import type { CallArgs, CallResult, EventPayload } from '../../preload/contract.ts';
import type { FakeLink } from './fake-link.ts';
import { incidentSummary, RUNNING_SAMPLER } from './incident.ts';
import { incidentLink } from './mount-screen.ts';

type ImportReport = CallResult<'import.finish'>;
type Summary = EventPayload<'summary.updated'>;

/** 2026-03-02 09:15 local time. */
export const DUMPED_AT_MS = new Date(2026, 2, 2, 9, 15).getTime();

export function importedSummary(): Summary {
  const live = incidentSummary();
  return {
    ...live,
    takenAtMs: DUMPED_AT_MS,
    origin: {
      kind: 'imported',
      files: [
        {
          name: 'netstat.txt',
          modifiedAtMs: DUMPED_AT_MS,
          format: 'windows-netstat',
          sockets: 4312,
          problemCount: 2,
        },
      ],
      profileBasis: 'detected',
    },
    target: { hostname: 'netstat.txt', platform: 'win32', release: '', address: null },
    settings: { ...live.settings, profileId: 'windows', profileName: 'Windows' },
    sampler: { ...live.sampler, source: 'imported' },
  };
}

/** A report of one file that was understood whole; `problemCount` of its lines were not. */
export function aReport({
  problemCount = 0,
  ...change
}: Partial<ImportReport> & { problemCount?: number } = {}): ImportReport {
  return {
    opened: true,
    files: [
      {
        name: 'netstat.txt',
        format: 'netstat -ano of Windows',
        encoding: 'UTF-16',
        sockets: 4312,
        factCount: 0,
        problems: problemCount === 0 ? [] : [{ line: 7, text: '?? unexpected', why: 'no state in it' }],
        problemCount,
        sentence: '4,312 TCP sockets.',
      },
    ],
    profile: { id: 'windows', name: 'Windows', basis: 'detected' },
    choices: [],
    sentence: 'Read as Windows: 4,312 TCP sockets.',
    ...change,
  };
}

/** A link that answers as the incident does, and with the import once `finish` opened it. */
export function importLink(
  finish: (args: CallArgs<'import.finish'>) => ImportReport = () => aReport(),
): FakeLink {
  let isOpen = false;
  return incidentLink()
    .respond('summary.get', () => ({
      summary: isOpen ? importedSummary() : incidentSummary(),
      sampler: RUNNING_SAMPLER,
    }))
    .respond('import.begin', () => ({ importId: 'import-1' }))
    .respond('import.piece', ({ data }) => ({ receivedBytes: data.length }))
    .respond('import.finish', (args) => {
      const report = finish(args);
      isOpen = report.opened;
      return report;
    })
    .respond('import.close', () => {
      isOpen = false;
      return { closed: true };
    });
}
