/** Drives a sampler: samples at the asked pace, glances in between, accounts for the cost. */
import type { Failure, Summary } from '../core/model.ts';
import { GlancePlan } from './glance-plan.ts';
import {
  DEFAULT_INTERVAL_MS,
  MAX_INTERVAL_MS,
  MIN_INTERVAL_MS,
  delayToNext,
  effectiveInterval,
  type SampleCost,
} from './pace.ts';
import type { Sampler, SamplerClock } from './sampler.ts';

export interface PacerOptions {
  sampler: Sampler;
  clock: SamplerClock;
  /** Processor time this process has used, milliseconds. */
  cpuMs(): number;
  /** Resident memory of this process, bytes. */
  memoryBytes(): number;
  onSummary(summary: Summary): void;
  onFailure(failure: Failure): void;
}

/** Glances wait while samples and glances together take more than this share of a core. */
const GLANCE_COST_LIMIT = 0.1;
/** Shorter intervals see enough without. */
const GLANCE_FROM_INTERVAL_MS = 500;
const COST_WINDOW_MS = 30_000;
/** The first samples run unoptimised code: their processor time says nothing of the later ones. */
const WARM_UP_SAMPLES = 3;

export class Pacer {
  private readonly options: PacerOptions;
  private timer: NodeJS.Timeout | null = null;
  /** The refresh under way, where the platform needs one before a sample: never two at once. */
  private refreshing: AbortController | null = null;
  private intervalMs = DEFAULT_INTERVAL_MS;
  private paused = false;
  private readonly glances = new GlancePlan();
  private sampleCount = 0;
  private lastStartedMs = 0;
  private lastCost: SampleCost = { wallMs: 0, cpuMs: 0 };
  /** Processor time used, read at each sample. */
  private readings: { atMs: number; cpuMs: number }[] = [];

  constructor(options: PacerOptions) {
    this.options = options;
  }

  start(): void {
    this.beginSample();
  }

  /** Ends sampling, commands under way included. */
  stop(): void {
    this.clearTimer();
    this.refreshing?.abort();
    this.refreshing = null;
  }

  /** Changes pace or pauses; publishes at once so that every window shows it. */
  configure({ intervalMs, paused }: { intervalMs?: number; paused?: boolean }): void {
    if (intervalMs !== undefined) {
      this.intervalMs = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, intervalMs));
    }
    const wasPaused = this.paused;
    this.paused = paused ?? this.paused;
    this.clearTimer();
    const last = this.options.sampler.last;
    if (this.paused) {
      if (last) this.publish(last.summary);
      return;
    }
    if (last && !wasPaused) this.publish(last.summary);
    // The refresh under way ends in a sample, and that in a schedule of the new pace.
    if (this.refreshing) return;
    if (wasPaused || !last) this.beginSample();
    else this.schedule(this.lastStartedMs);
  }

  private clearTimer(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private beginSample(): void {
    const startedMs = this.options.clock.monotonicMs();
    if (this.options.sampler.needsRefresh) void this.refreshAndSample(startedMs);
    else this.takeSample(startedMs);
  }

  private async refreshAndSample(startedMs: number): Promise<void> {
    const { sampler, clock, onFailure } = this.options;
    if (this.refreshing) return;
    const refreshing = new AbortController();
    this.refreshing = refreshing;
    const outcome = await sampler.refresh(refreshing.signal);
    // Stopped meanwhile: whoever stopped it wants no sample.
    if (this.refreshing !== refreshing) return;
    this.refreshing = null;
    const commandsMs = clock.monotonicMs() - startedMs;
    if (this.paused) return;
    if (outcome.ok) return this.takeSample(startedMs, commandsMs);
    this.lastStartedMs = startedMs;
    this.lastCost = { wallMs: 0, cpuMs: 0, commandsMs };
    onFailure(outcome.failure);
    this.schedule(startedMs);
  }

  /** `beganMs` is when its refresh began, `commandsMs` how long that took; both count for the pace. */
  private takeSample(beganMs: number, commandsMs = 0): void {
    const { sampler, clock, cpuMs } = this.options;
    const startedMs = clock.monotonicMs();
    this.lastStartedMs = beganMs;
    const cpuBeforeMs = cpuMs();
    sampler.setInterval(this.currentInterval());
    const outcome = sampler.sample();
    const isWarm = ++this.sampleCount > WARM_UP_SAMPLES;
    this.lastCost = {
      wallMs: clock.monotonicMs() - startedMs,
      cpuMs: isWarm ? cpuMs() - cpuBeforeMs : 0,
      commandsMs,
    };
    this.readings.push({ atMs: startedMs, cpuMs: cpuBeforeMs });
    while ((this.readings[0]?.atMs ?? startedMs) < startedMs - COST_WINDOW_MS) this.readings.shift();
    if (outcome.ok) this.publish(outcome.value.summary);
    else this.options.onFailure(outcome.failure);
    this.schedule(beganMs);
  }

  private schedule(startedMs: number): void {
    const nowMs = this.options.clock.monotonicMs();
    const delayMs = delayToNext(this.intervalMs, startedMs, this.lastCost, nowMs);
    const mayGlance =
      !this.options.sampler.needsRefresh &&
      this.intervalMs >= GLANCE_FROM_INTERVAL_MS &&
      this.costShare() < GLANCE_COST_LIMIT;
    const times = mayGlance ? this.glances.times(delayMs, nowMs).map((inMs) => nowMs + inMs) : [];
    this.wait(nowMs + delayMs, times);
  }

  /** Glances at each of `times`, samples at `untilMs`. */
  private wait(untilMs: number, times: readonly number[]): void {
    const [next, ...later] = times;
    const nowMs = this.options.clock.monotonicMs();
    const delayMs = Math.min(next ?? untilMs, untilMs) - nowMs;
    this.timer = setTimeout(
      () => {
        if (next === undefined) return this.beginSample();
        this.glance();
        // Those that are overdue now would only follow each other.
        const after = this.options.clock.monotonicMs();
        this.wait(
          untilMs,
          later.filter((atMs) => atMs > after),
        );
      },
      Math.max(0, delayMs),
    );
  }

  private glance(): void {
    if (!this.glances.mayGlance()) return;
    const { sampler, clock, cpuMs } = this.options;
    const cpuBeforeMs = cpuMs();
    const wallMs = sampler.glance();
    // What cannot look costs a little as well, and is not tried at once again.
    const spentMs = cpuMs() - cpuBeforeMs;
    this.glances.spent({ cpuMs: spentMs, wallMs: wallMs ?? Infinity }, clock.monotonicMs());
  }

  private publish(summary: Summary): void {
    this.options.onSummary({
      ...summary,
      sampler: {
        ...summary.sampler,
        intervalMs: this.intervalMs,
        effectiveIntervalMs: this.currentInterval(),
        paused: this.paused,
        costShare: this.costShare(),
        memoryBytes: this.options.memoryBytes(),
      },
    });
  }

  private currentInterval(): number {
    return effectiveInterval(this.intervalMs, this.lastCost);
  }

  /** Share of one core since the oldest reading; 0 before a second of it is known. */
  private costShare(): number {
    const first = this.readings[0];
    const elapsedMs = this.options.clock.monotonicMs() - (first?.atMs ?? 0);
    if (!first || elapsedMs < 1000) return 0;
    return (this.options.cpuMs() - first.cpuMs) / elapsedMs;
  }
}
