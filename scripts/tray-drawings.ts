/** The small image beside the clock, by level. Levels differ in shape, too: the more serious, the more ports are taken. */

export const TRAY_LEVELS = ['ok', 'warning', 'critical', 'unknown'] as const;
export type TrayLevel = (typeof TRAY_LEVELS)[number];

interface Inks {
  /** Null: only the mark, on nothing. */
  ground: string | null;
  end: string;
  wire: string;
  taken: string;
}

/** A ground of its own is seen on a light panel and on a dark one. Colours: the dark theme's tokens. */
const COLOURED: Readonly<Record<TrayLevel, Inks>> = {
  ok: { ground: '#0b0d10', end: '#e9ecef', wire: '#8b95a1', taken: '#58c99a' },
  warning: { ground: '#0b0d10', end: '#e9ecef', wire: '#8b95a1', taken: '#ebc04a' },
  critical: { ground: '#c02a22', end: '#ffffff', wire: '#ffffff', taken: '#ffffff' },
  unknown: { ground: '#0b0d10', end: '#8b95a1', wire: '#8b95a1', taken: '#8b95a1' },
};
/** macOS draws a template in the menu bar's own colour. */
const TEMPLATE: Inks = { ground: null, end: '#000', wire: '#000', taken: '#000' };

/** How many of the two lower ends are filled. */
const TAKEN: Readonly<Record<TrayLevel, number>> = { ok: 0, warning: 1, critical: 2, unknown: 0 };

/** On a grid of 16 whose lines fall on pixels at 16, 32 and 48. */
export function drawTray(level: TrayLevel, isTemplate: boolean): string {
  const { ground, end, wire, taken } = isTemplate ? TEMPLATE : COLOURED[level];
  const box = (x: number, y: number, ink: string, isFilled: boolean) =>
    isFilled
      ? `<rect x="${x}" y="${y}" width="5" height="5" rx="1" fill="${ink}"/>`
      : `<rect x="${x + 0.5}" y="${y + 0.5}" width="4" height="4" rx="0.8" fill="none" stroke="${ink}"/>`;
  const isKnown = level !== 'unknown';
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">',
    ground === null ? '' : `<rect width="16" height="16" rx="3" fill="${ground}"/>`,
    `<path d="M6 4.5h4M6 11.5h4" fill="none" stroke="${wire}"/>`,
    box(1, 2, end, isKnown),
    box(10, 2, end, isKnown),
    box(1, 9, taken, TAKEN[level] >= 1),
    box(10, 9, taken, TAKEN[level] >= 2),
    '</svg>',
  ].join('');
}
