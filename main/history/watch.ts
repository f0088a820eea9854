/** Finds what is worth a mark by comparing each summary with those before it. */
import type { Consumer, Level, Summary } from '../core/model.ts';
import {
  nameSettings,
  sayClockStep,
  sayGap,
  sayProcessStart,
  saySettingChange,
  type GapReason,
  type NamedSetting,
} from '../core/words/history.ts';
import type { NewMark } from './model.ts';

/** Clocks read when a summary arrived. */
export interface Clocks {
  /** Stands still while the machine sleeps, milliseconds. */
  steadyMs: number;
  /** Since boot, time asleep included, milliseconds; coarse. */
  uptimeMs: number;
}

/** What there was before the first summary of this process; null where nothing was recorded. */
export interface Remembered {
  atMs: number | null;
  /** Why nothing was recorded since. */
  why: GapReason;
  settings: NamedSetting[] | null;
  level: Level | null;
}

/** A pause longer than this many intervals is a gap (hardening S6); those of a faster pace count as a second each. */
const GAP_INTERVALS = 2.5;
const LEAST_INTERVAL_MS = 1000;
/** Differences between clocks below this are their coarseness. */
const CLOCK_TOLERANCE_MS = 3000;
/** A better verdict is marked once it has held this long; a worse one at once. */
const BETTER_AFTER_MS = 10_000;
/** A process is worth a mark from this many sockets on. */
const NOTABLE_SOCKETS = 50;
const MAX_PROCESSES = 2000;
/** Marks of processes in a minute: a machine that starts hundreds would drown the rest. */
const PROCESS_MARKS_A_MINUTE = 6;
const RANKS: Readonly<Record<Level, number | null>> = {
  ok: 0,
  notice: 1,
  warning: 2,
  critical: 3,
  unknown: null,
};

interface Before {
  atMs: number;
  clocks: Clocks;
  intervalMs: number;
  isPaused: boolean;
}

export class Watch {
  #before: Before | null = null;
  readonly #stoppedAtMs: number | null;
  readonly #whyStopped: GapReason;
  #settings: Map<string, string> | null;
  #level: Level | null;
  #betterSinceMs: number | null = null;
  readonly #processes = new Set<string>();
  #knowsProcesses = false;
  #processMarksAtMs: number[] = [];

  constructor({ atMs, why, settings, level }: Remembered) {
    this.#whyStopped = why;
    this.#stoppedAtMs = atMs;
    this.#settings = settings && new Map(settings.map(({ name, value }) => [name, value]));
    this.#level = level;
  }

  /** What the next summary shows, oldest first. */
  next(summary: Summary, clocks: Clocks): NewMark[] {
    const marks = [
      ...this.#time(summary, clocks),
      ...this.#settingChanges(summary),
      ...this.#verdict(summary),
      ...this.#newProcesses(summary),
    ];
    this.#remember(summary, clocks);
    return marks;
  }

  #remember({ takenAtMs: atMs, sampler }: Summary, clocks: Clocks): void {
    const { effectiveIntervalMs: intervalMs, paused: isPaused } = sampler;
    const before = this.#before;
    const isAgain = before?.atMs === atMs;
    this.#before = {
      atMs,
      clocks: isAgain ? before.clocks : clocks,
      // Told again at another pace: the next sample may come at either.
      intervalMs: isAgain ? Math.max(before.intervalMs, intervalMs) : intervalMs,
      isPaused,
    };
  }

  /** How much later, less what passed, the wall clock is than at the summary before: 0 when it was not set. */
  clockStepMs(atMs: number, clocks: Clocks): number {
    // A sample is told again, later, when the pace changes or sampling pauses.
    if (!this.#before || atMs === this.#before.atMs) return 0;
    const wallMs = atMs - this.#before.atMs;
    const bootMs = clocks.uptimeMs - this.#before.clocks.uptimeMs;
    const step = wallMs - bootMs;
    return Math.abs(step) > CLOCK_TOLERANCE_MS ? step : 0;
  }

  #time({ takenAtMs: atMs }: Summary, clocks: Clocks): NewMark[] {
    const before = this.#before;
    if (!before) return this.#startMarks(atMs);
    const step = this.clockStepMs(atMs, clocks);
    const clock: NewMark[] = step === 0 ? [] : [{ kind: 'clock', atMs, ...sayClockStep(step) }];
    const fromMs = before.atMs;
    const lastedMs = clocks.uptimeMs - before.clocks.uptimeMs;
    const isGap =
      step === 0 && atMs - fromMs > GAP_INTERVALS * Math.max(LEAST_INTERVAL_MS, before.intervalMs);
    if (!isGap) return clock;
    const asleepMs = lastedMs - (clocks.steadyMs - before.clocks.steadyMs);
    if (asleepMs > CLOCK_TOLERANCE_MS) {
      return [{ kind: 'suspend', atMs: fromMs, untilMs: atMs, ...sayGap('suspended', asleepMs) }];
    }
    return [
      {
        kind: 'gap',
        atMs: fromMs,
        untilMs: atMs,
        ...sayGap(before.isPaused ? 'paused' : 'late', atMs - fromMs),
      },
    ];
  }

  #startMarks(atMs: number): NewMark[] {
    const fromMs = this.#stoppedAtMs;
    if (fromMs === null || atMs - fromMs < GAP_INTERVALS * LEAST_INTERVAL_MS) return [];
    return [{ kind: 'gap', atMs: fromMs, untilMs: atMs, ...sayGap(this.#whyStopped, atMs - fromMs) }];
  }

  #settingChanges({ takenAtMs: atMs, settings, counters }: Summary): NewMark[] {
    const present = nameSettings(settings, { conntrackMax: counters.conntrackMax });
    const before = this.#settings;
    this.#settings = new Map([
      ...(before ?? []),
      ...present.map(({ name, value }) => [name, value] as const),
    ]);
    if (!before) return [];
    return present.flatMap(({ name, value }): NewMark[] => {
      const former = before.get(name);
      if (former === undefined || former === value) return [];
      return [{ kind: 'setting', atMs, ...saySettingChange(name, former, value) }];
    });
  }

  #verdict({ takenAtMs: atMs, verdict }: Summary): NewMark[] {
    const { level, sentence } = verdict;
    const rank = RANKS[level];
    const former = this.#level === null ? null : RANKS[this.#level];
    if (rank === null || rank === former) {
      this.#betterSinceMs = null;
      return [];
    }
    if (former === null && rank === 0) {
      this.#level = level;
      return [];
    }
    if (former !== null && rank < former) {
      this.#betterSinceMs ??= atMs;
      if (atMs - this.#betterSinceMs < BETTER_AFTER_MS) return [];
    }
    this.#betterSinceMs = null;
    this.#level = level;
    return [{ kind: 'verdict', atMs, level, text: VERDICT_WORDS[level], detail: sentence }];
  }

  #newProcesses({ takenAtMs: atMs, consumers }: Summary): NewMark[] {
    const isFirst = !this.#knowsProcesses;
    this.#knowsProcesses = true;
    return consumers.flatMap((consumer): NewMark[] => {
      if (consumer.sockets < NOTABLE_SOCKETS || !this.#isNew(consumer) || isFirst) return [];
      const { process, pid, destination, sockets } = consumer;
      this.#processMarksAtMs = this.#processMarksAtMs.filter((at) => atMs - at < 60_000);
      if (this.#processMarksAtMs.length >= PROCESS_MARKS_A_MINUTE) return [];
      this.#processMarksAtMs.push(atMs);
      return [{ kind: 'process', atMs, ...sayProcessStart(process, pid, destination, sockets) }];
    });
  }

  #isNew({ pid, process, group }: Consumer): boolean {
    if (pid === null && process === null) return false;
    const key = group ? `group ${process ?? ''}` : `${pid ?? ''} ${process ?? ''}`;
    if (this.#processes.has(key)) return false;
    if (this.#processes.size >= MAX_PROCESSES) this.#processes.clear();
    this.#processes.add(key);
    return true;
  }
}

const VERDICT_WORDS: Readonly<Record<Level, string>> = {
  ok: 'All clear',
  notice: 'Notice',
  warning: 'Warning',
  critical: 'Critical',
  unknown: 'Unknown',
};
