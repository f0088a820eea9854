/** The report as JSON, schema "fourtuple.report/1": the values themselves, for programs. */
import type { ReportInput } from './model.ts';

/** One object, indented. New keys may be added within version 1; none is renamed or removed. */
export function renderJson({ summary, ...input }: ReportInput): string {
  const report = {
    schema: 'fourtuple.report/1',
    version: input.version,
    createdAt: new Date(input.createdAtMs).toISOString(),
    takenAt: new Date(summary.takenAtMs).toISOString(),
    redactions: input.redactions,
    origin: summary.origin,
    target: summary.target,
    verdict: {
      level: summary.verdict.level,
      sentence: summary.verdict.sentence,
      confidence: summary.verdict.confidence,
      confidenceReason: summary.verdict.confidenceReason,
      sources: summary.verdict.sources,
    },
    findings: summary.findings,
    checks: input.checks,
    settings: summary.settings,
    reservedCount: summary.reservedCount,
    totals: summary.totals,
    rates: summary.rates,
    pools: summary.pools,
    poolCount: summary.poolCount,
    consumers: summary.consumers,
    ownership: summary.ownership,
    listeners: summary.listeners,
    counters: summary.counters,
    degradations: summary.degradations,
    trends: input.trends,
    changes: input.changes.map((change) => ({ ...change, at: new Date(change.atMs).toISOString() })),
    transcripts: input.transcripts.map((run) => ({
      ...run,
      startedAt: new Date(run.startedAtMs).toISOString(),
    })),
    sockets: input.sockets,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
