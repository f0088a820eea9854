/** The workbench's probes and runs: answers the contract's calls about evidence, and publishes its events. */
import type { EVIDENCE_CALLS, ParsedRun } from '../../preload/contract-evidence.ts';
import type { Failure, Outcome, Summary } from '../core/model.ts';
import { sanitiseText } from '../core/sanitise.ts';
import { fillArguments } from '../probes/arguments.ts';
import type { Probe } from '../probes/probe.ts';
import type { Handlers } from './handlers.ts';
import type { ParserLink } from './parser-link.ts';
import { describeProbe, type FindProgram } from './probe-list.ts';
import { finishedOutput, ProbeRuns, type RunEvent } from './probe-runs.ts';
import { RunStore, type RunRecord } from './run-store.ts';
import type { TerminalLink } from './terminal-link.ts';

export type EvidenceHandlers = Pick<Handlers, keyof typeof EVIDENCE_CALLS>;

export interface EvidenceParts {
  /** The catalogue of this system. */
  probes: readonly Probe[];
  findProgram: FindProgram;
  terminal: Pick<TerminalLink, 'run'>;
  parser: Pick<ParserLink, 'judge' | 'page'>;
  publish(event: RunEvent): void;
  /** The newest summary of the live view, null before the first. */
  summary(): Summary | null;
  /** Epoch milliseconds. */
  now(): number;
  platform: NodeJS.Platform;
  /** As Intl names it: "ja-JP". */
  locale: string;
  /** "root", "uid 1000". */
  asUser: string;
  /** Default: an empty one with the limits of run-store.ts. */
  store?: RunStore;
}

export function createEvidence(parts: EvidenceParts): EvidenceHandlers {
  const { probes, findProgram, store = new RunStore() } = parts;
  const runs = new ProbeRuns({ ...parts, store });
  const byId = new Map(probes.map((probe) => [probe.id, probe]));
  return {
    'probes.list': async () => done({ probes: probes.map((probe) => describeProbe(probe, findProgram)) }),
    'probes.run': async ({ probeId, parameters }) => {
      const probe = byId.get(probeId);
      if (!probe) return refused(noProbe(probeId));
      const argv = fillArguments(probe, parameters);
      if (!argv.ok) return argv;
      const found = findProgram(probe.tool);
      return found.ok ? runs.start(probe, argv.value) : found;
    },
    'runs.list': async () => done({ runs: store.list() }),
    'runs.cancel': async ({ runId }) => {
      const record = store.get(runId);
      const isRunning = record?.info.state === 'running';
      if (isRunning) record?.cancel();
      return done({ cancelled: isRunning });
    },
    'runs.transcript': async ({ runId, offset, limit }) => {
      const record = store.get(runId);
      if (!record) return refused(noRun());
      if (!record.transcript) return refused(DROPPED);
      const { text, nextOffset } = record.transcript.slice(offset, limit);
      return done({ text, nextOffset, totalCharacters: record.transcript.characters });
    },
    'runs.parsed': async ({ runId, offset, limit }) => {
      const record = store.get(runId);
      return record ? readParsed(parts, record, offset, limit) : refused(noRun());
    },
  };
}

/** What was understood: a page that the parser still has, or read again from the transcript. */
async function readParsed(
  { parser, platform }: EvidenceParts,
  record: RunRecord,
  offset: number,
  limit: number,
): Promise<Outcome<ParsedRun>> {
  const { runId, state } = record.info;
  if (state === 'running') return refused(unread('the command is still running'));
  if (record.ended === null) return refused(unread('the command did not come to its end'));
  const page = await parser.page(runId, offset, limit);
  if (page.ok || page.failure.code !== 'gone') return withComparison(record, page);
  const output = finishedOutput(record, platform);
  if (!output) return refused(DROPPED);
  const judged = await parser.judge(output);
  if (!judged.ok) return judged;
  return withComparison(record, await parser.page(runId, offset, limit));
}

function withComparison(
  { comparison, probe: { folklore } }: RunRecord,
  page: Outcome<Omit<ParsedRun, 'comparison'>>,
): Outcome<ParsedRun> {
  if (!page.ok) return page;
  const { takenFor, why } = folklore ?? {};
  const isCompared = comparison !== null && takenFor !== undefined && why !== undefined;
  return done({ ...page.value, comparison: isCompared ? { ...comparison, takenFor, why } : null });
}

const DROPPED: Failure = {
  code: 'unavailable',
  what: 'the output of this run',
  why: 'only the newest 64 MiB are kept; run it again',
};

function noProbe(probeId: string): Failure {
  const message = `there is no probe “${sanitiseText(probeId, 60)}” on this system`;
  return { code: 'invalid', field: 'probe', message };
}

function noRun(): Failure {
  return { code: 'unavailable', what: 'this run', why: 'only the newest 300 runs are kept; run it again' };
}

function unread(why: string): Failure {
  return { code: 'unavailable', what: 'what it printed', why };
}

function done<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

function refused(failure: Failure): { ok: false; failure: Failure } {
  return { ok: false, failure };
}
