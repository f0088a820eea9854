/** Numbers as people read them, for sentences. English, tabular-friendly, no locale of the machine. */

/** "28,232". */
export function sayCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "412", "9.6", "0.4": a rate without its unit. Three digits at most where they mean something. */
export function sayRate(perSecond: number): string {
  if (perSecond >= 99.5) return sayCount(perSecond);
  if (perSecond >= 9.95) return trimZero(perSecond.toFixed(1));
  return trimZero(perSecond.toFixed(perSecond >= 0.995 ? 1 : 2));
}

/** A rate that can be kept: capacity rounds down. "470", "16.5". */
export function saySustainable(perSecond: number): string {
  return perSecond >= 100
    ? sayCount(Math.floor(perSecond))
    : trimZero((Math.floor(perSecond * 10) / 10).toFixed(1));
}

/** "91%": a ratio 0–1 of what the sentence says. A full pool alone is 100%. */
export function sayPercent(ratio: number): string {
  if (ratio > 0 && ratio < 0.01) return 'under 1%';
  return `${Math.min(ratio >= 1 ? 100 : 99, Math.round(ratio * 100))}%`;
}

/** "2 min 10 s", "47 s", "3 h 20 min"; a time to exhaustion rounds down, above one minute to 5 s. */
export function sayDuration(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const rounded = Math.floor(seconds / 5) * 5;
  if (rounded < 3600) {
    const rest = rounded % 60;
    return rest === 0 ? `${Math.floor(rounded / 60)} min` : `${Math.floor(rounded / 60)} min ${rest} s`;
  }
  const minutes = Math.floor(rounded / 60) % 60;
  return minutes === 0 ? `${Math.floor(rounded / 3600)} h` : `${Math.floor(rounded / 3600)} h ${minutes} min`;
}

function trimZero(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
