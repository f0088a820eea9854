/** The keys of the menu in the desktop app: pressed in the page, they do what the item does, once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desktopStageMissing, openDesktop, type DesktopStage } from '../support/electron/open-desktop.ts';

const missing = desktopStageMissing();
const SCREENS = ['Headroom', 'Sockets', 'Trends', 'Fix', 'What-if', 'Evidence', 'Settings'];

describe.skipIf(missing !== null)(`keys of the desktop app${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: DesktopStage;

  beforeAll(async () => {
    stage = await openDesktop();
  });
  afterAll(() => stage?.close());

  it('lead to each screen by its number', async () => {
    const { page } = stage;
    for (const [index, screen] of SCREENS.entries()) {
      await page.keyboard.press(`Control+${index + 1}`);
      await page.locator('.app-rail [aria-current=page]', { hasText: screen }).waitFor();
    }
  });

  it('open the palette once, and close it again', async () => {
    const { page } = stage;
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    await page.keyboard.press('Control+k');
    await palette.waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => palette.count()).toBe(0);
  });

  it('are left to the page where it has them itself', async () => {
    const { menu } = await stage.app.look();
    const shown = menu.find(({ id }) => id === 'palette');
    expect(shown?.accelerator).toBe('CommandOrControl+K');
    expect(await stage.app.control('menu.press', { accelerator: 'CommandOrControl+K' })).toBe(false);
  });

  it('zoom in, out and back, which the page sees as its size', async () => {
    const { page, app } = stage;
    const width = () => page.evaluate('innerWidth');
    const zoom = async () => (await app.window()).zoomFactor;
    await page.keyboard.press('Control+=');
    await expect.poll(zoom).toBeGreaterThan(1);
    await expect.poll(width).toBeLessThan(1440);
    await page.keyboard.press('Control+-');
    await page.keyboard.press('Control+-');
    await expect.poll(zoom).toBeLessThan(1);
    await expect.poll(width).toBeGreaterThan(1440);
    await page.keyboard.press('Control+0');
    await expect.poll(zoom).toBe(1);
    await expect.poll(width).toBe(1440);
  });

  it('fill the screen and leave it', async () => {
    const { page, app } = stage;
    const isFull = async () => (await app.window()).isFullScreen;
    await page.keyboard.press('F11');
    await expect.poll(isFull).toBe(true);
    await expect.poll(() => page.evaluate('[innerWidth, innerHeight]')).toEqual([1920, 1080]);
    await page.keyboard.press('F11');
    await expect.poll(isFull).toBe(false);
  });

  it('load the page again, which goes on where it was', async () => {
    const { page } = stage;
    await page.keyboard.press('Control+2');
    await page.locator('.app-rail [aria-current=page]', { hasText: 'Sockets' }).waitFor();
    await page.evaluate('globalThis.isOld = true');
    await page.keyboard.press('Control+r');
    await expect.poll(() => page.evaluate('globalThis.isOld ?? false').catch(() => true)).toBe(false);
    await page.getByRole('contentinfo').getByText('Sampling', { exact: true }).waitFor();
  });

  it('do nothing to the window while somebody writes', async () => {
    const { page, app } = stage;
    await page.keyboard.press('Control+2');
    const field = page.getByRole('combobox', { name: 'Filter sockets' });
    await field.fill('');
    await field.pressSequentially('wq-1');
    expect(await field.inputValue()).toBe('wq-1');
    await field.fill('');
    expect((await app.look()).windows).toHaveLength(1);
  });

  it('minimise and maximise from the buttons the page draws', async () => {
    const { page, app } = stage;
    await page.getByRole('button', { name: 'Maximize or restore' }).click();
    await expect.poll(async () => (await app.window()).isMaximized).toBe(true);
    await expect.poll(() => page.evaluate('[innerWidth, innerHeight]')).toEqual([1920, 1040]);
    await page.getByRole('button', { name: 'Maximize or restore' }).click();
    await expect.poll(async () => (await app.window()).isMaximized).toBe(false);
    await page.getByRole('button', { name: 'Minimize' }).click();
    await expect.poll(async () => (await app.window()).isMinimized).toBe(true);
    await expect.poll(() => page.evaluate('document.visibilityState')).toBe('hidden');
    await app.do('restore');
    await expect.poll(() => page.evaluate('document.visibilityState')).toBe('visible');
  });

  it('close the window, and with it the app', async () => {
    expect(stage.troubles).toEqual([]);
    await stage.page.keyboard.press('Control+w');
    expect(await stage.app.ended).toBe(0);
    expect(stage.app.complaints()).toBe('');
  });
});
