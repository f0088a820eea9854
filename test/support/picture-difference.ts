/** How two screenshots differ, pixel by pixel; Chromium itself reads them. */
import type { Browser } from 'playwright-core';

export interface PictureDifference {
  width: number;
  height: number;
  /** Pixels of which a colour differs by more than a step that only rounding makes. */
  differing: number;
  /** Around all that differ; null when none does. */
  box: { left: number; top: number; right: number; bottom: number } | null;
}

export async function comparePictures(
  browser: Browser,
  first: Buffer,
  second: Buffer,
): Promise<PictureDifference> {
  const page = await browser.newPage();
  try {
    const pictures = [first, second].map((png) => `data:image/png;base64,${png.toString('base64')}`);
    return await page.evaluate(difference, pictures);
  } finally {
    await page.close();
  }
}

/** Runs in a page of its own. */
async function difference(pictures: string[]): Promise<PictureDifference> {
  const ROUNDING = 2;
  const read = async (url: string) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };
  const [one, other] = await Promise.all(pictures.map(read));
  if (!one || !other) throw new Error('two pictures are needed');
  const { width, height } = one;
  if (other.width !== width || other.height !== height) throw new Error('the pictures are not of one size');
  let differing = 0;
  const box = { left: width, top: height, right: -1, bottom: -1 };
  for (let at = 0; at < one.data.length; at += 4) {
    const isSame = [0, 1, 2].every(
      (part) => Math.abs((one.data[at + part] ?? 0) - (other.data[at + part] ?? 0)) <= ROUNDING,
    );
    if (isSame) continue;
    differing++;
    const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return { width, height, differing, box: differing === 0 ? null : box };
}
