/** Looks at this machine, or at files, for a report: a sampler that has seen enough, and the figures read off it. */
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { worstPool } from '../core/assess.ts';
import type { Failure, Outcome, Summary } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import { parseCsv } from '../report/csv.ts';
import type { ReportSockets, ReportTrend } from '../report/model.ts';
import { trendTitle } from '../report/sections.ts';
import { answerSamplerCall } from '../sampling/answers.ts';
import { choosePlatform } from '../sampling/choose.ts';
import { openImport } from '../sampling/imported/open-import.ts';
import { readFiles } from '../sampling/imported/read-files.ts';
import { Sampler } from '../sampling/sampler.ts';
import { readSources } from './read-sources.ts';
import type { ReportOptions } from './report-options.ts';

export interface Looked {
  summary: Summary;
  trends: ReportTrend[];
  /** Null when it was not asked for. */
  sockets: ReportSockets | null;
}

const POOL_LIMIT = 100;
const SAMPLE_EVERY_MS = 1000;
/** Milliseconds between glances at open connections. */
const GLANCE_EVERY_MS = 80;
const TREND_SECONDS = 3600;
const EXPORT_ROWS = 5000;

/** Samples this machine once a second for as long as asked; ends early when `signal` aborts. */
export async function lookAtMachine(options: ReportOptions, signal: AbortSignal): Promise<Outcome<Looked>> {
  const platform = choosePlatform(process.platform);
  if (!platform.ok) return platform;
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  const sampler = new Sampler({ platform: platform.value, clock, poolLimit: POOL_LIMIT });
  const opened = sampler.open();
  if (!opened.ok) return opened;
  try {
    const watched = await watch(sampler, options.forSeconds, signal);
    return watched.ok ? readLooked(sampler, options) : watched;
  } finally {
    sampler.close();
  }
}

/** Reads the files that were named. */
export async function lookAtFiles(
  options: ReportOptions,
  stdin: () => AsyncIterable<Uint8Array>,
): Promise<Outcome<Looked>> {
  const files = await readSources(options.from, stdin);
  if (!files.ok) return files;
  const reading = await readFiles(files.value, { pause: () => nextTurn(), alive: () => undefined });
  if (!reading.ok) return reading;
  const { profileId } = options;
  const opened = openImport(reading.value, { profileId, poolLimit: POOL_LIMIT, nowMs: Date.now() });
  if (!opened.ok) return opened;
  const { report, sampler } = opened.value;
  if (sampler) return readLooked(sampler, options);
  const choices = report.choices.map(({ id }) => `--profile ${id}`).join(' or ');
  const sentence =
    choices === '' ? report.sentence : `${report.sentence.replace(/: choose one\.$/, '')}: say ${choices}.`;
  return { ok: false, failure: { code: 'invalid', field: 'files', message: sentence } };
}

async function watch(sampler: Sampler, seconds: number, signal: AbortSignal): Promise<Outcome<true>> {
  const untilMs = performance.now() + seconds * 1000;
  // Listings by commands take their time: no gap.
  sampler.setInterval(sampler.needsRefresh ? 60_000 : SAMPLE_EVERY_MS);
  for (;;) {
    const beganMs = performance.now();
    if (sampler.needsRefresh) {
      const refreshed = await sampler.refresh(signal);
      if (!refreshed.ok) return refreshed;
    }
    const sample = sampler.sample();
    if (!sample.ok) return sample;
    if (signal.aborted || performance.now() >= untilMs) return { ok: true, value: true };
    // Commands cost the machine more: as long as they took, twice, it is left alone.
    const restMs = sampler.needsRefresh ? 2 * (performance.now() - beganMs) : 0;
    await glanceUntil(sampler, Math.min(untilMs, performance.now() + restMs + SAMPLE_EVERY_MS), signal);
  }
}

async function glanceUntil(sampler: Sampler, atMs: number, signal: AbortSignal): Promise<void> {
  const everyMs = sampler.needsRefresh ? SAMPLE_EVERY_MS : GLANCE_EVERY_MS;
  while (!signal.aborted && performance.now() < atMs) {
    await pause(Math.min(everyMs, atMs - performance.now()), undefined, { signal }).catch(() => undefined);
    if (!sampler.needsRefresh && atMs - performance.now() > GLANCE_EVERY_MS / 2) sampler.glance();
  }
}

function readLooked(sampler: Sampler, { withSockets, format }: ReportOptions): Outcome<Looked> {
  const summary = sampler.last?.summary;
  if (!summary) return unavailable('nothing was sampled');
  const pool = worstPool(summary.pools, summary.thresholds)?.pool ?? null;
  const trends = [...(pool ? [pool] : []), null].map((of) => ({
    title: trendTitle(of),
    ...readTrend(sampler, of?.key ?? null),
  }));
  if (!withSockets && format !== 'csv') return { ok: true, value: { summary, trends, sockets: null } };
  const sockets = readSockets(sampler);
  return sockets.ok ? { ok: true, value: { summary, trends, sockets: sockets.value } } : sockets;
}

function readTrend(sampler: Sampler, poolKey: string | null): Omit<ReportTrend, 'title'> {
  const answer = answerSamplerCall(sampler, 'trend.query', { poolKey, seconds: TREND_SECONDS });
  if (!answer.ok) throw new Error(failureSentence(answer.failure));
  return answer.value as Omit<ReportTrend, 'title'>;
}

function readSockets(sampler: Sampler): Outcome<ReportSockets> {
  const snapshotId = sampler.last?.table.snapshotId;
  const pieces: string[] = [];
  for (let offset: number | null = 0; offset !== null;) {
    const args = {
      filter: '',
      sort: { column: 'state', descending: false },
      offset,
      limit: EXPORT_ROWS,
      snapshotId,
    };
    const answer: Outcome<unknown> = answerSamplerCall(sampler, 'sockets.export', args);
    if (!answer.ok) return answer;
    const { csv, nextOffset } = answer.value as { csv: string; nextOffset: number | null };
    pieces.push(csv);
    offset = nextOffset;
  }
  const sockets = parseCsv(pieces.join(''));
  if (sockets === null) throw new Error('the export of sockets is no CSV');
  return { ok: true, value: sockets };
}

function unavailable(why: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: 'unavailable', what: 'a report', why } };
}
