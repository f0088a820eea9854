/** GET /metrics for those who scrape: the newest sample as OpenMetrics text, behind a token of its own. */
import { timingSafeEqual } from 'node:crypto';
import type { Summary } from '../../core/model.ts';
import { openMetrics } from '../../core/open-metrics.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { digestOf } from './access.ts';
import { AttemptGate } from './attempt-gate.ts';

/** A sample older than this, and than three of its intervals, is not served as what is: milliseconds. */
const STALE_MS = 30_000;

export interface MetricsOptions {
  /** SHA-256 of the token. */
  tokenDigest: Buffer;
  version: string;
}

export type MetricsAdmission = 'admitted' | 'refused' | 'slowed';
/** The text, or why there is none, in a sentence. */
export type MetricsAnswer = { ok: true; text: string } | { ok: false; why: string };

export class Metrics {
  readonly #options: MetricsOptions;
  readonly #now: () => number;
  /** Its own: a scraper with an old token does not slow those who log in. */
  readonly #gate: AttemptGate;
  readonly #unsubscribe: () => void;
  #last: { summary: Summary; heardAtMs: number } | null = null;
  /** Made once a sample, however many ask. */
  #made: { of: Summary; text: string } | null = null;

  /** `now`: milliseconds of a clock that never steps back. */
  constructor(workbench: Pick<Workbench, 'subscribe'>, options: MetricsOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
    this.#gate = new AttemptGate(now);
    this.#unsubscribe = workbench.subscribe((event) => {
      if (event.name === 'summary.updated') this.#last = { summary: event.payload, heardAtMs: now() };
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** Whether the value of an Authorization header carries the token; all that do not are alike (hardening W5). */
  async admit(authorization: string | null): Promise<MetricsAdmission> {
    if (!(await this.#gate.enter())) return 'slowed';
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digestOf(token), this.#options.tokenDigest)) return 'admitted';
    this.#gate.failed();
    return 'refused';
  }

  read(): MetricsAnswer {
    const why = this.#whyNot();
    if (this.#last === null || why !== null) return { ok: false, why: why ?? NOTHING_YET };
    const { summary } = this.#last;
    if (this.#made?.of !== summary) {
      this.#made = { of: summary, text: openMetrics(summary, this.#options.version) };
    }
    return { ok: true, text: this.#made.text };
  }

  /** Old figures under a new time would be recorded as true. */
  #whyNot(): string | null {
    if (this.#last === null) return NOTHING_YET;
    const { summary, heardAtMs } = this.#last;
    if (summary.origin.kind !== 'live')
      return 'Files are shown instead of this machine: nothing is measured.';
    if (summary.sampler.paused) return 'Sampling is paused: there is nothing new.';
    const ageMs = this.#now() - heardAtMs;
    if (ageMs <= Math.max(STALE_MS, 3 * summary.sampler.effectiveIntervalMs)) return null;
    return `The last sample is ${Math.floor(ageMs / 1000)} s old: the sampler does not answer.`;
  }
}

const NOTHING_YET = 'Nothing has been measured yet. Try again in a few seconds.';
