/** Run inside a namespace full of sockets: what a sample costs here, against `ss -tanH`, and whether main is blocked. */
import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startThread } from '../../main/hosts/start-thread.ts';
import { forkChild } from '../../main/hosts/web/fork-child.ts';
import { choosePlatform } from '../../main/sampling/choose.ts';
import { Sampler } from '../../main/sampling/sampler.ts';
import { createWorkbench } from '../../main/workbench/workbench.ts';

const ROUNDS = 21;
const WATCH_MS = 6000;

const built = (name: string) => fileURLToPath(new URL(`../../out/main/${name}`, import.meta.url));
const print = (line: string) => void process.stdout.write(`${line}\n`);
const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

const sampler = openSampler();
const samples: number[] = [];
const dumps: number[] = [];
const peers: number[] = [];
const discard = openSync('/dev/null', 'w');
let sockets = 0;
for (let round = 0; round < ROUNDS; round++) {
  const startedMs = performance.now();
  const outcome = sampler.sample();
  samples.push(performance.now() - startedMs);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  sockets = outcome.value.table.length;
  dumps.push(outcome.value.summary.sampler.dumpMs);
  const peerMs = performance.now();
  spawnSync('ss', ['-tanH'], { stdio: ['ignore', discard, discard] });
  peers.push(performance.now() - peerMs);
}
sampler.close();

print(`Sampling ${sockets.toLocaleString('en-US')} sockets, medians of ${ROUNDS}`);
print(`  dump and decode                       ${median(dumps).toFixed(1)} ms`);
print(`  dump, decode, pools, owners, forecast ${median(samples).toFixed(1)} ms`);
print(`  ss -tanH > /dev/null                  ${median(peers).toFixed(1)} ms`);
print(
  `  ratio                                 ${(median(samples) / median(peers)).toFixed(2)} (wanted: at most 0.40)`,
);
await watchMain();

/** The main process while a real sampler child publishes: its longest pause. */
async function watchMain(): Promise<void> {
  let summaries = 0;
  const workbench = createWorkbench({
    forkSampler: () => forkChild(built('sampler.js')),
    forkTerminal: () => forkChild(built('terminal.js')),
    startParser: () => startThread(built('parse.js'), print),
    now: Date.now,
    jitter: Math.random,
    version: 'bench',
    host: 'web',
    platform: process.platform,
    log: print,
  });
  workbench.subscribe((event) => {
    if (event.name === 'summary.updated') summaries++;
  });
  await pause(200);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  workbench.start();
  await pause(WATCH_MS);
  delay.disable();
  workbench.stop();
  print(
    `  main's longest pause in ${WATCH_MS / 1000} s, ${summaries} summaries: ${(delay.max / 1e6).toFixed(1)} ms (wanted: under 50)`,
  );
}

function openSampler(): Sampler {
  const platform = choosePlatform(process.platform);
  if (!platform.ok) throw new Error(JSON.stringify(platform.failure));
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  const opened = new Sampler({ platform: platform.value, clock, poolLimit: 20 });
  const outcome = opened.open();
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return opened;
}
