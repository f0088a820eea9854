/**
 * The contract's calls to look at files instead of this machine. A renderer sends each file gzip-compressed in pieces;
 * the sampler understands them and answers every other call from them until `import.close`.
 */
import { z } from 'zod';
import { count, emptyArgs, finite, nullable, text } from './contract-atoms.ts';

/** Most files of one import. */
export const MAX_IMPORT_FILES = 16;
/** Most bytes of all files together, unpacked. */
export const MAX_IMPORT_BYTES = 256 * 1024 * 1024;
/** Most base64 characters of one piece; with its frame it stays under the size of a call. */
export const MAX_IMPORT_PIECE = 48 * 1024;

const importedFile = z.strictObject({
  name: text,
  format: nullable(text),
  encoding: text,
  sockets: count,
  /** Other things read from it: settings, ranges, counters. */
  factCount: count,
  problems: z.array(z.strictObject({ line: count, text, why: text })),
  problemCount: count,
  /** One sentence: what was read, or why nothing was. */
  sentence: text,
});

export const importReportSchema = z.strictObject({
  /** True when the workbench now shows the import; false when it could not be used or a choice is needed first. */
  opened: z.boolean(),
  files: z.array(importedFile),
  profile: nullable(
    z.strictObject({ id: text, name: text, basis: z.enum(['detected', 'chosen', 'assumed']) }),
  ),
  /** Systems to choose from where the files do not tell; empty otherwise. */
  choices: z.array(z.strictObject({ id: text, name: text })),
  /** One sentence for all of it. */
  sentence: text,
});

export const IMPORT_CALLS = {
  'import.begin': {
    args: z.strictObject({
      files: z
        .array(
          z.strictObject({
            name: text,
            modifiedAtMs: nullable(finite),
            /** Size of the file itself. */
            bytes: count,
          }),
        )
        .min(1)
        .max(MAX_IMPORT_FILES),
    }),
    result: z.strictObject({ importId: text }),
  },
  /** Pieces come in order, file by file; `data` is base64 of a piece of the file's gzip stream. */
  'import.piece': {
    args: z.strictObject({ importId: text, fileIndex: count, data: z.string().max(MAX_IMPORT_PIECE) }),
    result: z.strictObject({ receivedBytes: count }),
  },
  /** Reads what was sent. With a profile chosen, that one is used; asked again after a choice, nothing is sent again. */
  'import.finish': {
    args: z.strictObject({ importId: text, profileId: nullable(text) }),
    result: importReportSchema,
  },
  /** Back to this machine. */
  'import.close': { args: emptyArgs, result: z.strictObject({ closed: z.boolean() }) },
} as const;

export type ImportReport = z.infer<typeof importReportSchema>;
