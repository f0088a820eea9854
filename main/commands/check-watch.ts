/** `fourtuple check --watch`: a line at once, and one for each change of the verdict. */
import { compareLevels } from '../core/assess.ts';
import type { Failure, Level, Summary } from '../core/model.ts';
import { verdictTopic } from '../core/verdict-topic.ts';
import { failureSentence } from '../core/words/failure.ts';
import { Pacer } from '../sampling/pacer.ts';
import type { Sampler, SamplerClock } from '../sampling/sampler.ts';
import type { Output } from './check.ts';
import { findingLines } from './check-findings.ts';
import type { CheckOptions } from './check-options.ts';
import { EXIT_STATUS, checkObject, unknownObject } from './check-report.ts';

/** Milliseconds between two looks whether anybody still reads. */
const UNREAD_EVERY_MS = 500;

export interface VerdictWatch {
  sampler: Sampler;
  clock: SamplerClock;
  options: CheckOptions;
  output: Output;
  /** Ends it. */
  signal: AbortSignal;
  isUnread(): boolean;
}

/** Watches until the signal, the time that was given, or the last reader is gone; gives the status of the worst seen. */
export async function watchVerdict(watch: VerdictWatch): Promise<number> {
  const { sampler, clock, options, output, signal, isUnread } = watch;
  const printer = new VerdictPrinter(options, output, clock.nowMs);
  const pacer = new Pacer({
    sampler,
    clock,
    cpuMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    memoryBytes: () => process.memoryUsage.rss(),
    onSummary: (summary) => printer.see(summary),
    onFailure: (failure) => printer.seeNothing(failure),
  });
  pacer.configure({ intervalMs: options.everySeconds * 1000 });
  await over({ signal, isUnread, seconds: options.watchSeconds });
  pacer.stop();
  return printer.status;
}

function over({
  signal,
  isUnread,
  seconds,
}: Pick<VerdictWatch, 'signal' | 'isUnread'> & { seconds: number | null }): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearInterval(looking);
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const looking = setInterval(() => isUnread() && end(), UNREAD_EVERY_MS);
    const timer = seconds === null ? undefined : setTimeout(end, seconds * 1000);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

const WORDS: Record<Level, string> = {
  ok: 'OK',
  notice: 'OK',
  warning: 'WARNING',
  critical: 'CRITICAL',
  unknown: 'UNKNOWN',
};

/** Prints what is new, and remembers the worst. */
export class VerdictPrinter {
  readonly #options: Pick<CheckOptions, 'json' | 'verbose' | 'poolLimit'>;
  readonly #output: Output;
  readonly #nowMs: () => number;
  #topic: string | null = null;
  #worst: Level = 'unknown';

  /** `nowMs`: epoch milliseconds, for what is said while nothing can be measured. */
  constructor(
    options: Pick<CheckOptions, 'json' | 'verbose' | 'poolLimit'>,
    output: Output,
    nowMs: () => number,
  ) {
    this.#options = options;
    this.#output = output;
    this.#nowMs = nowMs;
  }

  /** That of the worst verdict so far; 3 while there was none. */
  get status(): number {
    return EXIT_STATUS[this.#worst];
  }

  see(summary: Summary): void {
    const { verdict, takenAtMs, findings } = summary;
    if (verdict.level !== 'unknown' && (this.#worst === 'unknown' || isWorse(verdict.level, this.#worst)))
      this.#worst = verdict.level;
    if (!this.#isNew(verdictTopic(summary))) return;
    const { json, verbose, poolLimit } = this.#options;
    if (json) return this.#output.out(`${JSON.stringify(checkObject(summary, poolLimit))}\n`);
    const line = `${localTime(takenAtMs)} ${WORDS[verdict.level]} - ${verdict.sentence}`;
    this.#output.out(`${[line, ...(verbose ? findingLines(findings) : [])].join('\n')}\n`);
  }

  seeNothing(failure: Failure): void {
    const why = failureSentence(failure);
    if (!this.#isNew(`nothing ${why}`)) return;
    const line = `${localTime(this.#nowMs())} ${WORDS.unknown} - Cannot say: ${why}`;
    this.#output.out(`${this.#options.json ? JSON.stringify(unknownObject(why)) : line}\n`);
  }

  #isNew(topic: string): boolean {
    if (topic === this.#topic) return false;
    this.#topic = topic;
    return true;
  }
}

function isWorse(one: Level, other: Level): boolean {
  return compareLevels(one, other) > 0;
}

/** "2026-11-23 14:32:07", where this machine is. */
function localTime(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
