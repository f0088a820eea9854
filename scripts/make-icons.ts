/** `npm run icons`: every icon file from build/icons/fourtuple.svg and the tray's drawings. The results are checked in. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../test/support/browser.ts';
import { encodeIcns, encodeIco, ICNS_ENTRIES, type SquarePng } from './icon-files.ts';
import { drawTray, TRAY_LEVELS } from './tray-drawings.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const ICONS = join(PROJECT, 'build/icons');
const TRAY = join(PROJECT, 'resources/tray');
/** What freedesktop's icon themes and Windows ask for. */
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** Apple's grid: the shape takes 824 of 1024, the rest is left for the shadow. */
const MAC_SHARE = 824 / 1024;
/** What Electron reads beside the plain image: https://www.electronjs.org/docs/latest/api/native-image */
const TRAY_SCALES = [
  [1, ''],
  [1.5, '@1.5x'],
  [2, '@2x'],
  [3, '@3x'],
] as const;

const browser = await launchBrowser();
try {
  const page = await browser.newPage();
  await makeAppIcons(page);
  await makeTrayIcons(page);
} finally {
  await browser.close();
}

async function makeAppIcons(page: Page): Promise<void> {
  const svg = readFileSync(join(ICONS, 'fourtuple.svg'), 'utf8');
  const full = await renderAll(page, svg, SIZES, 1);
  for (const { size, bytes } of full) writeFileSync(join(ICONS, `${size}x${size}.png`), bytes);
  writeFileSync(join(ICONS, 'fourtuple.ico'), encodeIco(full.filter(({ size }) => ICO_SIZES.includes(size))));
  const macSizes = [...new Set(ICNS_ENTRIES.map(([, size]) => size))];
  writeFileSync(join(ICONS, 'fourtuple.icns'), encodeIcns(await renderAll(page, svg, macSizes, MAC_SHARE)));
}

async function makeTrayIcons(page: Page): Promise<void> {
  mkdirSync(TRAY, { recursive: true });
  for (const level of TRAY_LEVELS) {
    for (const [scale, suffix] of TRAY_SCALES) {
      const [coloured] = await renderAll(page, drawTray(level, false), [16 * scale], 1);
      const [template] = await renderAll(page, drawTray(level, true), [16 * scale], 1);
      if (coloured) writeFileSync(join(TRAY, `${level}${suffix}.png`), coloured.bytes);
      // The name tells macOS that it is a template.
      if (template) writeFileSync(join(TRAY, `${level}Template${suffix}.png`), template.bytes);
    }
  }
}

async function renderAll(
  page: Page,
  svg: string,
  sizes: readonly number[],
  share: number,
): Promise<SquarePng[]> {
  const pngs: SquarePng[] = [];
  for (const size of sizes) {
    const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<body style="margin:0;display:grid;place-items:center;height:${size}px"><img src="${source}" width="${size * share}" height="${size * share}"></body>`,
    );
    await page.locator('img').evaluate((image: HTMLImageElement) => image.decode());
    pngs.push({ size, bytes: await page.screenshot({ omitBackground: true }) });
  }
  return pngs;
}
