/** The two files that hold an icon in several sizes. Both take PNGs as they are. */

export interface SquarePng {
  /** Width and height in pixels. */
  size: number;
  bytes: Uint8Array;
}

/** Windows' .ico: a directory of entries, then the PNGs. Sizes up to 256. https://en.wikipedia.org/wiki/ICO_(file_format) */
export function encodeIco(pngs: readonly SquarePng[]): Uint8Array {
  const directory = Buffer.alloc(6 + 16 * pngs.length);
  directory.writeUInt16LE(1, 2);
  directory.writeUInt16LE(pngs.length, 4);
  let offset = directory.length;
  for (const [index, { size, bytes }] of pngs.entries()) {
    if (size > 256) throw new Error(`an .ico holds no ${size} px`);
    const at = 6 + 16 * index;
    // 256 is written as 0.
    directory.writeUInt8(size % 256, at);
    directory.writeUInt8(size % 256, at + 1);
    directory.writeUInt16LE(1, at + 4);
    directory.writeUInt16LE(32, at + 6);
    directory.writeUInt32LE(bytes.length, at + 8);
    directory.writeUInt32LE(offset, at + 12);
    offset += bytes.length;
  }
  return new Uint8Array(Buffer.concat([directory, ...pngs.map(({ bytes }) => bytes)]));
}

/** Which pixels each entry of an .icns has. Those of Retina displays stand beside their plain sizes. */
export const ICNS_ENTRIES = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic13', 256],
  ['ic09', 512],
  ['ic14', 512],
  ['ic10', 1024],
] as const;

/** macOS's .icns: a header, then entries of type, length and PNG. https://en.wikipedia.org/wiki/Apple_Icon_Image_format */
export function encodeIcns(pngs: readonly SquarePng[]): Uint8Array {
  const entries = ICNS_ENTRIES.map(([type, size]) => {
    const png = pngs.find((one) => one.size === size);
    if (png === undefined) throw new Error(`an .icns needs ${size} px`);
    return chunk(type, png.bytes);
  });
  return new Uint8Array(chunk('icns', Buffer.concat(entries)));
}

function chunk(type: string, bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(8 + bytes.length, 4);
  return Buffer.concat([head, bytes]);
}
