import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeIcns, encodeIco, ICNS_ENTRIES } from '../../scripts/icon-files.ts';
import { TRAY_LEVELS } from '../../scripts/tray-drawings.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const ICONS = join(PROJECT, 'build/icons');
const TRAY = join(PROJECT, 'resources/tray');
const png = (size: number) => ({
  size,
  bytes: new Uint8Array([size % 251, 1, 2, 3].slice(0, 2 + (size % 3))),
});

/** Width and height that a PNG's header gives. */
function sizeOf(bytes: Buffer): [number, number] {
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

describe('an .ico', () => {
  test('has a directory whose entries lead to their PNGs', () => {
    const pngs = [16, 48, 256].map(png);
    const file = Buffer.from(encodeIco(pngs));
    expect([file.readUInt16LE(0), file.readUInt16LE(2), file.readUInt16LE(4)]).toEqual([0, 1, 3]);
    for (const [index, { size, bytes }] of pngs.entries()) {
      const at = 6 + 16 * index;
      expect([file[at], file[at + 1]]).toEqual([size % 256, size % 256]);
      const offset = file.readUInt32LE(at + 12);
      expect([...file.subarray(offset, offset + file.readUInt32LE(at + 8))]).toEqual([...bytes]);
    }
  });

  test('refuses what its directory cannot say', () => {
    expect(() => encodeIco([png(512)])).toThrow('512');
  });
});

describe('an .icns', () => {
  test('has a chunk for each type with the PNG of its size, and its whole length', () => {
    const file = Buffer.from(encodeIcns([16, 32, 64, 128, 256, 512, 1024].map(png)));
    expect(file.toString('latin1', 0, 4)).toBe('icns');
    expect(file.readUInt32BE(4)).toBe(file.length);
    const found: [string, number[]][] = [];
    for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) {
      found.push([
        file.toString('latin1', at, at + 4),
        [...file.subarray(at + 8, at + file.readUInt32BE(at + 4))],
      ]);
    }
    expect(found).toEqual(ICNS_ENTRIES.map(([type, size]) => [type, [...png(size).bytes]]));
  });

  test('refuses to be made without one of its sizes', () => {
    expect(() => encodeIcns([png(16)])).toThrow('32');
  });
});

describe('the icons that are checked in', () => {
  test('are as large as their names say', () => {
    const names = readdirSync(ICONS).filter((name) => name.endsWith('.png'));
    expect(names).toHaveLength(9);
    for (const name of names) {
      const size = Number.parseInt(name, 10);
      expect([name, sizeOf(readFileSync(join(ICONS, name)))]).toEqual([`${size}x${size}.png`, [size, size]]);
    }
  });

  test('of the tray are there for every level, coloured and as a template, at every scale', () => {
    const expected = TRAY_LEVELS.flatMap((level) =>
      [level, `${level}Template`].flatMap((name) =>
        ['', '@1.5x', '@2x', '@3x'].map((scale) => `${name}${scale}.png`),
      ),
    );
    expect(readdirSync(TRAY).sort()).toEqual(expected.sort());
    for (const name of expected) {
      const side = 16 * Number.parseFloat(/@([\d.]+)x/.exec(name)?.[1] ?? '1');
      expect([name, sizeOf(readFileSync(join(TRAY, name)))]).toEqual([name, [side, side]]);
    }
  });

  test('of Windows and macOS hold the PNGs', () => {
    const ico = readFileSync(join(ICONS, 'fourtuple.ico'));
    expect(ico.includes(readFileSync(join(ICONS, '256x256.png')))).toBe(true);
    const icns = readFileSync(join(ICONS, 'fourtuple.icns'));
    expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
  });
});
