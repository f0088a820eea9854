import { describe, expect, it } from 'vitest';
import {
  lensBox,
  lensWindow,
  placeLabels,
  portAt,
  portPosition,
  rangeOutline,
  type Box,
} from '../../../renderer/charts/port-map-layout.ts';
import { paintPorts, type PortPalette } from '../../../renderer/charts/port-map-paint.ts';
import { mixColours, parseColour } from '../../../renderer/charts/palette.ts';

const WIDE = { columns: 256, rows: 256, cell: 2 };
const LINUX = { first: 32_768, last: 60_999 };

describe('layout of the port map', () => {
  it('starts the Linux range on a clean row', () => {
    expect(portPosition(32_768, WIDE)).toEqual({ x: 0, y: 256 });
    expect(rangeOutline(LINUX, WIDE)).toBe('M0 256H512V476H144V478H0Z');
  });
  it('steps around a range that starts in the middle of a row', () => {
    expect(rangeOutline({ first: 1030, last: 2000 }, WIDE)).toBe('M12 8H512V14H418V16H0V10H12Z');
    expect(rangeOutline({ first: 10, last: 20 }, WIDE)).toBe('M20 0H42V2H20Z');
  });
  it('finds the port under a point, and none outside', () => {
    expect([
      portAt(0, 256, WIDE),
      portAt(511.9, 511.9, WIDE),
      portAt(-1, 0, WIDE),
      portAt(0, 512, WIDE),
    ]).toEqual([32_768, 65_535, null, null]);
  });
  it('keeps the lens inside the map at every corner', () => {
    expect(lensWindow(0, WIDE)).toEqual({ column: 0, row: 0 });
    expect(lensWindow(65_535, WIDE)).toEqual({ column: 239, row: 247 });
  });
  it.each([0, 20_000, 32_768, 50_314, 65_535])('never covers port %d with its own lens', (port) => {
    for (const range of [LINUX, { first: 1024, last: 65_535 }, { first: 49_152, last: 65_535 }]) {
      const box = lensBox(port, range, WIDE);
      const at = portPosition(port, WIDE);
      expect(at.y < box.y || at.y > box.y + box.height, `lens at ${box.y}`).toBe(true);
      expect(box.y >= 0 && box.y + box.height <= 512).toBe(true);
    }
  });
  it('names listeners without covering one another, and counts those without room', () => {
    const labels = [9090, 9091, 9092, 9093].map((port) => ({ port, text: `${port} node-exporter` }));
    const placed = placeLabels(labels, WIDE, [], 4);
    const named = placed.flatMap(({ text }) => (text ? [text.words] : []));
    expect(named.length).toBeLessThan(4);
    expect(named.at(-1)).toMatch(new RegExp(`\\+${4 - named.length}$`));
    expect(placed).toHaveLength(4);
  });
  it('keeps words out of taken boxes', () => {
    const lens: Box = { x: 200, y: 0, width: 312, height: 60 };
    const [only] = placeLabels([{ port: 80, text: '80 nginx' }], WIDE, [lens], 4);
    expect(only?.text?.anchor).toBe('end');
  });
});

describe('painting the port map', () => {
  const palette: PortPalette = {
    background: [0, 0, 0],
    outside: [1, 1, 1],
    free: [2, 2, 2],
    reserved: [3, 3, 3],
    byCode: [undefined, [9, 9, 9]],
  };
  const grid = { columns: 256, rows: 256, cellDevicePx: 2 };
  const red = (pixels: Uint8ClampedArray, x: number, y: number) => pixels[(y * 512 + x) * 4];

  it('fills the cell of a port in use and only dots a free one', () => {
    const pixels = new Uint8ClampedArray(512 * 512 * 4);
    const codes = new Uint8Array(65_536);
    codes[32_768] = 1;
    paintPorts(pixels, codes, LINUX, grid, palette);
    expect([red(pixels, 0, 256), red(pixels, 1, 257)]).toEqual([9, 9]);
    expect([red(pixels, 2, 256), red(pixels, 3, 257)]).toEqual([2, 0]);
    expect(red(pixels, 0, 0)).toBe(1);
  });
  it('hatches reserved ports', () => {
    const pixels = new Uint8ClampedArray(512 * 512 * 4);
    paintPorts(pixels, new Uint8Array(65_536).fill(6), LINUX, grid, palette);
    expect([0, 2, 4, 6].map((x) => red(pixels, x, 0))).toEqual([3, 0, 0, 3]);
  });
});

describe('colours', () => {
  it('mixes and parses', () => {
    expect(parseColour('#E8892B')).toEqual([232, 137, 43]);
    expect(mixColours([0, 0, 0], [100, 200, 50], 0.5)).toEqual([50, 100, 25]);
  });
});
