/** History as the workbench has it: samples in, answers and marks out; nothing where no folder was given. */
import { join } from 'node:path';
import { HISTORY_CALLS, HISTORY_EVENTS, type HistoryStateInfo } from '../../preload/contract-history.ts';
import type { Outcome, Summary } from '../core/model.ts';
import { sayHistoryCondition } from '../core/words/history.ts';
import { DEFAULT_RETENTION, LEVELS, type Retention } from '../history/levels.ts';
import type { NewMark } from '../history/model.ts';
import type { ToHistory } from '../history/protocol.ts';
import type { ForkedProcess } from './forked-process.ts';
import type { Handlers } from './handlers.ts';
import { HistoryLink } from './history-link.ts';

export type HistoryHandlers = Pick<Handlers, keyof typeof HISTORY_CALLS>;

export interface WorkbenchHistory {
  readonly handlers: HistoryHandlers;
  start(): void;
  /** Records it, unless it speaks of another machine. */
  append(summary: Summary): void;
  /** Puts a mark that the workbench knows of: a fix applied or undone; null is none. Lost where no history is kept. */
  mark(mark: NewMark | null): void;
  /** For how long and in how much room it is kept from now on. */
  retain(retention: Retention): void;
  /** Resolves when the file is closed, or the thread had its time. */
  stop(): Promise<void>;
}

export interface HistoryParts {
  /** Where Fourtuple remembers things; history is in a folder of its own below. */
  stateFolder: Outcome<string> | undefined;
  /** Starts the thread that keeps it; none is kept without. */
  startHistory: (() => ForkedProcess<ToHistory>) | undefined;
  publish(event: { name: keyof typeof HISTORY_EVENTS; payload: HistoryStateInfo }): void;
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that stand still while the machine sleeps, and since its start. */
  clocks(): { steadyMs: number; uptimeMs: number };
  log(line: string): void;
}

export function createHistory(parts: HistoryParts): WorkbenchHistory {
  const { stateFolder, startHistory, publish, now, clocks, log } = parts;
  if (!stateFolder?.ok || !startHistory) return NO_HISTORY;
  const link = new HistoryLink({
    folder: join(stateFolder.value, 'history'),
    startWriter: startHistory,
    retention: DEFAULT_RETENTION,
    initial: STARTING,
    now,
    log,
    onState: (payload) => publish({ name: 'history.changed', payload }),
  });
  return {
    start: () => link.start(),
    append: (summary) => {
      if (summary.origin.kind === 'live') link.append({ summary, ...clocks() });
    },
    mark: (mark) => {
      if (mark) void link.call('mark', mark, HISTORY_CALLS['history.mark'].result);
    },
    retain: (retention) => link.retain(retention),
    stop: () => link.stop(),
    handlers: {
      'history.state': async () => ({ ok: true, value: link.state }),
      'history.query': (args) => link.call('query', ordered(args), HISTORY_CALLS['history.query'].result),
      'history.pools': (args) => link.call('pools', ordered(args), HISTORY_CALLS['history.pools'].result),
      'history.consumers': (args) =>
        link.call('consumers', ordered(args), HISTORY_CALLS['history.consumers'].result),
      'history.marks': (args) => link.call('marks', ordered(args), HISTORY_CALLS['history.marks'].result),
      'history.mark': (args) =>
        link.call('mark', { ...args, kind: 'note' }, HISTORY_CALLS['history.mark'].result),
      'history.moment': (args) => link.call('moment', args, HISTORY_CALLS['history.moment'].result),
      'testRun.start': (args) => link.call('startTestRun', args, HISTORY_CALLS['testRun.start'].result),
      'testRun.stop': (args) => link.call('stopTestRun', args, HISTORY_CALLS['testRun.stop'].result),
      'testRun.report': (args) => link.call('reportTestRun', args, HISTORY_CALLS['testRun.report'].result),
    },
  };
}

/** A range from right to left is one from left to right; never empty. */
function ordered<T extends { fromMs: number; untilMs: number }>(args: T): T {
  const fromMs = Math.floor(Math.min(args.fromMs, args.untilMs));
  const untilMs = Math.ceil(Math.max(args.fromMs, args.untilMs));
  return { ...args, fromMs, untilMs: Math.max(untilMs, fromMs + 1) };
}

const OFF: HistoryStateInfo = {
  mode: 'off',
  sentence: sayHistoryCondition({ code: 'not-kept' }),
  fromMs: null,
  untilMs: null,
  bytes: 0,
  maxBytes: DEFAULT_RETENTION.maxBytes,
  levels: LEVELS.map(({ stepMs, keepMs }) => ({ stepSeconds: stepMs / 1000, keepSeconds: keepMs / 1000 })),
  marksRevision: 0,
  testRun: null,
  missedSamples: 0,
};

const absent = async (): Promise<Outcome<never>> => ({
  ok: false,
  failure: { code: 'unavailable', what: 'history', why: 'it is not kept here' },
});

const NO_HISTORY: WorkbenchHistory = {
  start: () => {},
  append: () => {},
  mark: () => {},
  retain: () => {},
  stop: async () => {},
  handlers: {
    'history.state': async () => ({ ok: true, value: OFF }),
    'history.query': absent,
    'history.pools': absent,
    'history.consumers': absent,
    'history.marks': absent,
    'history.mark': absent,
    'history.moment': absent,
    'testRun.start': absent,
    'testRun.stop': absent,
    'testRun.report': absent,
  },
};

/** Before the thread has said anything. */
const STARTING: HistoryStateInfo = { ...OFF, mode: 'starting', sentence: null };
