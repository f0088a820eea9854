/** What `fourtuple check` prints: one JSON object of a stable shape, or one Nagios plugin line with perfdata. Pure. */
import { THRESHOLDS, worstPool } from '../core/assess.ts';
import type { Finding, Level, Pool, Summary } from '../core/model.ts';

/** Exit status by level, as monitoring plugins use them. */
export const EXIT_STATUS: Record<Level, number> = { ok: 0, notice: 0, warning: 1, critical: 2, unknown: 3 };

/** The object of schema "fourtuple.check/1". */
export function checkObject(summary: Summary, poolLimit: number): object {
  const { settings, verdict, sampler } = summary;
  return {
    schema: 'fourtuple.check/1',
    takenAt: new Date(summary.takenAtMs).toISOString(),
    ...originOf(summary),
    target: {
      hostname: summary.target.hostname,
      platform: summary.target.platform,
      release: summary.target.release,
    },
    profile: {
      id: settings.profileId,
      range: settings.range,
      reservedCount: summary.reservedCount,
      timeWaitSeconds: settings.timeWaitSeconds,
      reuse: { mode: settings.reuse.mode, delayMs: settings.reuse.delayMs },
    },
    totals: summary.totals,
    rates: summary.rates,
    pools: summary.pools.slice(0, poolLimit).map(poolObject),
    verdict: { level: verdict.level, sentence: verdict.sentence },
    findings: summary.findings.map(findingObject),
    degradations: summary.degradations,
    sampler: { source: sampler.source, dumpMs: round(sampler.dumpMs), sockets: sampler.sockets },
  };
}

/** Only an object about files has an origin: that of this machine keeps its shape. */
function originOf({ origin }: Summary): { origin?: object } {
  if (origin.kind === 'live') return {};
  const files = origin.files.map(({ modifiedAtMs, ...file }) => ({
    ...file,
    modifiedAt: modifiedAtMs === null ? null : new Date(modifiedAtMs).toISOString(),
  }));
  return { origin: { ...origin, files } };
}

function poolObject(pool: Pool): object {
  return {
    localAddress: pool.localAddress,
    remoteAddress: pool.remoteAddress,
    remotePort: pool.remotePort,
    capacity: pool.capacity,
    blocked: pool.blocked,
    slowFrom: pool.slowFrom,
    used: pool.used,
    reusable: pool.reusable,
    byState: pool.byState,
    usedRatio: round(pool.usedRatio),
    openRatePerSecond: roundOrNull(pool.openRatePerSecond),
    sustainableRatePerSecond: round(pool.sustainableRatePerSecond),
    exhaustion: {
      expected: pool.exhaustion.expected,
      inSeconds: roundOrNull(pool.exhaustion.inSeconds),
      steadyState: roundOrNull(pool.exhaustion.steadyState),
      basis: pool.exhaustion.basis,
    },
    owners: pool.owners.map((owner) => ({ ...owner, share: round(owner.share) })),
  };
}

function findingObject(finding: Finding): object {
  const { id, rule, level, title, sentence, evidence, disproof, source, poolKey, pid, figures } = finding;
  const remedies = finding.remedies.map(({ fixId, label, why, kind }) => ({ fixId, label, why, kind }));
  return { id, rule, level, title, sentence, evidence, figures, disproof, remedies, source, poolKey, pid };
}

/** "CRITICAL - sentence | perfdata": monitoring-plugins guidelines, one line. */
export function checkLine(summary: Summary): string {
  const word = summary.verdict.level === 'notice' ? 'OK' : summary.verdict.level.toUpperCase();
  const perfdata = perfdataOf(summary);
  // A pipe in the sentence would start the perfdata early.
  const from = summary.origin.kind === 'imported' ? `imported ${fileNames(summary.origin.files)}: ` : '';
  return `FOURTUPLE ${word} - ${from.replaceAll('|', '/')}${summary.verdict.sentence.replaceAll('|', '/')} | ${perfdata}`;
}

/** The first three by name. */
function fileNames(files: readonly { name: string }[]): string {
  const names = files.slice(0, 3).map(({ name }) => name);
  return files.length > 3 ? `${names.join(', ')} and ${files.length - 3} more` : names.join(', ');
}

/** The object when nothing could be measured: the same keys, null where there is nothing. */
export function unknownObject(why: string): object {
  return {
    schema: 'fourtuple.check/1',
    takenAt: new Date().toISOString(),
    target: null,
    profile: null,
    totals: null,
    rates: null,
    pools: [],
    verdict: { level: 'unknown', sentence: `Cannot say: ${why}` },
    findings: [],
    degradations: [],
    sampler: null,
  };
}

/** The line when nothing could be measured. */
export function unknownLine(why: string): string {
  return `FOURTUPLE UNKNOWN - ${why.replaceAll('|', '/')}`;
}

function perfdataOf(summary: Summary): string {
  const pool = worstPool(summary.pools, summary.thresholds)?.pool ?? null;
  const items = [
    `sockets=${summary.totals.sockets};;;0`,
    `time_wait=${summary.totals.byState.TIME_WAIT ?? 0};;;0`,
  ];
  if (pool) {
    const { warningShare, criticalShare, warningRateShare } = THRESHOLDS;
    items.push(
      `pool_used=${round(pool.usedRatio * 100)}%;${warningShare * 100};${criticalShare * 100};0;100`,
      `pool_ports=${pool.used};${Math.floor(pool.capacity * warningShare)};${Math.floor(pool.capacity * criticalShare)};0;${pool.capacity}`,
    );
    if (pool.openRatePerSecond !== null) {
      const warn = round(pool.sustainableRatePerSecond * warningRateShare);
      items.push(`opens_per_second=${round(pool.openRatePerSecond)};${warn};;0`);
    }
    if (pool.exhaustion.inSeconds !== null) {
      items.push(
        `runs_out_in=${round(pool.exhaustion.inSeconds)}s;${THRESHOLDS.warningSeconds}:;${THRESHOLDS.criticalSeconds}:;0`,
      );
    }
  }
  return items.join(' ');
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : round(value);
}
