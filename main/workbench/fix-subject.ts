/** What a plan is made from: the sample that is shown, and the state of its machine. */
import { LAUNCH_DAEMON_FILE } from '../core/fixes/bsd/persist.ts';
import type { PlanInput, PortUser, SystemState } from '../core/fixes/model.ts';
import { stateFromFacts } from '../core/fixes/state-from-facts.ts';
import { withWantedRates } from '../core/fixes/wanted.ts';
import type { Failure, Outcome, Summary } from '../core/model.ts';
import { systemOfProfile } from '../core/profiles.ts';
import type { Fact } from '../core/readings.ts';
import { readLinuxState } from '../fixes/linux/state.ts';
import { readWholeFile } from '../fixes/read-known.ts';
import type { SamplerQuestion } from '../sampling/protocol.ts';
import { parseFixFacts } from './fix-facts-schema.ts';
import { SettingsByCommands, type SettingsParts } from './fix-settings.ts';

export interface FixSubject {
  /** Full pools in it have the rate that they are asked for. */
  summary: Summary;
  state: SystemState;
  /** Of files, not of this machine: can be planned for, never applied. */
  isImported: boolean;
}

export interface SubjectParts extends SettingsParts {
  platform: NodeJS.Platform;
  /** The newest summary, of this machine or of the files that are shown; null before the first. */
  summary(): Summary | null;
  askSampler(name: SamplerQuestion, args: unknown): Promise<Outcome<unknown>>;
  /** Reads the state of this network namespace; tests pass their own. */
  readLinux?(input: { tcpPorts: readonly PortUser[]; pid: number | null }): SystemState;
}

/** Milliseconds that a plan waits for a sample of what was just changed; where none comes (paused), it does without. */
const FRESH_SAMPLE_LIMIT_MS = 3000;

/** The slowest pace and what reading takes. */
const OLDEST_SAMPLE_MS = 15_000;

export class FixSubjects {
  readonly #parts: SubjectParts;
  readonly #settings: SettingsByCommands;
  /** Epoch milliseconds of the last change; a sample that began before it speaks of what was before. */
  #changedAtMs = -Infinity;
  readonly #waiting = new Set<() => void>();

  constructor(parts: SubjectParts) {
    this.#parts = parts;
    this.#settings = new SettingsByCommands(parts);
  }

  /** As it is now. `pid` is a process whose limits are wanted, or null. Fails before the first sample. */
  async read(pid: number | null): Promise<Outcome<FixSubject>> {
    const answer = await this.#parts.askSampler('fixes.subject', {});
    if (!answer.ok) return answer;
    const told = parseFixFacts(answer.value);
    if (!told.ok) return told;
    const { tcpPorts, facts, wanted } = told.value;
    const newest = this.#parts.summary();
    if (newest === null) return { ok: false, failure: NO_SAMPLE };
    const rates = new Map(wanted.map(({ poolKey, opensPerSecond }) => [poolKey, opensPerSecond]));
    const summary = withWantedRates(newest, rates);
    const isImported = summary.origin.kind === 'imported';
    if (isImported !== (facts !== null)) return { ok: false, failure: CHANGING };
    if (facts !== null) {
      return { ok: true, value: { summary, state: stateOf(summary, facts, tcpPorts), isImported } };
    }
    return { ok: true, value: { summary, state: await this.#readLive(summary, tcpPorts, pid), isImported } };
  }

  /** Something was changed, at this moment (epoch milliseconds): what was read before may be so no longer. */
  changed(atMs: number): void {
    this.#settings.forget();
    this.#changedAtMs = Math.max(this.#changedAtMs, atMs);
  }

  /** A sample was taken. */
  sampled(): void {
    for (const go of [...this.#waiting]) go();
  }

  /** Until the newest sample is of after the last change, where one comes soon: predictions start from it. */
  untilFresh(): Promise<void> {
    const isStale = () => {
      const newest = this.#parts.summary();
      if (newest?.origin.kind !== 'live') return false;
      // A sample that is older than any can be, by a clock that was set back or while paused, is not worth the wait.
      const behindMs = this.#changedAtMs - newest.takenAtMs;
      return behindMs >= 0 && behindMs < OLDEST_SAMPLE_MS;
    };
    if (!isStale()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(limit);
        this.#waiting.delete(look);
        resolve();
      };
      const look = () => {
        if (!isStale()) end();
      };
      const limit = setTimeout(end, FRESH_SAMPLE_LIMIT_MS);
      this.#waiting.add(look);
    });
  }

  async #readLive(summary: Summary, tcpPorts: readonly PortUser[], pid: number | null): Promise<SystemState> {
    const { platform, readLinux = readLinuxState } = this.#parts;
    if (platform === 'linux') {
      return readLinux({ tcpPorts, pid: pid ?? summary.findings.find(isOfLimits)?.pid ?? null });
    }
    const state = stateOf(summary, await this.#settings.read(), tcpPorts);
    if (state.system !== 'macos') return state;
    return { ...state, files: new Map([[LAUNCH_DAEMON_FILE, readWholeFile(LAUNCH_DAEMON_FILE)]]) };
  }
}

function isOfLimits({ rule }: Summary['findings'][number]): boolean {
  return rule === 'descriptors-process';
}

function stateOf(
  { settings: { profileId } }: Summary,
  facts: readonly Fact[],
  tcpPorts: readonly PortUser[],
): SystemState {
  const system = systemOfProfile(profileId) ?? 'linux';
  return stateFromFacts({ system, facts, isLegacyWindows: profileId === 'windows-legacy', tcpPorts });
}

/** The input of a plan for this subject. */
export function planInputOf(
  { summary, state }: FixSubject,
  parameters: PlanInput['parameters'],
): PlanInput & { summary: Summary } {
  return { summary, state, parameters };
}

const NO_SAMPLE: Failure = {
  code: 'unavailable',
  what: 'a plan',
  why: 'the first sample is under way; try again in a second',
};
const CHANGING: Failure = {
  code: 'unavailable',
  what: 'a plan',
  why: 'what is shown is just changing between this machine and files; try again in a second',
};
