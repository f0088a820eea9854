/** Paths of small pictures drawn as SVG. Pure. */

export interface Point {
  x: number;
  y: number;
}

/** A line through all points; empty without any. */
export function linePath(points: readonly Point[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
}

/** The area between two lines of the same direction. */
export function bandPath(upper: readonly Point[], lower: readonly Point[]): string {
  return upper.length === 0 ? '' : `${linePath([...upper, ...[...lower].reverse()])}Z`;
}

/** The area between a line and a level below it. */
export function areaPath(points: readonly Point[], floor: number): string {
  const last = points.at(-1);
  const first = points[0];
  return first && last
    ? `${linePath(points)}L${round(last.x)} ${round(floor)}L${round(first.x)} ${round(floor)}Z`
    : '';
}

/** A pixel where a hairline is drawn sharp. */
export function crisp(pixel: number): number {
  return Math.round(pixel) + 0.5;
}

/** At most `most` of the values, evenly chosen, the last always among them: more than a pixel has is not seen. */
export function thinned<T>(values: readonly T[], most: number): T[] {
  const every = Math.ceil(values.length / Math.max(1, most));
  return every <= 1 ? [...values] : values.filter((_, index) => (values.length - 1 - index) % every === 0);
}

function round(pixel: number): number {
  return Math.round(pixel * 10) / 10;
}
