/** `fourtuple check --from FILE…`: the verdict on the machine that the files come from. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { failureSentence } from '../core/words/failure.ts';
import { sayPoolTarget } from '../core/words/pool-target.ts';
import type { Pool, Summary } from '../core/model.ts';
import { openImport, type ImportReport } from '../sampling/imported/open-import.ts';
import { readFiles } from '../sampling/imported/read-files.ts';
import type { Output } from './check.ts';
import { findingLines, withoutPipe } from './check-findings.ts';
import type { CheckOptions } from './check-options.ts';
import { EXIT_STATUS, checkLine, checkObject, unknownLine, unknownObject } from './check-report.ts';
import { readSources } from './read-sources.ts';
import { textTable } from './text-table.ts';

/** Pools listed below the line for people. */
const POOLS_SHOWN = 5;

/** Gives the exit status: that of the verdict, 3 when the files tell none. */
export async function runCheckFrom(
  options: CheckOptions,
  output: Output,
  stdin: () => AsyncIterable<Uint8Array>,
): Promise<number> {
  const measured = await readVerdict(options, stdin);
  if (!measured.ok) {
    const { why } = measured;
    output.out(`${options.json ? JSON.stringify(unknownObject(why)) : unknownLine(why)}\n`);
    return EXIT_STATUS.unknown;
  }
  const { summary, report } = measured.value;
  if (options.json) output.out(`${JSON.stringify(checkObject(summary, options.poolLimit))}\n`);
  else output.out(`${[checkLine(summary), ...detailLines(summary, report, options)].join('\n')}\n`);
  return EXIT_STATUS[summary.verdict.level];
}

type ReadVerdict =
  | { ok: true; value: { summary: Summary; report: ImportReport } }
  /** A sentence: what is wrong, where, what to do. */
  | { ok: false; why: string };

async function readVerdict(
  { from, profileId, poolLimit }: CheckOptions,
  stdin: () => AsyncIterable<Uint8Array>,
): Promise<ReadVerdict> {
  const files = await readSources(from, stdin);
  if (!files.ok) return { ok: false, why: failureSentence(files.failure) };
  const reading = await readFiles(files.value, { pause: () => nextTurn(), alive: () => undefined });
  if (!reading.ok) return { ok: false, why: failureSentence(reading.failure) };
  const opened = openImport(reading.value, { profileId, poolLimit, nowMs: Date.now() });
  if (!opened.ok) return { ok: false, why: failureSentence(opened.failure) };
  const { report, sampler } = opened.value;
  const summary = sampler?.last?.summary;
  if (!summary) return { ok: false, why: whyNot(report) };
  return { ok: true, value: { summary, report } };
}

/** The window asks for a choice; the command line names the option. */
function whyNot({ sentence, choices }: ImportReport): string {
  if (choices.length === 0) return sentence;
  const options = choices.map(({ id }) => `--profile ${id}`).join(' or ');
  return `${sentence.replace(/: choose one\.$/, '')}: say ${options}.`;
}

function detailLines(summary: Summary, report: ImportReport, options: CheckOptions): string[] {
  const { profile } = report;
  const lines = [
    ...(options.verbose ? findingLines(summary.findings) : []),
    '',
    `imported: ${fileWords(summary)}`,
    ...report.files.map(({ sentence }) => `  ${sentence}`),
  ];
  if (profile) lines.push(`read as ${profile.name} (${profile.basis})`);
  lines.push(...summary.degradations.map(({ sentence }) => `  ${sentence}`));
  const pools = summary.pools.slice(0, Math.min(POOLS_SHOWN, options.poolLimit));
  if (pools.length > 0) {
    lines.push('', textTable(POOL_COLUMNS, pools.map(poolCells)).trimEnd());
  }
  return lines.map(withoutPipe);
}

const POOL_COLUMNS = [
  { title: 'pool' },
  { title: 'used', isNumber: true },
  { title: 'of', isNumber: true },
  { title: 'TIME_WAIT', isNumber: true },
];

function poolCells(pool: Pool): string[] {
  const target = sayPoolTarget(pool);
  const name =
    pool.localAddress === '' || pool.remoteAddress === '' ? target : `${pool.localAddress} to ${target}`;
  return [name, `${pool.used}`, `${pool.capacity}`, `${pool.byState.TIME_WAIT ?? 0}`];
}

/** "netstat.txt (2026-11-23 14:32 UTC), sysctl.txt (…)". */
function fileWords({ origin }: Summary): string {
  if (origin.kind !== 'imported') return '';
  return origin.files
    .map(({ name, modifiedAtMs }) => (modifiedAtMs === null ? name : `${name} (${timeWords(modifiedAtMs)})`))
    .join(', ');
}

function timeWords(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
