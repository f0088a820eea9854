/** What a report may hold and hide, in words. */
import type { Redaction, ReportFormat, ReportPart } from '../../stores/report.ts';

/** Parts that can be left out; `lacks` names the formats that cannot carry one. */
export const INCLUDED_PARTS: readonly {
  name: ReportPart;
  words: string;
  lacks: readonly ReportFormat[];
  lacksBecause: string;
}[] = [
  { name: 'pictures', words: 'Pictures of the trend', lacks: ['md'], lacksBecause: 'Text has no pictures' },
  { name: 'transcripts', words: 'Full transcripts', lacks: [], lacksBecause: '' },
  { name: 'sockets', words: 'List of sockets', lacks: [], lacksBecause: '' },
];

export const HIDDEN_PARTS: readonly { name: Redaction; words: string }[] = [
  { name: 'addresses', words: 'Hide addresses' },
  { name: 'hosts', words: 'Hide host names' },
  { name: 'processes', words: 'Hide processes and command lines' },
];
