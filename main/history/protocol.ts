/** What the workbench and the thread that keeps history say to each other. */
import type { Place } from '../core/fixes/change.ts';
import type { Failure, Summary } from '../core/model.ts';
import type { HistoryState, NewMark } from './model.ts';
import type { Retention } from './levels.ts';
import type { SeriesQuestion } from './queries.ts';
import type { Clocks } from './watch.ts';
import type { MarkKind } from './model.ts';

export interface AppendedSample extends Clocks {
  summary: Summary;
}

/** Questions and what they are asked with. */
export interface HistoryQuestions {
  query: SeriesQuestion;
  pools: { fromMs: number; untilMs: number; limit: number };
  consumers: { fromMs: number; untilMs: number; limit: number };
  marks: { fromMs: number; untilMs: number; kinds: readonly MarkKind[] };
  moment: { atMs: number };
  mark: NewMark;
  startTestRun: { name: string };
  stopTestRun: { id: number };
  reportTestRun: { id: number };
}
export type HistoryCall = keyof HistoryQuestions;

export type ToHistory =
  /** First of all. `isContinued`: Fourtuple ran all the while nothing was recorded. */
  | { type: 'open'; folder: string; retention: Retention; isContinued: boolean; place: Place }
  /** Answered with 'appended' once they are written, or cannot be. */
  | { type: 'append'; samples: readonly AppendedSample[]; missed: number }
  | { [C in HistoryCall]: { type: 'call'; id: number; name: C; args: HistoryQuestions[C] } }[HistoryCall]
  | { type: 'retain'; retention: Retention }
  /** Ends the thread after the file is closed. */
  | { type: 'close' };

export type FromHistory =
  | { type: 'state'; state: HistoryState }
  | { type: 'appended' }
  /** The file is closed; the thread ends. */
  | { type: 'closed' }
  | { type: 'answer'; id: number; ok: true; value: unknown }
  | { type: 'answer'; id: number; ok: false; failure: Failure };
