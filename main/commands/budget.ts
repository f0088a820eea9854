/** `fourtuple budget`: what the ports will carry, calculated. Touches this machine only for --profile this-machine. */
import { performance } from 'node:perf_hooks';
import type { Failure, Outcome, Summary } from '../core/model.ts';
import { simulateLoad } from '../core/simulate/load.ts';
import { THIS_MACHINE } from '../core/what-if/base.ts';
import { describeProfiles } from '../core/what-if/catalogue.ts';
import { evaluateWhatIf } from '../core/what-if/evaluate.ts';
import type { WhatIfInput } from '../core/what-if/model.ts';
import { choosePlatform } from '../sampling/choose.ts';
import { Sampler } from '../sampling/sampler.ts';
import { BUDGET_HELP, parseBudgetOptions, type BudgetOptions } from './budget-options.ts';
import {
  budgetObject,
  budgetText,
  comparisonObject,
  comparisonText,
  folkloreObject,
  folkloreText,
  type BudgetReport,
} from './budget-report.ts';
import type { Output } from './check.ts';
import { usageSentence } from './usage.ts';

const WRONG_USAGE = 3;

/** Runs the command; gives its exit status. `readSummary` is one sample of this machine. */
export function runBudget(
  argv: readonly string[],
  output: Output,
  readSummary: () => Outcome<Summary> = sampleOnce,
): number {
  const parsed = parseBudgetOptions(argv);
  if (!parsed.ok) return refuse(parsed.failure, output);
  const options = parsed.value;
  if (options.help) {
    output.out(BUDGET_HELP);
    return 0;
  }
  if (options.folklore) return printFolklore(options, output);
  if (options.input.profileId !== THIS_MACHINE) return answer(options, null, output);
  const summary = readSummary();
  return summary.ok ? answer(options, summary.value, output) : refuse(summary.failure, output);
}

function answer(options: BudgetOptions, summary: Summary | null, output: Output): number {
  const input = summary ? withLiveValues(options, summary) : options.input;
  const evaluated = evaluateWhatIf(input, summary);
  if (!evaluated.ok) return refuse(evaluated.failure, output);
  const result = evaluated.value;
  if (options.all) return printComparison(options, result.comparison, output);
  const simulated = options.simulation && simulateLoad(result.effective, options.simulation);
  if (simulated && !simulated.ok) return refuse(simulated.failure, output);
  const report: BudgetReport = { result, hasRate: options.hasRate, simulation: simulated?.value ?? null };
  output.out(options.json ? `${JSON.stringify(budgetObject(report))}\n` : budgetText(report));
  return 0;
}

/** What was not given on the command line is what the fullest pool does now. */
function withLiveValues({ input, given }: BudgetOptions, summary: Summary): WhatIfInput {
  const live = describeProfiles(summary).thisMachine?.input;
  if (!live) return input;
  const givenLimits = Object.entries(input.limits).filter(([, value]) => value !== null);
  return {
    ...input,
    ratePerSecond: given.rate ? input.ratePerSecond : live.ratePerSecond,
    holdSeconds: given.hold ? input.holdSeconds : live.holdSeconds,
    inUse: given.inUse ? input.inUse : live.inUse,
    toLoopback: live.toLoopback,
    limits: { ...live.limits, ...Object.fromEntries(givenLimits) },
  };
}

function printComparison(
  { json, hasRate, input }: BudgetOptions,
  rows: Parameters<typeof comparisonText>[0],
  output: Output,
): number {
  const { quoted } = describeProfiles(null);
  output.out(
    json
      ? `${JSON.stringify(comparisonObject(rows, quoted, hasRate))}\n`
      : comparisonText(rows, quoted, hasRate ? input.ratePerSecond : null),
  );
  return 0;
}

function printFolklore({ json }: BudgetOptions, output: Output): number {
  const { folklore } = describeProfiles(null);
  output.out(json ? `${JSON.stringify(folkloreObject(folklore))}\n` : folkloreText(folklore));
  return 0;
}

function refuse(failure: Failure, output: Output): number {
  output.err(`fourtuple budget: ${usageSentence(failure)}; see fourtuple budget --help\n`);
  return WRONG_USAGE;
}

function sampleOnce(): Outcome<Summary> {
  const platform = choosePlatform(process.platform);
  if (!platform.ok) return platform;
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  const sampler = new Sampler({ platform: platform.value, clock, poolLimit: 20 });
  const opened = sampler.open();
  if (!opened.ok) return opened;
  try {
    const sampled = sampler.sample();
    return sampled.ok ? { ok: true, value: sampled.value.summary } : sampled;
  } finally {
    sampler.close();
  }
}
