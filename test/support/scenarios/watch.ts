/** Run inside a namespace: the real sampler at its usual pace; one JSON line (WatchedSample) a sample until stdin ends. */
import { choosePlatform } from '../../../main/sampling/choose.ts';
import type { Summary } from '../../../main/core/model.ts';
import { Pacer } from '../../../main/sampling/pacer.ts';
import { Sampler } from '../../../main/sampling/sampler.ts';
import type { WatchedSample } from './watching.ts';

const POOLS = 20;

function main(): void {
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  const platform = choosePlatform(process.platform);
  if (!platform.ok) throw new Error(JSON.stringify(platform.failure));
  const sampler = new Sampler({ platform: platform.value, clock, poolLimit: POOLS });
  const opened = sampler.open();
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
  const pacer = new Pacer({
    sampler,
    clock,
    cpuMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    memoryBytes: () => process.memoryUsage.rss(),
    onSummary: (summary) => process.stdout.write(`${JSON.stringify(watched(summary))}\n`),
    onFailure: (failure) => {
      throw new Error(JSON.stringify(failure));
    },
  });
  process.stdin.on('end', () => process.exit(0)).resume();
  pacer.start();
}

function watched(summary: Summary): WatchedSample {
  return {
    atMs: summary.takenAtMs,
    level: summary.verdict.level,
    sentence: summary.verdict.sentence,
    findings: summary.findings,
    byState: summary.totals.byState,
    degradations: summary.degradations.map(({ code }) => code),
    sampler: summary.sampler,
  };
}

main();
