/** Where things lie on the port map, in CSS pixels from its top left corner. Pure. */

/** The map: columns × rows cells of `cell` pixels. */
export interface MapSize {
  columns: number;
  rows: number;
  cell: number;
}
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Range {
  first: number;
  last: number;
}

/** The enlargement: 17 × 9 ports at 12 px, a heading above and a line below. */
export const LENS = { columns: 17, rows: 9, cell: 12, head: 21, foot: 17 } as const;
const LENS_MARGIN = 10;
const TAB_HEIGHT = 23;

/** Top left corner of a port's cell. */
export function portPosition(port: number, { columns, cell }: MapSize): { x: number; y: number } {
  return { x: (port % columns) * cell, y: Math.floor(port / columns) * cell };
}

/** The port under a point of the map, or null outside it. */
export function portAt(x: number, y: number, { columns, rows, cell }: MapSize): number | null {
  const column = Math.floor(x / cell);
  const row = Math.floor(y / cell);
  return column < 0 || row < 0 || column >= columns || row >= rows ? null : row * columns + column;
}

/** SVG path of the stepped outline around a range of ports. */
export function rangeOutline({ first, last }: Range, size: MapSize): string {
  const { columns, cell } = size;
  const start = portPosition(first, size);
  const end = portPosition(last, size);
  const right = columns * cell;
  if (start.y === end.y) return `M${start.x} ${start.y}H${end.x + cell}V${start.y + cell}H${start.x}Z`;
  const head = `M${start.x} ${start.y}H${right}V${end.y}H${end.x + cell}V${end.y + cell}H0`;
  return start.x === 0 ? `${head}Z` : `${head}V${start.y + cell}H${start.x}Z`;
}

/** The tab that names the range: above its first row, or below its last where there is no room above. */
export function rangeTab(range: Range, size: MapSize, width: number): Box & { isAbove: boolean } {
  const top = portPosition(range.first, size).y;
  const height = size.cell === 1 ? 20 : TAB_HEIGHT;
  if (top >= height) return { x: 0, y: top - height, width, height, isAbove: true };
  const bottom = portPosition(range.last, size).y + size.cell;
  const y = Math.min(bottom, size.rows * size.cell);
  return { x: 0, y, width, height, isAbove: false };
}

/** First column and row of the ports a lens on `port` shows, kept inside the map. */
export function lensWindow(port: number, { columns, rows }: MapSize): { column: number; row: number } {
  const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value));
  return {
    column: clamp((port % columns) - Math.floor(LENS.columns / 2), columns - LENS.columns),
    row: clamp(Math.floor(port / columns) - Math.floor(LENS.rows / 2), rows - LENS.rows),
  };
}

/** Where the lens stands: in the empty part above the range, else below it, else in the half its port is not in. */
export function lensBox(port: number, range: Range, size: MapSize): Box {
  const width = LENS.columns * LENS.cell;
  const height = LENS.rows * LENS.cell + LENS.head + LENS.foot;
  const x = size.columns * size.cell - width - LENS_MARGIN;
  const full = size.rows * size.cell;
  const top = portPosition(range.first, size).y;
  const bottom = portPosition(range.last, size).y + size.cell;
  const portY = portPosition(port, size).y;
  const isClear = (y: number) => portY < y - LENS_MARGIN || portY > y + height + LENS_MARGIN;
  const above = top - height - 22;
  if (above >= LENS_MARGIN && isClear(above)) return { x, y: above, width, height };
  const below = bottom + LENS_MARGIN;
  if (below + height <= full && isClear(below)) return { x, y: below, width, height };
  return { x, y: portY < full / 2 ? full - height - LENS_MARGIN : LENS_MARGIN + 12, width, height };
}

/** A listening port to ring and, where there is room, to name. */
export interface MapLabel {
  port: number;
  text: string;
}
export interface PlacedLabel {
  port: number;
  /** Centre of the ring. */
  x: number;
  y: number;
  /** Null where no room was left. */
  text: { x: number; y: number; anchor: 'start' | 'end'; words: string } | null;
}

const CHAR_WIDTH = 6.4;
const LABEL_HEIGHT = 14;

/** Rings every port and places its words right or left of it, never over another label, a ring or a `taken` box. */
export function placeLabels(
  labels: MapLabel[],
  size: MapSize,
  taken: Box[],
  ringRadius: number,
): PlacedLabel[] {
  const inset = ringRadius + 1;
  const width = size.columns * size.cell;
  const rings = labels.map(({ port }) => {
    const at = portPosition(port, size);
    return {
      x: Math.min(width - inset, Math.max(inset, at.x + size.cell / 2)),
      y: Math.min(size.rows * size.cell - inset, Math.max(inset, at.y + size.cell / 2)),
    };
  });
  const boxes: Box[] = [...taken, ...rings.map(({ x, y }) => around(x, y, ringRadius + 1))];
  let hidden = 0;
  const placed = labels.map((label, index): PlacedLabel => {
    const ring = rings[index] ?? { x: 0, y: 0 };
    const own = taken.length + index;
    const isFree = (box: Box) =>
      box.x >= 0 &&
      box.x + box.width <= width &&
      boxes.every((other, at) => at === own || !overlaps(box, other));
    for (const anchor of ['start', 'end'] as const) {
      const box = wordsBox(ring, label.text, anchor, ringRadius);
      if (!isFree(box)) continue;
      boxes.push(box);
      const x = anchor === 'start' ? box.x + 1 : box.x + box.width - 1;
      return { port: label.port, ...ring, text: { x, y: ring.y + 4, anchor, words: label.text } };
    }
    hidden++;
    return { port: label.port, ...ring, text: null };
  });
  return hidden === 0 ? placed : sayHidden(placed, hidden, boxes, width);
}

/** Ends the last label that has room for it with "+2" for those that got no words. */
function sayHidden(placed: PlacedLabel[], hidden: number, boxes: Box[], width: number): PlacedLabel[] {
  const extra = (String(hidden).length + 2) * CHAR_WIDTH;
  const at = placed.findLastIndex(({ text }) => {
    if (text?.anchor !== 'start') return false;
    const end = text.x + text.words.length * CHAR_WIDTH;
    const box = { x: end + 2, y: text.y - 12, width: extra, height: LABEL_HEIGHT };
    return box.x + box.width <= width && boxes.every((other) => !overlaps(box, other));
  });
  return placed.map((label, index) =>
    index === at && label.text
      ? { ...label, text: { ...label.text, words: `${label.text.words} +${hidden}` } }
      : label,
  );
}

function wordsBox(
  ring: { x: number; y: number },
  words: string,
  anchor: 'start' | 'end',
  radius: number,
): Box {
  const width = words.length * CHAR_WIDTH + 2;
  const gap = radius + 3;
  const x = anchor === 'start' ? ring.x + gap : ring.x - gap - width;
  return { x, y: ring.y - LABEL_HEIGHT / 2, width, height: LABEL_HEIGHT };
}

function around(x: number, y: number, radius: number): Box {
  return { x: x - radius, y: y - radius, width: radius * 2, height: radius * 2 };
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
