/** `fourtuple check`: one verdict for scripts and monitoring. Loads neither Electron nor anything of a window. */
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { failureSentence } from '../core/words/failure.ts';
import type { Failure, Outcome, Summary } from '../core/model.ts';
import { choosePlatform } from '../sampling/choose.ts';
import { Sampler } from '../sampling/sampler.ts';
import { CHECK_HELP, parseCheckOptions, type CheckOptions } from './check-options.ts';
import { EXIT_STATUS, checkLine, checkObject, unknownLine, unknownObject } from './check-report.ts';

export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** Milliseconds between glances at open connections while arrivals are measured. */
const GLANCE_EVERY_MS = 80;

/** Runs the command; gives its exit status. Ends early when `signal` aborts. */
export async function runCheck(
  argv: readonly string[],
  output: Output,
  signal: AbortSignal,
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
  const opened = openSampler(options);
  if (!opened.ok) return reportUnknown(options, failureSentence(opened.failure), output);
  try {
    return await repeat(opened.value, options, output, signal);
  } finally {
    opened.value.close();
  }
}

function usageSentence(failure: Failure): string {
  return failure.code === 'invalid' ? failure.message : failureSentence(failure);
}

function openSampler(options: CheckOptions): Outcome<Sampler> {
  const platform = choosePlatform(process.platform);
  if (!platform.ok) return platform;
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  const sampler = new Sampler({ platform: platform.value, clock, poolLimit: options.poolLimit });
  const opened = sampler.open();
  return opened.ok ? { ok: true, value: sampler } : opened;
}

async function repeat(
  sampler: Sampler,
  options: CheckOptions,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    const measured = await measure(sampler, options, signal);
    const status = measured.ok
      ? report(measured.value, options, output)
      : reportUnknown(options, failureSentence(measured.failure), output);
    if (!options.watch || signal.aborted) return status;
    await pause(options.everySeconds * 1000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return status;
  }
}

/** One dump, or two with glances at open connections between them. */
async function measure(
  sampler: Sampler,
  { forSeconds, everySeconds }: CheckOptions,
  signal: AbortSignal,
): Promise<Outcome<Summary>> {
  // Between the samples of --watch lies its pause: no gap.
  sampler.setInterval(Math.max(1000, forSeconds * 1000, everySeconds * 1000));
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

function report(summary: Summary, options: CheckOptions, output: Output): number {
  output.out(
    `${options.json ? JSON.stringify(checkObject(summary, options.poolLimit)) : checkLine(summary)}\n`,
  );
  return EXIT_STATUS[summary.verdict.level];
}

function reportUnknown(options: CheckOptions, why: string, output: Output): number {
  output.out(`${options.json ? JSON.stringify(unknownObject(why)) : unknownLine(why)}\n`);
  return EXIT_STATUS.unknown;
}
