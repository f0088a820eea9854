/** One question to an open file, answered. */
import type { Failure, Outcome } from '../core/model.ts';
import { addMark, endMark, readMark, readMarks, runningTest } from './marks.ts';
import type { HistoryCall, HistoryQuestions } from './protocol.ts';
import { querySeries, readMoment, reportTestRun } from './queries.ts';
import { readStretch } from './rank.ts';
import type { Source } from './read.ts';

export interface AskContext extends Source {
  canWrite: boolean;
  now(): number;
}

interface Answered {
  outcome: Outcome<unknown>;
  hasMarked: boolean;
}

const MAX_MARKS_READ = 1000;

type Answers = { [C in HistoryCall]: (context: AskContext, args: HistoryQuestions[C]) => Outcome<unknown> };

const ANSWERS: Answers = {
  query: (context, args) => done(querySeries(context, args)),
  pools: (context, { fromMs, untilMs, limit }) => {
    const { pools, stepMs } = readStretch(context, fromMs, untilMs, limit);
    return done({ stepMs, pools });
  },
  consumers: (context, { fromMs, untilMs, limit }) => {
    const { consumers, stepMs } = readStretch(context, fromMs, untilMs, limit);
    return done({ stepMs, consumers });
  },
  marks: ({ database }, { fromMs, untilMs, kinds }) =>
    done({ marks: readMarks(database, fromMs, untilMs, MAX_MARKS_READ, kinds.length ? kinds : undefined) }),
  moment: (context, { atMs }) => done({ moment: readMoment(context, atMs) }),
  mark: ({ database }, mark) => done(readMark(database, addMark(database, mark))),
  startTestRun: ({ database, now }, { name }) => {
    const running = runningTest(database);
    if (running) return invalid(`“${running.text}” goes on; stop it first`);
    const id = addMark(database, { kind: 'test-run', atMs: now(), text: name, detail: '' });
    return done(readMark(database, id));
  },
  stopTestRun: ({ database, now }, { id }) => {
    if (!endMark(database, id, now())) return gone('that test run');
    return done(readMark(database, id));
  },
  reportTestRun: (context, { id }) => {
    const report = reportTestRun(context, id, context.now());
    return report ? done(report) : gone('that test run');
  },
};

const WRITING: ReadonlySet<HistoryCall> = new Set(['mark', 'startTestRun', 'stopTestRun']);

/** `absent`: why nothing can be written. Throws as SQLite does. */
export function askStore<C extends HistoryCall>(
  context: AskContext,
  name: C,
  args: HistoryQuestions[C],
  absent: () => Failure,
): Answered {
  const isWriting = WRITING.has(name);
  if (isWriting && !context.canWrite) return { outcome: { ok: false, failure: absent() }, hasMarked: false };
  const outcome = ANSWERS[name](context, args);
  return { outcome, hasMarked: isWriting && outcome.ok };
}

function done(value: unknown): Outcome<unknown> {
  return { ok: true, value };
}

function gone(what: string): Outcome<never> {
  return { ok: false, failure: { code: 'gone', what } };
}

function invalid(message: string): Outcome<never> {
  return { ok: false, failure: { code: 'invalid', field: 'test run', message } };
}
