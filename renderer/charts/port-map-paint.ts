import { PORT_MAP_CODES } from '../../preload/contract.ts';
import { mixColours, parseColour, readColour, type Rgb } from './palette.ts';

/** How the ports lie: row-major, 0 at the top left. */
export interface PortGrid {
  columns: number;
  rows: number;
  /** Whole device pixels a cell is wide and high. */
  cellDevicePx: number;
}

/** Colours by port code, and the panel behind them. */
export interface PortPalette {
  background: Rgb;
  outside: Rgb;
  free: Rgb;
  reserved: Rgb;
  /** One a code; undefined where the code has no colour of its own. */
  byCode: (Rgb | undefined)[];
}

export const PORT_COUNT = 65_536;
/** Every third diagonal is drawn: a hatch that reads as one at 1 and at 2 px. */
const HATCH_EVERY = 3;
/** Bends the ramp so that the freshest ports stand out of an even queue. */
const RAMP_EXPONENT = 1.15;

/** The colours of the theme in force. */
export function readPortPalette(): PortPalette {
  const colour = (token: string) => parseColour(readColour(token));
  const byCode: (Rgb | undefined)[] = [];
  byCode[PORT_MAP_CODES.established] = colour('--st-est');
  byCode[PORT_MAP_CODES.listen] = colour('--st-listen');
  byCode[PORT_MAP_CODES.closeWait] = colour('--st-close');
  byCode[PORT_MAP_CODES.synSent] = colour('--st-syn');
  byCode[PORT_MAP_CODES.other] = colour('--st-fin');
  byCode[PORT_MAP_CODES.bound] = colour('--st-fin');
  byCode[PORT_MAP_CODES.timeWaitNoTimer] = colour('--st-tw');
  const [old, middle, fresh] = [colour('--tw-old'), colour('--tw-mid'), colour('--tw-new')];
  for (let step = 0; step <= PORT_MAP_CODES.timeWaitSteps; step++) {
    const share = (step / PORT_MAP_CODES.timeWaitSteps) ** RAMP_EXPONENT;
    byCode[PORT_MAP_CODES.timeWaitBase + step] =
      share < 0.5 ? mixColours(old, middle, share * 2) : mixColours(middle, fresh, share * 2 - 1);
  }
  return {
    background: colour('--bg-2'),
    outside: colour('--st-out'),
    free: colour('--st-free'),
    reserved: colour('--st-res'),
    byCode,
  };
}

/**
 * Paints all ports into the pixels of an image of columns × cell by rows × cell. In use: the full cell. Free: a dot, half
 * the cell wide, fainter outside the range. Reserved: hatched. Shape and not only hue tells used from free.
 */
export function paintPorts(
  pixels: Uint8ClampedArray,
  codes: Uint8Array,
  range: { first: number; last: number },
  grid: PortGrid,
  palette: PortPalette,
): void {
  fill(pixels, palette.background);
  const { columns, cellDevicePx: cell } = grid;
  const dot = Math.max(1, Math.floor(cell / 2));
  const inset = Math.floor((cell - dot) / 2);
  for (let port = 0; port < PORT_COUNT; port++) {
    const code = codes[port] ?? 0;
    const column = port % columns;
    const row = (port - column) / columns;
    const colour = palette.byCode[code];
    if (colour) square(pixels, grid, column, row, 0, cell, colour);
    else if (code === PORT_MAP_CODES.reserved) {
      if ((column + row) % HATCH_EVERY === 0) square(pixels, grid, column, row, 0, cell, palette.reserved);
    } else {
      const isInside = port >= range.first && port <= range.last;
      square(pixels, grid, column, row, inset, dot, isInside ? palette.free : palette.outside);
    }
  }
}

function fill(pixels: Uint8ClampedArray, [red, green, blue]: Rgb): void {
  for (let at = 0; at < pixels.length; at += 4) {
    pixels[at] = red;
    pixels[at + 1] = green;
    pixels[at + 2] = blue;
    pixels[at + 3] = 255;
  }
}

function square(
  pixels: Uint8ClampedArray,
  grid: PortGrid,
  column: number,
  row: number,
  inset: number,
  size: number,
  [red, green, blue]: Rgb,
): void {
  const width = grid.columns * grid.cellDevicePx;
  for (let y = 0; y < size; y++) {
    let at = ((row * grid.cellDevicePx + inset + y) * width + column * grid.cellDevicePx + inset) * 4;
    for (let x = 0; x < size; x++, at += 4) {
      pixels[at] = red;
      pixels[at + 1] = green;
      pixels[at + 2] = blue;
    }
  }
}
