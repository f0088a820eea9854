/**
 * `node test/bench/soak.ts [minutes]`, ten without: the healthy machines of the kernel tests side by side, each watched by
 * a sampler of its own. Prints what was said of them; wanted are no finding at warning or worse and one verdict throughout.
 */
import { compareLevels } from '../../main/core/assess.ts';
import { namespaceMissing } from '../support/namespace.ts';
import { peerMissing } from '../support/peer.ts';
import { SOAKED } from '../support/scenarios/healthy.ts';
import { runScenario } from '../support/scenarios/run-scenario.ts';
import type { ScenarioResult } from '../support/scenarios/run-scenario.ts';
import type { WatchedSample } from '../support/scenarios/watching.ts';

const DEFAULT_MINUTES = 10;
const SPARE_SECONDS = 30;

const print = (line: string) => void process.stdout.write(`${line}\n`);

await soak(Number(process.argv[2] ?? DEFAULT_MINUTES));

async function soak(minutes: number): Promise<void> {
  const missing = namespaceMissing() ?? peerMissing();
  if (missing) return print(`Not soaked: ${missing}`);
  const plan = { watchSeconds: minutes * 60, limitSeconds: minutes * 60 + SPARE_SECONDS };
  print(`${SOAKED.length} healthy machines, ${minutes} min each`);
  await Promise.all(
    SOAKED.map(async (scenario) => report(scenario.title, await runScenario(scenario, plan))),
  );
}

function report(title: string, { samples, problems }: ScenarioResult): void {
  const alarms = samples.flatMap(({ findings }) =>
    findings.filter(({ level }) => compareLevels(level, 'warning') >= 0),
  );
  const last = samples.at(-1);
  print(`${title}\n  ${samples.length} samples over ${spanOf(samples)} s`);
  print(`  findings at warning or worse          ${alarms.length} (wanted: 0)`);
  print(`  changes of the verdict's level        ${flapsOf(samples)} (wanted: 0)`);
  print(`  all else that was not expected        ${problems.length} (wanted: 0)`);
  for (const problem of problems) print(`    ${problem}`);
  print(`  at the end                            ${last?.level}: ${last?.sentence}`);
  print(`  notices                               ${noticesOf(samples).join(', ') || 'none'}`);
  print(`  sampler's share of a core at the end  ${((last?.sampler.costShare ?? NaN) * 100).toFixed(1)} %`);
}

function spanOf(samples: readonly WatchedSample[]): number {
  return Math.round(((samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)) / 1000);
}

function flapsOf(samples: readonly WatchedSample[]): number {
  return samples.filter(({ level }, at) => at > 0 && level !== samples[at - 1]?.level).length;
}

function noticesOf(samples: readonly WatchedSample[]): string[] {
  return [...new Set(samples.flatMap(({ findings }) => findings.map(({ rule }) => rule)))];
}
