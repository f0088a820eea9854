/** History as the workbench has it: samples in, answers and marks out; nothing where no folder was given. */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { HISTORY_CALLS, HISTORY_EVENTS, type HistoryStateInfo } from '../../preload/contract-history.ts';
import type { Settings } from '../../preload/contract-settings.ts';
import type { Place } from '../core/fixes/change.ts';
import type { Outcome, Summary } from '../core/model.ts';
import { sayHistoryCondition } from '../core/words/history.ts';
import { bytesOnDisk } from '../history/files.ts';
import { DEFAULT_RETENTION, LEVELS } from '../history/levels.ts';
import type { NewMark } from '../history/model.ts';
import type { ToHistory } from '../history/protocol.ts';
import type { ForkedProcess } from './forked-process.ts';
import type { Handlers } from './handlers.ts';
import { HistoryLink } from './history-link.ts';
import { retentionOf } from './history-settings.ts';

export type HistoryHandlers = Pick<Handlers, keyof typeof HISTORY_CALLS>;

export interface WorkbenchHistory {
  readonly handlers: HistoryHandlers;
  start(): void;
  /** Records it, unless it speaks of another machine. */
  append(summary: Summary): void;
  /** Puts a mark that the workbench knows of: a fix applied or undone; null is none. Lost where no history is kept. */
  mark(mark: NewMark | null): void;
  /** Whether, for how long and in how much room it is kept from now on. */
  configure(settings: Settings['history']): void;
  /** Resolves when the file is closed, or the thread had its time. */
  stop(): Promise<void>;
}

export interface HistoryParts {
  /** Where Fourtuple remembers things; history is in a folder of its own below. */
  stateFolder: Outcome<string> | undefined;
  /** Starts the thread that keeps it; none is kept without. */
  startHistory: (() => ForkedProcess<ToHistory>) | undefined;
  /** From where this machine is seen. */
  place: Place;
  settings: Settings['history'];
  publish(event: { name: keyof typeof HISTORY_EVENTS; payload: HistoryStateInfo }): void;
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that stand still while the machine sleeps, and since its start. */
  clocks(): { steadyMs: number; uptimeMs: number };
  log(line: string): void;
}

export function createHistory(parts: HistoryParts): WorkbenchHistory {
  const { stateFolder, startHistory, clocks } = parts;
  if (!stateFolder?.ok || !startHistory) return NO_HISTORY;
  const writer = new HistorySwitch(parts, join(stateFolder.value, 'history'), startHistory);
  const call: HistoryLink['call'] = (name, args, schema) =>
    writer.link ? writer.link.call(name, args, schema) : turnedOff();
  return {
    start: () => writer.start(),
    append: (summary) => {
      if (summary.origin.kind === 'live') writer.link?.append({ summary, ...clocks() });
    },
    mark: (mark) => {
      if (mark) void call('mark', mark, HISTORY_CALLS['history.mark'].result);
    },
    configure: (settings) => writer.configure(settings),
    stop: () => writer.stop(),
    handlers: {
      'history.state': async () => ({ ok: true, value: writer.state }),
      'history.query': (args) => call('query', ordered(args), HISTORY_CALLS['history.query'].result),
      'history.pools': (args) => call('pools', ordered(args), HISTORY_CALLS['history.pools'].result),
      'history.consumers': (args) =>
        call('consumers', ordered(args), HISTORY_CALLS['history.consumers'].result),
      'history.marks': (args) => call('marks', ordered(args), HISTORY_CALLS['history.marks'].result),
      'history.mark': (args) => call('mark', { ...args, kind: 'note' }, HISTORY_CALLS['history.mark'].result),
      'history.moment': (args) => call('moment', args, HISTORY_CALLS['history.moment'].result),
      'testRun.start': (args) => call('startTestRun', args, HISTORY_CALLS['testRun.start'].result),
      'testRun.stop': (args) => call('stopTestRun', args, HISTORY_CALLS['testRun.stop'].result),
      'testRun.report': (args) => call('reportTestRun', args, HISTORY_CALLS['testRun.report'].result),
    },
  };
}

/** The thread that keeps it while it is turned on; one at a time, since only one may have the file. */
class HistorySwitch {
  readonly #parts: HistoryParts;
  readonly #folder: string;
  readonly #startWriter: () => ForkedProcess<ToHistory>;
  #settings: Settings['history'];
  #closing: Promise<void> = Promise.resolve();
  #isStarted = false;
  /** Null while it is turned off. */
  link: HistoryLink | null = null;

  constructor(parts: HistoryParts, folder: string, startWriter: () => ForkedProcess<ToHistory>) {
    this.#parts = parts;
    this.#folder = folder;
    this.#startWriter = startWriter;
    this.#settings = parts.settings;
    if (parts.settings.enabled) this.link = this.#newLink(false);
  }

  get state(): HistoryStateInfo {
    return this.link?.state ?? this.#offState();
  }

  start(): void {
    this.#isStarted = true;
    this.link?.start();
  }

  configure(settings: Settings['history']): void {
    const former = this.#settings;
    if (isDeepStrictEqual(settings, former)) return;
    this.#settings = settings;
    if (settings.enabled === former.enabled) {
      this.link?.retain(retentionOf(settings));
      if (!settings.enabled) this.#tell();
      return;
    }
    const open = this.link;
    this.link = settings.enabled ? this.#newLink(true) : null;
    if (open) this.#closing = Promise.all([this.#closing, open.stop()]).then(() => this.#tell());
    else void this.#closing.then(() => this.#isStarted && this.link?.start());
    this.#tell();
  }

  async stop(): Promise<void> {
    this.#isStarted = false;
    await Promise.all([this.#closing, this.link?.stop()]);
  }

  /** `wasOff`: what was not recorded since was not recorded because it was turned off. */
  #newLink(wasOff: boolean): HistoryLink {
    const { place, now, log, publish } = this.#parts;
    let logged: string | null = null;
    const link: HistoryLink = new HistoryLink({
      folder: this.#folder,
      place,
      startWriter: this.#startWriter,
      retention: retentionOf(this.#settings),
      initial: STARTING,
      wasOff,
      now,
      log,
      onState: (payload) => {
        if (link !== this.link) return;
        // Where nobody looks at a page, it is read in the log; that another one records is nothing wrong.
        const { sentence } = payload;
        if (sentence !== null && sentence !== logged && sentence !== OTHER_RECORDS) log(sentence);
        logged = sentence;
        publish({ name: 'history.changed', payload });
      },
    });
    return link;
  }

  #offState(): HistoryStateInfo {
    const { keepMs, maxBytes } = retentionOf(this.#settings);
    return {
      ...OFF,
      sentence: sayHistoryCondition({ code: 'turned-off' }),
      bytes: bytesOnDisk(this.#folder),
      maxBytes,
      levels: LEVELS.map(({ stepMs }, index) => ({
        stepSeconds: stepMs / 1000,
        keepSeconds: (keepMs[index] ?? 0) / 1000,
      })),
    };
  }

  #tell(): void {
    this.#parts.publish({ name: 'history.changed', payload: this.state });
  }
}

/** A range from right to left is one from left to right; never empty. */
function ordered<T extends { fromMs: number; untilMs: number }>(args: T): T {
  const fromMs = Math.floor(Math.min(args.fromMs, args.untilMs));
  const untilMs = Math.ceil(Math.max(args.fromMs, args.untilMs));
  return { ...args, fromMs, untilMs: Math.max(untilMs, fromMs + 1) };
}

const OTHER_RECORDS = sayHistoryCondition({ code: 'other-instance' });

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

const turnedOff = async (): Promise<Outcome<never>> => ({
  ok: false,
  failure: { code: 'unavailable', what: 'history', why: 'it is turned off in the settings' },
});

const NO_HISTORY: WorkbenchHistory = {
  start: () => {},
  append: () => {},
  mark: () => {},
  configure: () => {},
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
