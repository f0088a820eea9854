/** The two pictures: ports in use over time, and seconds until full over the rate. */
import type { Figures } from './figures.ts';
import { longestSeconds, portsInUseAfter, secondsToFull } from './lifetimes.ts';
import type { OccupancyCurve, TimeToFullCurve, WhatIfEffective } from './model.ts';

const OCCUPANCY_STEPS = 60;
/** How much of the past-the-event is shown, as a factor of its moment. */
const BEYOND = 1.25;
/** Shown where nothing keeps a port. */
const FLAT_SECONDS = 60;
/** The curve of rates ends here at least, and at twice the asked rate. */
const LEAST_END_RATE = 5000;

/** Ports in use from now to a little past the moment they run out, or past the steady state. */
export function occupancyCurve(figures: Figures): OccupancyCurve {
  const { fill, capacity, fromInUseSeconds } = figures;
  const settled = longestSeconds(fill.lifetimes);
  const until = Math.min(fromInUseSeconds ?? settled, settled) * BEYOND || settled || FLAT_SECONDS;
  const atSeconds = Array.from(
    { length: OCCUPANCY_STEPS + 1 },
    (_, step) => (until * step) / OCCUPANCY_STEPS,
  );
  if (fromInUseSeconds !== null && !atSeconds.includes(fromInUseSeconds)) {
    atSeconds.push(fromInUseSeconds);
    atSeconds.sort((a, b) => a - b);
  }
  const inUse = atSeconds.map((seconds) => Math.max(0, Math.min(capacity, portsInUseAfter(fill, seconds))));
  return { atSeconds, inUse, exhaustedAtSeconds: fromInUseSeconds };
}

/** From the rate that just holds up to where it ends, evenly spaced on a logarithmic axis. */
export function timeToFullCurve(load: WhatIfEffective, figures: Figures, steps: number): TimeToFullCurve {
  const { sustainableRate, fill } = figures;
  const curve: TimeToFullCurve = {
    profileId: load.profileId,
    profileName: load.profileName,
    sustainableRatePerSecond: Number.isFinite(sustainableRate) ? sustainableRate : null,
    ratePerSecond: [],
    secondsToFull: [],
  };
  if (curve.sustainableRatePerSecond === null) return curve;
  const end = Math.max(LEAST_END_RATE, 2 * load.ratePerSecond, 4 * sustainableRate);
  for (let step = 0; step <= steps; step++) {
    const rate = sustainableRate * (end / sustainableRate) ** (step / steps);
    const connectionsPerSecond = rate / load.requestsPerConnection;
    const seconds = secondsToFull({ ...fill, inUse: 0, connectionsPerSecond });
    curve.ratePerSecond.push(rate);
    // At the rate that just holds it would be full when the first port comes back.
    curve.secondsToFull.push(seconds ?? longestSeconds(fill.lifetimes));
  }
  return curve;
}
