/** Makes a scenario in a namespace of its own, watches it with the real sampler, and says what was wrong with what it found. */
import { compareLevels } from '../../../main/core/assess.ts';
import type { Finding } from '../../../main/core/model.ts';
import { startLoad } from '../load/load.ts';
import { openNamespace } from '../namespace.ts';
import type { TestNamespace } from '../namespace.ts';
import { openPeer } from '../peer.ts';
import type { Place } from '../peer.ts';
import { startRoles } from './roles.ts';
import type { Program, Scenario } from './scenario.ts';
import { startWatching } from './watching.ts';
import type { WatchedSample } from './watching.ts';

const START_LIMIT_MS = 30_000;
/** Watched before anything happens: a look of a few seconds cannot tell a burst from a flow, and need not here. */
const SAMPLES_BEFORE = 5;
/** The end must stand for so many samples in a row. */
const STEADY_SAMPLES = 3;
/** Programs outlive what is watched. */
const SPARE_SECONDS = 60;

export interface ScenarioResult {
  samples: readonly WatchedSample[];
  /** One line each; empty when all is as expected. */
  problems: string[];
}

export interface WatchPlan {
  watchSeconds: number;
  limitSeconds: number;
}

export async function runScenario(
  scenario: Scenario,
  { watchSeconds, limitSeconds }: WatchPlan = planOf(scenario),
): Promise<ScenarioResult> {
  const namespace = await openNamespace(scenario.settings);
  try {
    const peer = await prepare(namespace, scenario);
    const watching = startWatching(namespace);
    const hasBegun = await watching.until(() => watching.samples.length >= SAMPLES_BEFORE, START_LIMIT_MS);
    if (!hasBegun) throw new Error(`the sampler gave only ${watching.samples.length} samples`);
    for (const program of scenario.programs)
      await startProgram(program, program.on === 'peer' ? peer : namespace, limitSeconds + SPARE_SECONDS);
    const leastMs = Date.now() + watchSeconds * 1000;
    const hasEnded = () => Date.now() >= leastMs && isEnd(watching.samples, scenario);
    await watching.until(hasEnded, limitSeconds * 1000);
    return { samples: watching.samples, problems: problemsOf(watching.samples, scenario) };
  } finally {
    await namespace.close();
  }
}

export function planOf({ watchSeconds = 8, limitSeconds = 45 }: Scenario): WatchPlan {
  return { watchSeconds, limitSeconds };
}

async function prepare(namespace: TestNamespace, scenario: Scenario): Promise<Place> {
  const peer = await openPeer(namespace);
  for (const [name, value] of Object.entries(scenario.sysctls ?? {})) namespace.set(name, value);
  for (const argv of scenario.commands ?? []) {
    const { status, stderr } = namespace.run(argv);
    if (status !== 0) throw new Error(`${argv.join(' ')}: ${stderr.trim()}`);
  }
  return peer;
}

async function startProgram({ name, does, descriptorLimit }: Program, place: Place, seconds: number) {
  if (Array.isArray(does)) {
    await startRoles(place, { name, seconds, roles: does }, START_LIMIT_MS, descriptorLimit);
    return;
  }
  const load = startLoad({ ...does, seconds, nameHex: Buffer.from(name).toString('hex') }, place);
  await load.first('listening', START_LIMIT_MS);
}

function isEnd(samples: readonly WatchedSample[], scenario: Scenario): boolean {
  const last = samples.slice(-STEADY_SAMPLES);
  return last.length === STEADY_SAMPLES && last.every((sample) => endProblems(sample, scenario).length === 0);
}

function problemsOf(samples: readonly WatchedSample[], scenario: Scenario): string[] {
  const [last] = samples.slice(-1);
  const atEnd = last ? endProblems(last, scenario) : ['nothing was sampled'];
  return [...new Set([...samples.flatMap((sample) => falseAlarms(sample, scenario)), ...atEnd])];
}

/** What one sample says that is never true of this scenario. */
function falseAlarms(sample: WatchedSample, scenario: Scenario): string[] {
  const alarms = sample.findings
    .filter((finding) => !isAllowed(finding, scenario))
    .map(({ rule, level, sentence }) => `false ${level} ${rule}: ${sentence.replaceAll(/[\d.,]+/g, '#')}`);
  const isWorse = compareLevels(sample.level, scenario.level) > 0;
  return isWorse ? [...alarms, `false verdict ${sample.level}: ${sample.sentence}`] : alarms;
}

function isAllowed({ rule, level }: Finding, { finds, mayFind = {} }: Scenario): boolean {
  const most = finds.find((expected) => expected.rule === rule)?.level ?? mayFind[rule];
  return most !== undefined && compareLevels(level, most) <= 0;
}

/** What the sample lacks to be the end of this scenario. */
function endProblems(sample: WatchedSample, { finds, level, shows = {} }: Scenario): string[] {
  const problems = finds.flatMap(({ rule, level: wanted, says }) => {
    const found = sample.findings.filter((finding) => finding.rule === rule && finding.level === wanted);
    if (found.length === 0) return [`${wanted} ${rule} is missing at the end (${listed(sample.findings)})`];
    const isSaid = !says || found.some(({ sentence }) => says.test(sentence));
    return isSaid ? [] : [`${rule} does not say ${says}: ${found[0]?.sentence}`];
  });
  if (sample.level !== level)
    problems.push(`the verdict is ${sample.level} instead of ${level} at the end: ${sample.sentence}`);
  for (const [state, least] of Object.entries(shows)) {
    const sockets = sample.byState[state as keyof typeof sample.byState] ?? 0;
    if (sockets < least) problems.push(`only ${sockets} ${state} at the end, wanted ${least}`);
  }
  return problems;
}

function listed(findings: readonly Finding[]): string {
  return findings.map(({ rule, level }) => `${rule} ${level}`).join(', ') || 'no findings';
}
