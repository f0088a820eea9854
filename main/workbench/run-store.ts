/** The runs of this session: the newest 300, and of what they printed the newest 64 MiB. */
import type { RunInfo } from '../../preload/contract-evidence.ts';
import type { Probe } from '../probes/probe.ts';
import type { EndedRun } from '../terminal/protocol.ts';
import type { Transcript } from './transcript.ts';

export const MAX_RUNS_KEPT = 300;
export const MAX_OUTPUT_KEPT_BYTES = 64 * 1024 * 1024;
const DROPPED_NOTE = 'Its output was dropped to make room for newer runs; run it again to see it.';

export interface RunRecord {
  readonly probe: Probe;
  info: RunInfo;
  /** Null once it was dropped to make room. */
  transcript: Transcript | null;
  /** Null while it runs, and for good when the terminal died with it. */
  ended: EndedRun | null;
  /** What a misleading command printed, beside the figure as it was when the command ended; null for others. */
  comparison: { claims: string; really: string } | null;
  cancel(): void;
}

export class RunStore {
  /** Oldest first. */
  readonly #records = new Map<string, RunRecord>();
  readonly #maxRuns: number;
  readonly #maxBytes: number;

  constructor(maxRuns = MAX_RUNS_KEPT, maxBytes = MAX_OUTPUT_KEPT_BYTES) {
    this.#maxRuns = maxRuns;
    this.#maxBytes = maxBytes;
  }

  add(record: RunRecord): void {
    this.#records.set(record.info.runId, record);
    this.trim();
  }

  get(runId: string): RunRecord | null {
    return this.#records.get(runId) ?? null;
  }

  get runningCount(): number {
    return this.#running().length;
  }

  /** Newest first. */
  list(): RunInfo[] {
    return [...this.#records.values()].map(({ info }) => info).reverse();
  }

  /** Drops what is too much, oldest first. What still runs stays. */
  trim(): void {
    let runs = this.#records.size;
    let bytes = 0;
    for (const { transcript } of this.#records.values()) bytes += transcript?.bytes ?? 0;
    for (const [runId, record] of this.#records) {
      if (runs <= this.#maxRuns && bytes <= this.#maxBytes) return;
      if (record.info.state === 'running') continue;
      if (bytes > this.#maxBytes && (record.transcript?.bytes ?? 0) > 0) {
        bytes -= record.transcript?.bytes ?? 0;
        record.transcript = null;
        const { note } = record.info;
        record.info = { ...record.info, note: note === null ? DROPPED_NOTE : `${note} ${DROPPED_NOTE}` };
      }
      if (runs > this.#maxRuns) {
        bytes -= record.transcript?.bytes ?? 0;
        this.#records.delete(runId);
        runs--;
      }
    }
  }

  cancelAll(): void {
    for (const record of this.#running()) record.cancel();
  }

  #running(): RunRecord[] {
    return [...this.#records.values()].filter(({ info }) => info.state === 'running');
  }
}
