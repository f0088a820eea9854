/** Runs probes: starts each in the terminal, follows what it prints, and has it judged when it has ended. */
import { randomUUID } from 'node:crypto';
import type { RunInfo } from '../../preload/contract-evidence.ts';
import type { Failure, Outcome, Summary } from '../core/model.ts';
import { commandLine } from '../core/words/command-line.ts';
import { failureSentence } from '../core/words/failure.ts';
import type { Probe } from '../probes/probe.ts';
import type { EndedRun } from '../terminal/protocol.ts';
import type { RunWay } from '../terminal/run.ts';
import type { FinishedOutput, Judgement } from './parse-protocol.ts';
import type { ParserLink } from './parser-link.ts';
import { PrintedFeed } from './printed-feed.ts';
import { sayFigure } from './real-figures.ts';
import type { RunRecord, RunStore } from './run-store.ts';
import type { TerminalLink } from './terminal-link.ts';
import { Transcript } from './transcript.ts';

/** Probes that may run at once; more are refused. */
export const MAX_RUNNING = 8;

/** What the service publishes. */
export type RunEvent =
  | { name: 'run.started' | 'run.finished'; payload: RunInfo }
  | { name: 'run.printed'; payload: { runId: string; offset: number; text: string } };

export interface ProbeRunsParts {
  terminal: Pick<TerminalLink, 'run'>;
  parser: Pick<ParserLink, 'judge'>;
  store: RunStore;
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
}

export class ProbeRuns {
  readonly #parts: ProbeRunsParts;

  constructor(parts: ProbeRunsParts) {
    this.#parts = parts;
  }

  /** Starts a probe with its checked arguments. */
  start(probe: Probe, argv: readonly string[]): Outcome<RunInfo> {
    const { store, terminal, publish } = this.#parts;
    if (store.runningCount >= MAX_RUNNING) return { ok: false, failure: TOO_MANY };
    const record = this.#newRecord(probe, argv);
    const feed = this.#openFeed(record);
    const started = terminal.run(
      { tool: probe.tool, argv, way: record.info.way },
      {
        printed: (stream, bytes) => {
          record.transcript?.append(stream, bytes);
          feed.grown();
        },
        ended: (result) => {
          const sha256 = record.transcript?.end() ?? null;
          feed.flush();
          void this.#judge(record, result, sha256);
        },
        failed: (failure) => {
          const sha256 = record.transcript?.end() ?? null;
          feed.flush();
          this.#fail(record, failure, sha256);
        },
      },
    );
    if (!started.ok) return started;
    record.cancel = () => started.value.cancel();
    store.add(record);
    publish({ name: 'run.started', payload: record.info });
    return { ok: true, value: record.info };
  }

  #newRecord(probe: Probe, argv: readonly string[]): RunRecord {
    const { now, asUser, locale } = this.#parts;
    return {
      probe,
      info: {
        runId: randomUUID(),
        probeId: probe.id,
        title: probe.title,
        command: commandLine(probe.platform, probe.tool, argv),
        group: probe.group,
        way: this.#way(),
        startedAtMs: now(),
        tookMs: null,
        state: 'running',
        outcome: null,
        endSentence: null,
        exitCode: null,
        signal: null,
        outputBytes: 0,
        truncated: false,
        note: null,
        asUser,
        sha256: null,
      },
      transcript: new Transcript(probe.encoding, locale),
      ended: null,
      comparison: null,
      cancel: () => {},
    };
  }

  /** A person sees what ran; what Windows shows in a console is a repainted screen and cannot be parsed (C4). */
  #way(): RunWay {
    return this.#parts.platform === 'win32' ? 'quiet' : 'visible';
  }

  #openFeed({ info: { runId }, transcript }: RunRecord): PrintedFeed {
    const { publish, store } = this.#parts;
    if (transcript === null) throw new Error('a new run has a transcript');
    return new PrintedFeed(transcript, (piece) => {
      store.trim();
      publish({ name: 'run.printed', payload: { runId, ...piece } });
    });
  }

  async #judge(record: RunRecord, ended: EndedRun, sha256: string | null): Promise<void> {
    const { parser, summary, platform } = this.#parts;
    record.ended = ended;
    const { folklore } = record.probe;
    // The figure of this moment: it stays beside the claim, however late somebody looks.
    const really = folklore ? sayFigure(folklore.insteadFigure, summary()) : null;
    const output = finishedOutput(record, platform);
    const judged: Outcome<Judgement> = output
      ? await parser.judge(output)
      : { ok: false, failure: { code: 'gone', what: 'its output' } };
    const judgement = judged.ok ? judged.value : judgedBlindly(ended, judged.failure);
    const claims = judgement.claims;
    if (claims !== null && really !== null) record.comparison = { claims, really };
    this.#finish(record, {
      way: ended.way,
      tookMs: ended.tookMs,
      outcome: judgement.outcome,
      endSentence: judgement.sentence,
      exitCode: ended.exitCode,
      signal: ended.signal,
      truncated: ended.truncated,
      note: noteOf(record, ended),
      sha256,
    });
  }

  #fail(record: RunRecord, failure: Failure, sha256: string | null): void {
    const tookMs = Math.max(0, this.#parts.now() - record.info.startedAtMs);
    this.#finish(record, { tookMs, outcome: 'failed', endSentence: failureSentence(failure), sha256 });
  }

  #finish(record: RunRecord, change: Partial<RunInfo>): void {
    const outputBytes = record.transcript?.bytes ?? 0;
    record.info = { ...record.info, ...change, state: 'finished', outputBytes };
    this.#parts.store.trim();
    this.#parts.publish({ name: 'run.finished', payload: record.info });
  }
}

const TOO_MANY: Failure = {
  code: 'unavailable',
  what: 'running another probe',
  why: `${MAX_RUNNING} are running already; wait until one ends, or cancel one`,
};

/** What the parser needs of a run that has ended; null when its output was dropped. */
export function finishedOutput(record: RunRecord, platform: NodeJS.Platform): FinishedOutput | null {
  const { transcript, ended, probe, info } = record;
  if (transcript === null || ended === null) return null;
  return {
    runId: info.runId,
    platform,
    probeId: probe.id,
    end: ended.end,
    exitCode: ended.exitCode,
    signal: ended.signal,
    tookMs: ended.tookMs,
    truncated: ended.truncated,
    way: ended.way,
    text: transcript.textOf('out'),
    stderr: transcript.textOf('err'),
    stretches: transcript.stretches,
  };
}

/** When the output could not be looked at, a run is never called good (hardening C5). */
function judgedBlindly({ end, exitCode, signal }: EndedRun, failure: Failure): Judgement {
  if (end === 'cancelled') return { outcome: 'cancelled', sentence: 'Cancelled.', claims: null };
  const how = signal === null ? `exit status ${exitCode ?? 'unknown'}` : `signal ${signal}`;
  const sentence = `Ended with ${how}; whether its output is complete could not be checked: ${failureSentence(failure)}`;
  return { outcome: exitCode === 0 ? 'partial' : 'failed', sentence, claims: null };
}

function noteOf({ transcript }: RunRecord, ended: EndedRun): string | null {
  const notes: string[] = ended.note === null ? [] : [ended.note];
  if (transcript !== null && transcript.bytes !== ended.stdoutBytes + ended.stderrBytes) {
    notes.push('Some of its output was lost on the way.');
  }
  if (ended.survivors.length > 0) {
    notes.push(`Processes of it that could not be ended: ${ended.survivors.slice(0, 10).join(', ')}.`);
  }
  return notes.length === 0 ? null : notes.join(' ');
}
