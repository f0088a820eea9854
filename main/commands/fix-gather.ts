/** Looks at this machine, or at files, for fixes: a summary to predict from, and the settings as they are. */
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Known, PortUser, SystemState } from '../core/fixes/model.ts';
import { stateFromFacts } from '../core/fixes/state-from-facts.ts';
import { LAUNCH_DAEMON_FILE } from '../core/fixes/bsd/persist.ts';
import { withWantedRates } from '../core/fixes/wanted.ts';
import type { Failure, Outcome, Summary } from '../core/model.ts';
import { systemOfProfile } from '../core/profiles.ts';
import type { Fact, SystemId } from '../core/readings.ts';
import { readLinuxState } from '../fixes/linux/state.ts';
import { readWholeFile } from '../fixes/read-known.ts';
import { fillArguments } from '../probes/arguments.ts';
import { choosePlatform } from '../sampling/choose.ts';
import { openImport } from '../sampling/imported/open-import.ts';
import { readFiles } from '../sampling/imported/read-files.ts';
import { portsOf, wantedRatesOf } from '../sampling/fix-facts.ts';
import { Sampler } from '../sampling/sampler.ts';
import type { FixOptions } from './fix-options.ts';
import { thisMachine, understand, type ProbeMachine } from './probe.ts';
import { readSources } from './read-sources.ts';

export interface FixSubject {
  summary: Summary;
  state: SystemState;
}

const POOL_LIMIT = 100;
/** Milliseconds between glances at open connections. */
const GLANCE_EVERY_MS = 80;

/** This machine, watched for as long as asked; ends early when `signal` aborts. */
export async function lookAtThisMachine(
  { forSeconds, parameters }: FixOptions,
  signal: AbortSignal,
): Promise<Outcome<FixSubject>> {
  const platform = choosePlatform(process.platform);
  if (!platform.ok) return platform;
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  const sampler = new Sampler({ platform: platform.value, clock, poolLimit: POOL_LIMIT });
  const opened = sampler.open();
  if (!opened.ok) return opened;
  try {
    const watched = await watch(sampler, forSeconds, signal);
    if (!watched.ok) return watched;
    const summary = withWantedRates(watched.value.summary, wantedRatesOf(sampler));
    const tcpPorts = portsOf(sampler);
    const pid = parameters.pid ?? pidOfFinding(summary);
    const state =
      process.platform === 'linux'
        ? readLinuxState({ tcpPorts, pid })
        : await readByCommands(thisMachine(process.platform), summary, tcpPorts, signal);
    return { ok: true, value: { summary, state } };
  } finally {
    sampler.close();
  }
}

function pidOfFinding({ findings }: Summary): number | null {
  return findings.find(({ rule }) => rule === 'descriptors-process')?.pid ?? null;
}

async function watch(
  sampler: Sampler,
  seconds: number,
  signal: AbortSignal,
): Promise<Outcome<{ summary: Summary }>> {
  // Two looks with a pause of any length between them: no gap.
  sampler.setInterval((seconds + 60) * 1000);
  const untilMs = performance.now() + seconds * 1000;
  for (;;) {
    if (sampler.needsRefresh) {
      const refreshed = await sampler.refresh(signal);
      if (!refreshed.ok) return refreshed;
    }
    const sample = sampler.sample();
    if (!sample.ok) return sample;
    if (signal.aborted || performance.now() >= untilMs) return sample;
    while (!signal.aborted && performance.now() < untilMs) {
      const restMs = Math.min(GLANCE_EVERY_MS, untilMs - performance.now());
      await pause(restMs, undefined, { signal }).catch(() => undefined);
      if (!sampler.needsRefresh && untilMs - performance.now() > GLANCE_EVERY_MS / 2) sampler.glance();
    }
  }
}

/** Windows, macOS and the BSDs tell their settings through their own commands. */
async function readByCommands(
  { probes, run }: ProbeMachine,
  summary: Summary,
  tcpPorts: readonly PortUser[],
  signal: AbortSignal,
): Promise<SystemState> {
  const facts: Fact[] = [];
  for (const probe of probes.filter(({ group }) => group === 'settings')) {
    const argv = fillArguments(probe, []);
    if (!argv.ok) continue;
    const ran = await run({ tool: probe.tool, argv: argv.value, way: 'quiet' }, { signal });
    if (ran.ok) facts.push(...understand(probe, argv.value, ran.value).reading.facts);
  }
  const state = stateOf(summary, facts, tcpPorts);
  const files: [string, Known][] =
    state.system === 'macos' ? [[LAUNCH_DAEMON_FILE, readWholeFile(LAUNCH_DAEMON_FILE)]] : [];
  return { ...state, files: new Map(files) };
}

function stateOf({ settings }: Summary, facts: readonly Fact[], tcpPorts: readonly PortUser[]): SystemState {
  const { profileId } = settings;
  const system: SystemId = systemOfProfile(profileId) ?? 'linux';
  return stateFromFacts({ system, facts, isLegacyWindows: profileId === 'windows-legacy', tcpPorts });
}

/** The files that were named, from any machine. */
export async function lookAtFiles(
  { from, profileId }: FixOptions,
  stdin: () => AsyncIterable<Uint8Array>,
): Promise<Outcome<FixSubject>> {
  const files = await readSources(from, stdin);
  if (!files.ok) return files;
  const reading = await readFiles(files.value, { pause: () => nextTurn(), alive: () => undefined });
  if (!reading.ok) return reading;
  const opened = openImport(reading.value, { profileId, poolLimit: POOL_LIMIT, nowMs: Date.now() });
  if (!opened.ok) return opened;
  const { report, sampler } = opened.value;
  const summary = sampler?.last?.summary;
  if (!sampler || !summary) return refused(report.sentence, report.choices);
  const state = stateOf(summary, reading.value.facts, portsOf(sampler));
  return { ok: true, value: { summary, state } };
}

function refused(sentence: string, choices: readonly { id: string }[]): { ok: false; failure: Failure } {
  const options = choices.map(({ id }) => `--profile ${id}`).join(' or ');
  const message = options === '' ? sentence : `${sentence.replace(/: choose one\.$/, '')}: say ${options}.`;
  return { ok: false, failure: { code: 'invalid', field: 'files', message } };
}
