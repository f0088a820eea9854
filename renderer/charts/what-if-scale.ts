/** How a slider's length stands for values: where a value lies, which value a place means, and what one step is. */

export interface ValueScale {
  readonly min: number;
  readonly max: number;
  /** Place of a value, 0–1; values beyond the ends lie on them. */
  toShare(value: number): number;
  /** The value at a place of 0–1, as exact as a hand can aim. */
  fromShare(share: number): number;
  /** The value `steps` steps on, negative ones back, kept between the ends. */
  step(value: number, steps: number): number;
}

/** Equal lengths are equal differences; values are multiples of `unit`. */
export function linearScale(min: number, max: number, unit = 1): ValueScale {
  const kept = (value: number) => clamp(tidy(Math.round(value / unit) * unit), min, max);
  return {
    min,
    max,
    toShare: (value) => clamp((value - min) / (max - min), 0, 1),
    fromShare: (share) => kept(min + share * (max - min)),
    step: (value, steps) => kept(value + steps * unit),
  };
}

/** Equal lengths are equal factors; a step is one in the second digit: 60 to 61, 600 to 610. `min` is above 0. */
export function logScale(min: number, max: number): ValueScale {
  return {
    min,
    max,
    toShare: (value) => logShare(value, min, max),
    fromShare: (share) => clamp(twoDigits(min * (max / min) ** share), min, max),
    step: (value, steps) => {
      let next = value;
      for (let left = Math.abs(steps); left > 0; left--) next = nextTwoDigits(next, Math.sign(steps));
      return clamp(tidy(next), min, max);
    },
  };
}

/** Equal lengths are doublings; values are whole numbers and a step is one. `min` is above 0. */
export function doublingScale(min: number, max: number): ValueScale {
  return {
    min,
    max,
    toShare: (value) => logShare(value, min, max),
    fromShare: (share) => clamp(Math.round(min * (max / min) ** share), min, max),
    step: (value, steps) => clamp(Math.round(value) + steps, min, max),
  };
}

function logShare(value: number, min: number, max: number): number {
  return value <= min ? 0 : clamp(Math.log(value / min) / Math.log(max / min), 0, 1);
}

/** One in the second digit; just above a power of ten the step down is that of the decade below. */
function nextTwoDigits(value: number, direction: number): number {
  const above = Math.max(value, Number.MIN_VALUE) * (direction < 0 ? 1 - 1e-9 : 1 + 1e-9);
  const unit = 10 ** (Math.floor(Math.log10(above)) - 1);
  const steps = value / unit;
  return (direction < 0 ? Math.ceil(steps - 1e-6) - 1 : Math.floor(steps + 1e-6) + 1) * unit;
}

function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}

/** Without the dust of binary fractions. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
