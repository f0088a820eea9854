/** The page looks the same through both doors: but for the window's buttons, every pixel of it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { desktopStageMissing, openDesktop, type DesktopStage } from '../support/electron/open-desktop.ts';
import { comparePictures } from '../support/picture-difference.ts';
import { openWorkbench, servedMissing, startServed, type Served } from '../support/served.ts';

const missing = desktopStageMissing() ?? servedMissing();
const SHOWN = '#what-if?rate=300&destinations=3&life=2';
/** Where the buttons of the window are, and what moves aside for them. */
const BUTTONS_WIDTH = 560;

describe.skipIf(missing !== null)(`the page of both doors${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let desktop: DesktopStage;
  let served: Served;
  let web: Page;

  beforeAll(async () => {
    const context = { colorScheme: 'dark', reducedMotion: 'reduce' } as const;
    desktop = await openDesktop({ context, machine: { systemTheme: 'dark' } });
    served = await startServed();
    const other = await desktop.browser.newContext({ viewport: { width: 1440, height: 900 }, ...context });
    web = await openWorkbench(other, served);
  });
  afterAll(async () => {
    await served?.stop();
    await desktop?.close();
  });

  for (const theme of ['dark', 'light'] as const) {
    it(`looks the same, ${theme}`, async () => {
      const pictures: Buffer[] = [];
      for (const page of [desktop.page, web]) {
        await page.emulateMedia({ colorScheme: theme });
        await page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
        pictures.push(await takePicture(page));
      }
      const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = pictures;
      keep(`both-doors-desktop-${theme}`, first);
      keep(`both-doors-web-${theme}`, second);
      const { width, differing, box } = await comparePictures(desktop.browser, first, second);
      // The buttons are there.
      expect(differing).toBeGreaterThan(100);
      const bar = await web.locator('.top-bar').boundingBox();
      expect(box?.bottom).toBeLessThan(bar?.height ?? 0);
      expect(box?.left).toBeGreaterThanOrEqual(width - BUTTONS_WIDTH);
    });
  }
});

/** Of fixed values, without what tells the time. */
async function takePicture(page: Page): Promise<Buffer> {
  await page.evaluate((hash) => (location.hash = hash), SHOWN);
  const sentence = page.getByRole('region', { name: 'Verdict' }).getByRole('paragraph').first();
  await expect.poll(() => sentence.textContent()).toMatch(/300 connections\/s to 3 destinations/);
  await page.mouse.move(720, 450);
  return page.screenshot({ animations: 'disabled', caret: 'hide', mask: [page.getByRole('contentinfo')] });
}

function keep(name: string, picture: Buffer): void {
  const folder = process.env.FOURTUPLE_SHOTS;
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), picture);
}
