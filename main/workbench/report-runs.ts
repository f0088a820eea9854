/** The runs of this session as a report shows them. */
import type { SocketReading } from '../core/readings.ts';
import type { ReportTranscript } from '../report/model.ts';
import { cutTranscript, namesIn } from '../report/transcript.ts';
import { MAX_TRANSCRIPT_CHARACTERS } from '../report/model.ts';
import type { RunRecord, RunStore } from './run-store.ts';

export interface GatheredRuns {
  /** Oldest first. */
  transcripts: ReportTranscript[];
  /** Names of processes, units and containers that the outputs tell. */
  processes: string[];
}

/** Runs in one report; each command once, as it ran last. */
const MAX_RUNS = 40;

/** `withNames`: also reads which processes the outputs name, to hide them everywhere. */
export function gatherRuns(store: RunStore, withNames: boolean): GatheredRuns {
  const newest = new Map<string, RunRecord>();
  for (const { runId, command, state } of store.list()) {
    const record = state === 'finished' && !newest.has(command) ? store.get(runId) : null;
    if (record?.transcript && newest.size < MAX_RUNS) newest.set(command, record);
  }
  const taken = [...newest.values()].reverse().map((record) => take(record, withNames));
  return {
    transcripts: taken.map(({ transcript }) => transcript),
    processes: [...new Set(taken.flatMap(({ processes }) => processes))],
  };
}

function take({ info, transcript, probe }: RunRecord, withNames: boolean) {
  // One more than is shown, so that it is seen whether something was cut.
  const piece = transcript?.slice(0, MAX_TRANSCRIPT_CHARACTERS + 1) ?? { text: '', nextOffset: null };
  const { output, isCut } = cutTranscript(piece.text);
  const sockets: SocketReading[] = [];
  const facts = withNames ? probe.parse(output, (socket) => sockets.push(socket)).facts : [];
  const shown: ReportTranscript = {
    title: info.title,
    figures: probe.figures,
    command: info.command,
    startedAtMs: info.startedAtMs,
    tookMs: info.tookMs,
    end: info.endSentence ?? '',
    output,
    isCut: isCut || piece.nextOffset !== null || info.truncated,
  };
  return { transcript: shown, processes: namesIn(sockets, facts).processes };
}
