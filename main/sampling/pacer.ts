/** Drives a sampler: samples at the asked pace, glances in between, accounts for the cost. */
import type { Failure, Summary } from '../core/model.ts';
import { DEFAULT_INTERVAL_MS, MAX_INTERVAL_MS, MIN_INTERVAL_MS, delayToNext, effectiveInterval } from './pace.ts';
import type { Sampler, SamplerClock } from './sampler.ts';

export interface PacerOptions {
  sampler: Sampler;
  clock: SamplerClock;
  /** Resident memory of this process, bytes. */
  memoryBytes(): number;
  onSummary(summary: Summary): void;
  onFailure(failure: Failure): void;
}

/** Glances between two samples at one sample a second; together they must stay cheap. */
const GLANCES_PER_INTERVAL = 4;
const GLANCE_LIMIT_MS = 4;
const GLANCE_PAUSE_SAMPLES = 30;
const COST_WINDOW_MS = 60_000;

export class Pacer {
  private readonly options: PacerOptions;
  private timer: NodeJS.Timeout | null = null;
  private intervalMs = DEFAULT_INTERVAL_MS;
  private paused = false;
  private glancesHeld = 0;
  private costs: { atMs: number; tookMs: number }[] = [];

  constructor(options: PacerOptions) {
    this.options = options;
  }

  start(): void {
    this.beginSample();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Changes pace or pauses; publishes at once so that every window shows it. */
  configure({ intervalMs, paused }: { intervalMs?: number; paused?: boolean }): void {
    if (intervalMs !== undefined) {
      this.intervalMs = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, intervalMs));
    }
    const wasPaused = this.paused;
    this.paused = paused ?? this.paused;
    this.stop();
    const last = this.options.sampler.last;
    if (this.paused) {
      if (last) this.publish(last.summary);
      return;
    }
    if (wasPaused || !last) this.beginSample();
    else this.schedule(last.summary.sampler.sampleMs, this.options.clock.monotonicMs());
  }

  private beginSample(): void {
    const { sampler, clock } = this.options;
    const startedMs = clock.monotonicMs();
    sampler.setInterval(Math.max(this.intervalMs, this.currentInterval()));
    const outcome = sampler.sample();
    const tookMs = clock.monotonicMs() - startedMs;
    this.costs.push({ atMs: startedMs, tookMs });
    if (outcome.ok) this.publish(outcome.value.summary);
    else this.options.onFailure(outcome.failure);
    this.schedule(tookMs, startedMs);
  }

  private schedule(sampleMs: number, startedMs: number): void {
    const nowMs = this.options.clock.monotonicMs();
    const delayMs = delayToNext(this.intervalMs, startedMs, sampleMs, nowMs);
    if (this.glancesHeld > 0) this.glancesHeld--;
    const glances = this.glancesHeld === 0 && this.intervalMs >= 500 && sampleMs < 40 ? GLANCES_PER_INTERVAL : 0;
    this.wait(nowMs + delayMs, delayMs / (glances + 1), glances);
  }

  /** Waits in equal steps with a glance at the end of each but the last. */
  private wait(untilMs: number, stepMs: number, glancesLeft: number): void {
    const nowMs = this.options.clock.monotonicMs();
    const delayMs = glancesLeft === 0 ? untilMs - nowMs : Math.min(stepMs, untilMs - nowMs);
    this.timer = setTimeout(
      () => {
        if (glancesLeft === 0) return this.beginSample();
        const tookMs = this.options.sampler.glance();
        if (tookMs !== null) this.costs.push({ atMs: nowMs, tookMs });
        const isDear = tookMs === null || tookMs > GLANCE_LIMIT_MS;
        if (isDear) this.glancesHeld = GLANCE_PAUSE_SAMPLES;
        this.wait(untilMs, stepMs, isDear ? 0 : glancesLeft - 1);
      },
      Math.max(0, delayMs),
    );
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
    const sampleMs = this.options.sampler.last?.summary.sampler.sampleMs ?? 0;
    return effectiveInterval(this.intervalMs, sampleMs);
  }

  private costShare(): number {
    const nowMs = this.options.clock.monotonicMs();
    this.costs = this.costs.filter((cost) => cost.atMs > nowMs - COST_WINDOW_MS);
    const firstMs = this.costs[0]?.atMs ?? nowMs;
    const spentMs = this.costs.reduce((sum, cost) => sum + cost.tookMs, 0);
    return spentMs / Math.max(1000, nowMs - firstMs);
  }
}
