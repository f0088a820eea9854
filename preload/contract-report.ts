/** The contract's calls about reports: one is made and kept for a moment, then fetched in pieces. */
import { z } from 'zod';
import { count, nullable, text } from './contract-atoms.ts';

/** Most characters of one piece of a report. */
export const MAX_REPORT_PIECE = 256 * 1024;

export const REPORT_CALLS = {
  'report.create': {
    args: z.strictObject({
      format: z.enum(['html', 'md', 'json', 'csv']),
      /** What to hide, each thing under one name of its own. */
      redact: z.array(z.enum(['addresses', 'hosts', 'processes'])).max(3),
      include: z.strictObject({
        /** What the probes of this session printed. */
        transcripts: z.boolean(),
        /** Ports in use over time. */
        pictures: z.boolean(),
        /** The list of sockets; a CSV report is that list and has it anyway. */
        sockets: z.boolean(),
      }),
    }),
    result: z.strictObject({
      reportId: text,
      /** A file name for it, with its extension. */
      name: text,
      totalCharacters: count,
    }),
  },
  /** A piece of the text from `offset`, in characters (UTF-16 units). */
  'report.piece': {
    args: z.strictObject({ reportId: text, offset: count, limit: count.min(1).max(MAX_REPORT_PIECE) }),
    result: z.strictObject({ text: z.string().max(MAX_REPORT_PIECE + 1), nextOffset: nullable(count) }),
  },
} as const;

export type ReportArgs = z.infer<(typeof REPORT_CALLS)['report.create']['args']>;
