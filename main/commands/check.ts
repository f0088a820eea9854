/** `fourtuple check`: one verdict for scripts and monitoring. Loads neither Electron nor anything of a window. */
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { failureSentence } from '../core/words/failure.ts';
import { openMetrics } from '../core/open-metrics.ts';
import type { Outcome, Summary } from '../core/model.ts';
import { choosePlatform } from '../sampling/choose.ts';
import { DEFAULT_INTERVAL_MS, effectiveInterval } from '../sampling/pace.ts';
import { Sampler } from '../sampling/sampler.ts';
import { watchOutput } from '../terminal/unread-output.ts';
import { CHECK_HELP, parseCheckOptions, type CheckOptions } from './check-options.ts';
import { findingLines } from './check-findings.ts';
import { runCheckFrom } from './check-from.ts';
import { EXIT_STATUS, checkLine, checkObject, unknownLine, unknownObject } from './check-report.ts';
import { watchVerdict } from './check-watch.ts';
import { usageSentence } from './usage.ts';

export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** Milliseconds between glances at open connections while arrivals are measured. */
const GLANCE_EVERY_MS = 80;

/** What a test may say instead. */
export interface CheckWorld {
  version?: string;
  stdin?(): AsyncIterable<Uint8Array>;
  /** Whether nobody reads the output any more, as far as that can be told without writing. */
  isUnread?(): boolean;
}

/** Runs the command; gives its exit status. Ends early when `signal` aborts. */
export async function runCheck(
  argv: readonly string[],
  output: Output,
  signal: AbortSignal,
  { version = '', stdin = () => process.stdin, isUnread }: CheckWorld = {},
): Promise<number> {
  const parsed = parseCheckOptions(argv);
  if (!parsed.ok) {
    output.err(`fourtuple check: ${usageSentence(parsed.failure)}; see fourtuple check --help\n`);
    return EXIT_STATUS.unknown;
  }
  const options = parsed.value;
  if (options.help) {
    output.out(CHECK_HELP);
    return 0;
  }
  if (options.from.length > 0) return runCheckFrom(options, output, stdin);
  const opened = openSampler(options);
  if (!opened.ok) return reportUnknown(options, failureSentence(opened.failure), output);
  const sampler = opened.value;
  try {
    if (options.watch) {
      const watched = { sampler, clock, options, output, signal };
      return await watchVerdict({ ...watched, isUnread: isUnread ?? watchOutput() });
    }
    const measured = await measure(sampler, options, signal);
    if (!measured.ok) return reportUnknown(options, failureSentence(measured.failure), output);
    return report(measured.value, options, output, version);
  } finally {
    sampler.close();
  }
}

const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

function openSampler(options: CheckOptions): Outcome<Sampler> {
  const platform = choosePlatform(process.platform);
  if (!platform.ok) return platform;
  const sampler = new Sampler({ platform: platform.value, clock, poolLimit: options.poolLimit });
  const opened = sampler.open();
  return opened.ok ? { ok: true, value: sampler } : opened;
}

/** One dump, or two with glances at open connections between them. */
async function measure(
  sampler: Sampler,
  { forSeconds }: CheckOptions,
  signal: AbortSignal,
): Promise<Outcome<Summary>> {
  // Between the two samples lies the time that is measured: no gap.
  sampler.setInterval(Math.max(1000, forSeconds * 1000));
  if (sampler.needsRefresh) return measureByCommands(sampler, forSeconds, signal);
  const first = sampler.sample();
  if (!first.ok) return first;
  if (forSeconds === 0) return { ok: true, value: first.value.summary };
  const untilMs = performance.now() + forSeconds * 1000;
  while (!signal.aborted && performance.now() < untilMs) {
    const leftMs = untilMs - performance.now();
    await pause(Math.min(GLANCE_EVERY_MS, leftMs), undefined, { signal }).catch(() => undefined);
    if (untilMs - performance.now() > GLANCE_EVERY_MS / 2) sampler.glance();
  }
  const second = sampler.sample();
  return second.ok ? { ok: true, value: second.value.summary } : second;
}

/** Milliseconds a command may take beyond its usual time before rates over the pause would be wrong. */
const COMMAND_SLACK_MS = 60_000;

/**
 * Where sockets are listed by a command: listings until the time is over, at a pace that leaves the machine alone. With
 * each one more is known of when connections closed.
 */
async function measureByCommands(
  sampler: Sampler,
  forSeconds: number,
  signal: AbortSignal,
): Promise<Outcome<Summary>> {
  sampler.setInterval(forSeconds * 1000 + COMMAND_SLACK_MS);
  const untilMs = performance.now() + forSeconds * 1000;
  for (;;) {
    const beganMs = performance.now();
    const refreshed = await sampler.refresh(signal);
    if (!refreshed.ok) return refreshed;
    const sample = sampler.sample();
    if (!sample.ok) return sample;
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0 || signal.aborted) return { ok: true, value: sample.value.summary };
    const commandsMs = performance.now() - beganMs;
    const paceMs = effectiveInterval(DEFAULT_INTERVAL_MS, { wallMs: 0, cpuMs: 0, commandsMs });
    // The last listing is taken when the time is over, however the pace falls.
    const pauseMs = leftMs < 1.5 * paceMs ? leftMs : paceMs;
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

function report(summary: Summary, options: CheckOptions, output: Output, version: string): number {
  if (options.prometheus) {
    output.out(openMetrics(summary, version));
    return 0;
  }
  if (options.json) {
    output.out(`${JSON.stringify(checkObject(summary, options.poolLimit))}\n`);
  } else {
    const below = options.verbose ? findingLines(summary.findings) : [];
    output.out(`${[checkLine(summary), ...below].join('\n')}\n`);
  }
  return EXIT_STATUS[summary.verdict.level];
}

function reportUnknown({ json, prometheus }: CheckOptions, why: string, output: Output): number {
  // A collector is to find no file rather than half a one.
  if (prometheus) output.err(`fourtuple check: ${why}\n`);
  else output.out(`${json ? JSON.stringify(unknownObject(why)) : unknownLine(why)}\n`);
  return EXIT_STATUS.unknown;
}
