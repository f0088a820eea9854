/** The workbench's reports: gathers what is known at one moment, makes the document, keeps it until it is fetched. */
import { CALLS, MAX_EXPORT_ROWS, type CallName, type CallResult } from '../../preload/contract.ts';
import type { REPORT_CALLS, ReportArgs } from '../../preload/contract-report.ts';
import { worstPool } from '../core/assess.ts';
import { checksFor } from '../core/findings/rules.ts';
import { systemOfProfile } from '../core/profiles.ts';
import type { Failure, Outcome, Pool, Summary } from '../core/model.ts';
import { parseCsv } from '../report/csv.ts';
import { makeReport, type MadeReport } from '../report/make.ts';
import type { KnownNames, ReportSockets, ReportTrend } from '../report/model.ts';
import { trendTitle } from '../report/sections.ts';
import type { SamplerCall } from '../sampling/protocol.ts';
import type { Handlers } from './handlers.ts';
import { gatherRuns, type GatheredRuns } from './report-runs.ts';
import type { RunStore } from './run-store.ts';

export type ReportHandlers = Pick<Handlers, keyof typeof REPORT_CALLS>;

export interface ReportParts {
  /** The newest summary, null before the first. */
  summary(): Summary | null;
  askSampler(name: SamplerCall, args: unknown): Promise<Outcome<unknown>>;
  store: RunStore;
  version: string;
  /** Epoch milliseconds. */
  now(): number;
  timeZone: string;
  /** Names to hide when asked: of this machine, and of who looks. */
  hosts: readonly string[];
  users: readonly string[];
  newId(): string;
}

/** Reports kept at one time; the oldest gives way. Enough that looking at others does not end a download. */
const MAX_KEPT = 8;
const TREND_SECONDS = 3600;

export function createReports(parts: ReportParts): ReportHandlers {
  const kept = new Map<string, string>();
  return {
    'report.create': async (args) => {
      const made = await make(parts, args);
      if (!made.ok) return made;
      const { name, text } = made.value;
      const reportId = parts.newId();
      kept.set(reportId, text);
      const [oldest] = kept.keys();
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
      return { ok: true, value: { reportId, name, totalCharacters: text.length } };
    },
    'report.piece': async ({ reportId, offset, limit }) => {
      const text = kept.get(reportId);
      return text === undefined ? gone() : { ok: true, value: pieceOf(text, offset, limit) };
    },
  };
}

/** Never half of a surrogate pair: one character more instead. */
function pieceOf(text: string, offset: number, limit: number): CallResult<'report.piece'> {
  const end = Math.min(text.length, offset + limit);
  const to = end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end + 1 : end;
  return { text: text.slice(offset, to), nextOffset: to < text.length ? to : null };
}

async function make(
  parts: ReportParts,
  { format, redact, include }: ReportArgs,
): Promise<Outcome<MadeReport>> {
  const summary = parts.summary();
  if (summary === null) return refused('the first sample is under way: try again in a second');
  const sockets = include.sockets || format === 'csv' ? await readSockets(parts) : null;
  if (sockets && !sockets.ok) return sockets;
  const trends = include.pictures && format !== 'csv' ? await readTrends(parts, summary) : [];
  // Commands of this machine say nothing about files of another.
  const isWanted = include.transcripts && summary.origin.kind === 'live' && format !== 'csv';
  const runs: GatheredRuns = isWanted
    ? gatherRuns(parts.store, redact.includes('processes'))
    : { transcripts: [], processes: [] };
  const input = {
    version: parts.version,
    createdAtMs: parts.now(),
    timeZone: parts.timeZone,
    summary,
    checks: checksFor(systemOfProfile(summary.settings.profileId) ?? 'linux'),
    trends,
    transcripts: runs.transcripts,
    changes: [],
    sockets: sockets?.value ?? null,
    redactions: [],
  };
  const known: KnownNames = {
    hosts: parts.hosts,
    files: [],
    processes: runs.processes,
    users: parts.users,
  };
  return makeReport(input, { format, redact, known });
}

/** What cannot be had is left out: the report says the rest. */
async function readTrends(parts: ReportParts, { pools, thresholds }: Summary): Promise<ReportTrend[]> {
  const pool = worstPool(pools, thresholds)?.pool ?? null;
  const asked: (Pool | null)[] = pool ? [pool, null] : [null];
  const answers = await Promise.all(
    asked.map(async (of) => {
      const answer = await ask(parts, 'trend.query', { poolKey: of?.key ?? null, seconds: TREND_SECONDS });
      return answer.ok ? [{ title: trendTitle(of), ...answer.value }] : [];
    }),
  );
  return answers.flat();
}

async function readSockets(parts: ReportParts): Promise<Outcome<ReportSockets>> {
  const pinned = await ask(parts, 'sockets.pin', {});
  if (!pinned.ok) return pinned;
  const { snapshotId } = pinned.value;
  try {
    const pieces: string[] = [];
    for (let offset: number | null = 0; offset !== null;) {
      const piece: Outcome<CallResult<'sockets.export'>> = await ask(parts, 'sockets.export', {
        filter: '',
        sort: { column: 'state', descending: false },
        offset,
        limit: MAX_EXPORT_ROWS,
        snapshotId,
      });
      if (!piece.ok) return piece;
      pieces.push(piece.value.csv);
      offset = piece.value.nextOffset;
    }
    const sockets = parseCsv(pieces.join(''));
    return sockets === null ? refused('the list of sockets could not be read') : { ok: true, value: sockets };
  } finally {
    await ask(parts, 'sockets.unpin', { snapshotId });
  }
}

/** The sampler is another process: its results are held to the contract. */
async function ask<N extends CallName & SamplerCall>(
  { askSampler }: ReportParts,
  name: N,
  args: unknown,
): Promise<Outcome<CallResult<N>>> {
  const answer = await askSampler(name, args);
  if (!answer.ok) return answer;
  const parsed = CALLS[name].result.safeParse(answer.value);
  return parsed.success
    ? { ok: true, value: parsed.data as CallResult<N> }
    : refused('the sampler answered something else');
}

function refused(why: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'unavailable', what: 'a report', why } };
}

function gone(): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'gone', what: 'that report' } };
}
