/** The contract's calls and events about probes and what they printed. */
import { z } from 'zod';
import { count, emptyArgs, finite, nullable, text } from './contract-atoms.ts';

/** Most characters one piece of a transcript may carry. */
export const MAX_TRANSCRIPT_PIECE = 32 * 1024;
/** Most rows of a parse result in one answer. */
export const MAX_PARSED_ROWS = 200;

export const FIGURES = [
  'verdict',
  'pool-used',
  'time-wait',
  'new-connections',
  'time-to-exhaustion',
  'range',
  'hold',
  'reuse',
  'port-map',
  'sockets',
  'consumers',
  'listeners',
  'counters',
  'conntrack',
  'descriptors',
] as const;

export const probeSchema = z.strictObject({
  id: text,
  group: z.enum(['sockets', 'settings', 'counters', 'owners', 'path', 'misleading']),
  title: text,
  /** As a person would type it. */
  command: text,
  proves: text,
  needs: nullable(text),
  figures: z.array(z.enum(FIGURES)),
  parameters: z.array(
    z.strictObject({
      name: text,
      type: z.enum(['pid', 'port', 'address']),
      label: text,
      preset: nullable(text),
    }),
  ),
  /** Null when it can run here; else one sentence why not and what would help. */
  unavailable: nullable(text),
  folklore: nullable(z.strictObject({ command: text, takenFor: text, why: text })),
});

export const runSchema = z.strictObject({
  runId: text,
  probeId: text,
  title: text,
  command: text,
  group: probeSchema.shape.group,
  way: z.enum(['visible', 'quiet']),
  startedAtMs: finite,
  /** Null while it runs. */
  tookMs: nullable(finite),
  state: z.enum(['running', 'finished']),
  /** How it went: "good" = ended well and has the expected shape; "empty" = ended well with no data. */
  outcome: nullable(z.enum(['good', 'empty', 'partial', 'failed', 'cancelled'])),
  /** One sentence: "Ended with exit status 0.", "Stopped after 10 s without output." Null while it runs. */
  endSentence: nullable(text),
  exitCode: nullable(z.number().int()),
  signal: nullable(text),
  outputBytes: count,
  /** Output beyond a limit was dropped. */
  truncated: z.boolean(),
  /** Why it ran another way than asked, or what else to know; null when nothing. */
  note: nullable(text),
  /** As whom: "root", "uid 1000". */
  asUser: text,
  /** SHA-256 of the output, hexadecimal; null while it runs. */
  sha256: nullable(text),
});

export const EVIDENCE_CALLS = {
  /** Every probe of this machine's system. */
  'probes.list': { args: emptyArgs, result: z.strictObject({ probes: z.array(probeSchema) }) },
  'probes.run': {
    args: z.strictObject({
      probeId: text,
      parameters: z.array(z.strictObject({ name: text, value: text })).max(4),
    }),
    result: runSchema,
  },
  /** The runs kept, newest first. */
  'runs.list': { args: emptyArgs, result: z.strictObject({ runs: z.array(runSchema) }) },
  'runs.cancel': {
    args: z.strictObject({ runId: text }),
    result: z.strictObject({ cancelled: z.boolean() }),
  },
  /** A piece of what the run printed, decoded; escape sequences as they came, for a terminal to draw. */
  'runs.transcript': {
    args: z.strictObject({
      runId: text,
      /** In characters (UTF-16 units) from the start. */
      offset: count,
      limit: count.max(MAX_TRANSCRIPT_PIECE),
    }),
    result: z.strictObject({
      text: z.string().max(MAX_TRANSCRIPT_PIECE + 2),
      nextOffset: nullable(count),
      totalCharacters: count,
    }),
  },
  /**
   * What was understood of a finished run's output. Lines count from 1 in the transcript. Sockets and facts are paged
   * together: ask until `offset` has passed both counts.
   */
  'runs.parsed': {
    args: z.strictObject({ runId: text, offset: count, limit: count.max(MAX_PARSED_ROWS) }),
    result: z.strictObject({
      format: text,
      /** One sentence: "27,743 TCP sockets, 3 lines not understood." */
      summary: text,
      socketCount: count,
      /** Sockets from `offset`. */
      sockets: z.array(
        z.strictObject({
          line: count,
          state: text,
          local: text,
          remote: text,
          timer: nullable(text),
          owner: nullable(text),
        }),
      ),
      /** Everything else it tells, as name and value: those from `offset`, as with the sockets. */
      facts: z.array(z.strictObject({ line: count, name: text, value: text })),
      factCount: count,
      problems: z.array(z.strictObject({ line: count, text, why: text })),
      problemCount: count,
      skipped: z.array(z.strictObject({ what: text, count })),
      /** Lines (from 1) that figures rest on, the first few hundred. */
      restsOn: z.array(count),
      /** For a misleading command: what it claims beside what is so. */
      comparison: nullable(z.strictObject({ claims: text, takenFor: text, really: text, why: text })),
    }),
  },
} as const;

export const EVIDENCE_EVENTS = {
  'run.started': runSchema,
  /** Output as it comes. `offset` counts characters as in runs.transcript; a gap means: ask for the piece. */
  'run.printed': z.strictObject({ runId: text, offset: count, text: z.string() }),
  'run.finished': runSchema,
} as const;

export type ProbeInfo = z.infer<typeof probeSchema>;
export type RunInfo = z.infer<typeof runSchema>;
export type ParsedRun = z.infer<(typeof EVIDENCE_CALLS)['runs.parsed']['result']>;
export type FigureName = (typeof FIGURES)[number];
