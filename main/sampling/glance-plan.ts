/**
 * How often to look at open connections between two samples: as often as a small share of a core allows. A glance walks
 * the kernel's whole table of sockets, closed ones too: measured 0.15 ms in an empty table and 12.6 ms at 100,000 in
 * TIME_WAIT (6.18, 2 cores, 262,144 buckets). Pure.
 */

/** Largest share of one core that glances take, over any few seconds. */
export const GLANCE_SHARE = 0.03;
/** Glances between two samples, at most. */
const MOST_GLANCES = 20;
/** A burst sees the same short connection more than once, and its process in between. */
const BURST_GLANCES = 5;
const BURST_STEP_MS = 5;
/** Unused time is kept of so many milliseconds of watching, so that a dear glance is made now and then. */
const SAVED_MS = 4000;
/** After a glance that took longer than this there is a pause: the sampler answers nobody meanwhile. */
const LONGEST_MS = 200;
/** Weight of the newest in the mean cost of a glance. */
const NEWEST_WEIGHT = 0.2;
const PAUSE_MS = 3000;

export class GlancePlan {
  private savedMs = 0;
  private meanMs = 0;
  private longAtMs = -Infinity;

  /** When to glance before the next sample: milliseconds from now, ascending; at most what `delayMs` of watching earn. */
  times(delayMs: number, nowMs: number): number[] {
    this.savedMs = Math.min(SAVED_MS * GLANCE_SHARE, this.savedMs + delayMs * GLANCE_SHARE);
    if (nowMs - this.longAtMs < PAUSE_MS) return [];
    const affordable = this.meanMs > 0 ? Math.floor(this.savedMs / this.meanMs) : MOST_GLANCES;
    return spread(Math.min(MOST_GLANCES, affordable), delayMs);
  }

  /** Notes what a glance cost: processor time, and the time it took. */
  spent(cost: { cpuMs: number; wallMs: number }, nowMs: number): void {
    this.savedMs -= cost.cpuMs;
    this.meanMs = this.meanMs === 0 ? cost.cpuMs : this.meanMs + (cost.cpuMs - this.meanMs) * NEWEST_WEIGHT;
    if (cost.wallMs > LONGEST_MS) this.longAtMs = nowMs;
  }

  /** Whether the next one is paid for. */
  mayGlance(): boolean {
    return this.savedMs >= this.meanMs;
  }
}

/** `count` times within `delayMs`: bursts where there are enough, else one by one, none at the very end. */
function spread(count: number, delayMs: number): number[] {
  const isBursts = count >= 2 * BURST_GLANCES;
  const groups = isBursts ? Math.floor(count / BURST_GLANCES) : count;
  const each = isBursts ? BURST_GLANCES : 1;
  const gapMs = delayMs / (groups + 1);
  if (gapMs <= (each - 1) * BURST_STEP_MS) return [];
  const times: number[] = [];
  for (let group = 1; group <= groups; group++) {
    for (let step = 0; step < each; step++) times.push(group * gapMs + step * BURST_STEP_MS);
  }
  return times;
}
