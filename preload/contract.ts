/**
 * The one door between a renderer and the workbench: every call and every event, once, with its schema. Both hosts
 * (Electron's IPC and the web host) serve exactly this table; the preload exposes exactly it. A leaf: imports nothing
 * of ours but the nouns.
 */
import { z } from 'zod';
import type { ForecastCurve, TrendColumns } from '../main/core/model.ts';
import {
  countByState,
  confidence,
  count,
  emptyArgs,
  finite,
  nullable,
  share,
  text,
} from './contract-atoms.ts';
import { DESKTOP_CALLS, DESKTOP_EVENTS } from './contract-desktop.ts';
import { EVIDENCE_CALLS, EVIDENCE_EVENTS } from './contract-evidence.ts';
import { FIX_CALLS, FIX_EVENTS } from './contract-fixes.ts';
import { HISTORY_CALLS, HISTORY_EVENTS } from './contract-history.ts';
import { IMPORT_CALLS } from './contract-import.ts';
import { portMapSchema } from './contract-port-map.ts';
import { REPORT_CALLS } from './contract-report.ts';
import { SETTINGS_CALLS, SETTINGS_EVENTS } from './contract-settings.ts';
import { summarySchema } from './contract-summary.ts';
import { WHAT_IF_CALLS } from './contract-what-if.ts';

/** Most rows one window of the socket table may ask for. */
export const MAX_WINDOW_ROWS = 500;
/** Most rows one export chunk may ask for. */
export const MAX_EXPORT_ROWS = 5000;
/** A call's serialised arguments may not be longer than this (hardening E7, W8). */
export const MAX_CALL_BYTES = 64 * 1024;

/** The state of the sampler process as the workbench sees it. */
export const samplerLinkSchema = z.strictObject({
  state: z.enum(['starting', 'running', 'silent', 'restarting', 'stopped']),
  /** Epoch milliseconds since when it is in this state. */
  sinceMs: finite,
  /** Restarts in the last five minutes. */
  restarts: count,
  /** Epoch milliseconds of the next try while restarting. */
  retryAtMs: nullable(finite),
  /** One sentence when something is wrong. */
  sentence: nullable(text),
});
export type SamplerLink = z.infer<typeof samplerLinkSchema>;

/** A row of the socket table, ready to show; text from outside is sanitised. */
export const socketRowSchema = z.strictObject({
  kind: z.literal('socket'),
  /** Stable while the socket lives. */
  key: text,
  family: z.union([z.literal(4), z.literal(6)]),
  state: text,
  localAddress: text,
  localPort: count,
  remoteAddress: text,
  remotePort: count,
  /** Null: unknown. */
  process: nullable(text),
  pid: nullable(count),
  confidence,
  /** True when the owner exists but may not be read. */
  ownerHidden: z.boolean(),
  uid: nullable(count),
  /** Seconds since first seen, or in TIME_WAIT since the close. */
  ageSeconds: nullable(finite),
  /** True when the socket was already there at the first dump: its age is "at least". */
  ageIsMinimum: z.boolean(),
  timer: z.enum(['none', 'retransmit', 'keepalive', 'timewait', 'probe', 'unknown']),
  timerSeconds: nullable(finite),
  /** Bytes; null where the source does not tell. */
  receiveQueue: nullable(count),
  sendQueue: nullable(count),
  inode: nullable(count),
});
/** A heading above the rows of one group. */
export const groupRowSchema = z.strictObject({
  kind: z.literal('group'),
  key: text,
  label: text,
  state: nullable(text),
  count,
  /** Share of the matching sockets, 0–1. */
  share,
  collapsed: z.boolean(),
});
export const SORT_COLUMNS = [
  'state',
  'local',
  'localPort',
  'remote',
  'remotePort',
  'process',
  'pid',
  'age',
  'timer',
  'uid',
  'owner',
  'receiveQueue',
  'sendQueue',
  'inode',
] as const;
export const GROUP_KEYS = ['none', 'process', 'destination', 'state', 'localPort', 'user'] as const;
const sortSchema = z.strictObject({ column: z.enum(SORT_COLUMNS), descending: z.boolean() });

export const filterProblemSchema = z.strictObject({
  /** Where the token stands in the filter text. */
  start: count,
  end: count,
  token: text,
  /** What is wrong and what to write instead. */
  message: text,
});

const poolArgs = z.strictObject({ poolKey: nullable(text) });

/** Every call: its arguments and its result. */
export const CALLS = {
  'workbench.describe': {
    args: emptyArgs,
    result: z.strictObject({
      version: text,
      host: z.enum(['desktop', 'web']),
      platform: text,
      /** True where the renderer draws its own window buttons. */
      windowControls: z.boolean(),
    }),
  },
  'summary.get': {
    args: emptyArgs,
    result: z.strictObject({ summary: nullable(summarySchema), sampler: samplerLinkSchema }),
  },
  'sampling.configure': {
    args: z.strictObject({
      intervalMs: z.number().min(200).max(10_000).optional(),
      paused: z.boolean().optional(),
    }),
    result: z.strictObject({ intervalMs: finite, paused: z.boolean() }),
  },
  'sampling.restart': { args: emptyArgs, result: samplerLinkSchema },
  'sockets.query': {
    args: z.strictObject({
      filter: text,
      sort: sortSchema,
      group: z.enum(GROUP_KEYS),
      /** Keys of collapsed groups. */
      collapsed: z.array(text).max(500),
      offset: count,
      limit: count.max(MAX_WINDOW_ROWS),
      /** A snapshot from sockets.pin, or null for the newest. */
      snapshotId: nullable(count),
    }),
    result: z.strictObject({
      snapshotId: count,
      takenAtMs: finite,
      /** Sockets in the snapshot. */
      total: count,
      /** Sockets that match the filter. */
      matching: count,
      /** Lines of the list: matching rows plus group headings less what is collapsed. */
      lines: count,
      offset: count,
      rows: z.array(z.discriminatedUnion('kind', [socketRowSchema, groupRowSchema])),
      byState: countByState,
      problems: z.array(filterProblemSchema),
    }),
  },
  'sockets.suggest': {
    /** The filter text and where the caret is. */
    args: z.strictObject({ filter: text, caret: count }),
    result: z.strictObject({
      /** The part of the text a suggestion replaces. */
      start: count,
      end: count,
      suggestions: z.array(z.strictObject({ insert: text, label: text, hint: text })),
    }),
  },
  'sockets.detail': {
    args: z.strictObject({ key: text, snapshotId: nullable(count) }),
    result: z.strictObject({
      /** The row, or null when there is no such socket (any more). */
      row: nullable(socketRowSchema),
      poolKey: nullable(text),
      poolCapacity: nullable(count),
      poolUsed: nullable(count),
      commandLine: nullable(text),
      unit: nullable(text),
      container: nullable(text),
      /** How the owner is known, in a sentence. */
      ownerSentence: text,
      /** Seconds it was seen open before it closed; null when not seen. */
      openSeconds: nullable(finite),
      /** The socket as one line in the manner of ss -tano. */
      line: text,
      /** A command that shows this socket again. */
      command: text,
    }),
  },
  'sockets.pin': {
    args: emptyArgs,
    result: z.strictObject({ snapshotId: count, takenAtMs: finite, total: count }),
  },
  'sockets.unpin': {
    args: z.strictObject({ snapshotId: count }),
    result: z.strictObject({ released: z.boolean() }),
  },
  'sockets.export': {
    args: z.strictObject({
      filter: text,
      sort: sortSchema,
      offset: count,
      limit: count.max(MAX_EXPORT_ROWS),
      snapshotId: count,
    }),
    /** CSV text; the first chunk carries the heading. */
    result: z.strictObject({ csv: z.string(), nextOffset: nullable(count), matching: count }),
  },
  'ports.map': {
    args: poolArgs,
    result: portMapSchema,
  },
  'trend.query': {
    args: z.strictObject({ poolKey: nullable(text), seconds: z.number().min(10).max(3600) }),
    result: z.strictObject({
      trend: z.strictObject({
        atMs: z.array(finite),
        timeWait: z.array(finite),
        established: z.array(finite),
        other: z.array(finite),
        opensPerSecond: z.array(nullable(finite)),
        derivedUntilMs: nullable(finite),
      }) satisfies z.ZodType<TrendColumns>,
      forecast: nullable(
        z.strictObject({
          atMs: z.array(finite),
          median: z.array(finite),
          low: z.array(finite),
          high: z.array(finite),
        }) satisfies z.ZodType<ForecastCurve>,
      ),
      capacity: nullable(count),
      slowFrom: nullable(count),
    }),
  },
  /** Every check that findings come from, in their order; those without a finding passed. */
  'findings.checks': {
    args: emptyArgs,
    result: z.strictObject({ checks: z.array(z.strictObject({ rule: text, title: text })) }),
  },
  ...WHAT_IF_CALLS,
  ...EVIDENCE_CALLS,
  ...IMPORT_CALLS,
  ...REPORT_CALLS,
  ...FIX_CALLS,
  ...HISTORY_CALLS,
  ...SETTINGS_CALLS,
  ...DESKTOP_CALLS,
  'window.control': {
    args: z.strictObject({ action: z.enum(['minimize', 'maximize', 'close']) }),
    result: z.strictObject({ maximized: z.boolean() }),
  },
} as const;

/** Every event, in the past tense, and what it carries. */
export const EVENTS = {
  'summary.updated': summarySchema,
  'sampler.changed': samplerLinkSchema,
  ...EVIDENCE_EVENTS,
  ...FIX_EVENTS,
  ...HISTORY_EVENTS,
  ...SETTINGS_EVENTS,
  ...DESKTOP_EVENTS,
} as const;

/**
 * A byte of the port map: 0 free or outside the range, 1 established, 2 listening, 3 CLOSE_WAIT, 4 SYN_SENT,
 * 5 other states, 6 reserved, 7 bound, 8 TIME_WAIT without a timer, and 16–76 TIME_WAIT with 0–60 sixtieths of the
 * hold left.
 */
export const PORT_MAP_CODES = {
  free: 0,
  established: 1,
  listen: 2,
  closeWait: 3,
  synSent: 4,
  other: 5,
  reserved: 6,
  bound: 7,
  timeWaitNoTimer: 8,
  timeWaitBase: 16,
  timeWaitSteps: 60,
} as const;

export type CallName = keyof typeof CALLS;
export type CallArgs<N extends CallName> = z.infer<(typeof CALLS)[N]['args']>;
export type CallResult<N extends CallName> = z.infer<(typeof CALLS)[N]['result']>;
export type EventName = keyof typeof EVENTS;
export type EventPayload<N extends EventName> = z.infer<(typeof EVENTS)[N]>;
export type SocketRow = z.infer<typeof socketRowSchema>;
export type GroupRow = z.infer<typeof groupRowSchema>;
export type SortColumn = (typeof SORT_COLUMNS)[number];
export type GroupKey = (typeof GROUP_KEYS)[number];
export type FilterProblem = z.infer<typeof filterProblemSchema>;

/** A refusal or failure as it crosses the door: a code for programs, a sentence for people. */
export const answerFailureSchema = z.strictObject({ code: text, sentence: text });
export type AnswerFailure = z.infer<typeof answerFailureSchema>;

/** What every call answers, on both hosts. */
export type Answer<T> = { ok: true; value: T } | { ok: false; failure: AnswerFailure };

/**
 * What the preload puts on `window.fourtuple`: one named function a call and one to hear events. No channel name or
 * event object crosses. Each call answers an Answer; events arrive as plain objects.
 */
export interface WorkbenchDoor {
  calls: { [N in CallName]: (args: unknown) => Promise<unknown> };
  onEvent(listener: (event: { name: string; payload: unknown }) => void): () => void;
}

/** The web host's frames, one JSON object each. */
export const clientFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), secret: z.string().max(200) }),
  z.strictObject({ type: z.literal('call'), id: count, name: z.string().max(64), args: z.unknown() }),
]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;
export type ServerFrame =
  | { type: 'welcome' }
  | { type: 'answer'; id: number; answer: Answer<unknown> }
  | { type: 'event'; name: EventName; payload: unknown };

/** The names a call may have. */
export const CALL_NAMES = Object.keys(CALLS) as CallName[];
