/** The first screen in a real browser, over the real kernel. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { openStage, stageMissing } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const FIRST_SENTENCE_MS = 2000;
const SERVER = { address: '127.0.0.1', port: 8080 };
const missing = stageMissing();

describe.skipIf(missing !== null)(`Headroom in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: Stage;
  let sentence: Locator;

  beforeAll(async () => {
    stage = await openStage({ context: { colorScheme: 'dark' } });
    sentence = stage.page.getByRole('region', { name: 'Verdict' }).getByRole('paragraph');
  });
  afterAll(() => stage?.close());

  it('says one true sentence within two seconds of opening', async () => {
    await expect.poll(() => sentence.textContent(), { interval: 20, timeout: 10_000 }).toMatch(/ports|pool/i);
    expect(await sentence.textContent()).not.toContain('Reading sockets');
    expect(Date.now() - stage.openedAtMs).toBeLessThan(FIRST_SENTENCE_MS);
  });

  it('takes the one-time code out of the address', async () => {
    await expect.poll(() => stage.page.url()).not.toContain('code=');
  });

  it('begins calm and says so', async () => {
    const verdict = stage.page.getByRole('region', { name: 'Verdict' });
    await expect.poll(() => verdict.getByRole('img', { name: 'OK' }).count()).toBe(1);
    await expect.poll(() => stage.page.title()).toMatch(/^OK: .+ · Fourtuple$/);
    await stage.shoot('headroom-quiet-dark');
  });

  it('changes its sentence, its figures and its title under load', async ({ skip }) => {
    if (!stage.namespace) skip('needs a namespace with a small port range');
    await stage.startLoad({
      servers: [SERVER],
      clients: [{ ...SERVER, ratePerSecond: 60, holdMs: 300 }],
      seconds: 90,
    });
    await expect
      .poll(() => sentence.textContent(), { timeout: 15_000 })
      .toMatch(/127\.0\.0\.1:8080.*runs out in about.*node.*connections\/s/s);
    const { page } = stage;
    await expect.poll(() => page.title()).toMatch(/^Critical: /);
    const figures = page.getByRole('region', { name: 'Key figures' });
    await expect
      .poll(() => figures.getByRole('group', { name: 'Pool used' }).textContent())
      .toMatch(/of 1,000 ports/);
    await expect
      .poll(() => figures.getByRole('group', { name: 'New connections' }).textContent(), { timeout: 10_000 })
      .toMatch(/(5\d|6\d)(\.\d)?\s*\/s/);
    expect(await figures.getByRole('group', { name: 'Time to exhaustion' }).textContent()).toMatch(
      /at \d\d:\d\d:\d\d/,
    );
    const consumers = page.getByRole('region', { name: 'Top consumers' });
    expect(await consumers.getByRole('list').getByRole('button').first().textContent()).toMatch(
      /node.*127\.0\.0\.1:8080/,
    );
    await stage.shoot('headroom-load-dark');
  });

  it('describes the trend and the port map in words', async ({ skip }) => {
    if (!stage.namespace) skip('needs a namespace with a small port range');
    const { page } = stage;
    const trend = page.getByRole('region', { name: 'Ports in use' }).getByRole('img', { name: /forecast/ });
    expect(await trend.count()).toBe(1);
    const map = page.getByRole('region', { name: 'Port map' }).getByRole('img', { name: /40000 to 40999/ });
    expect(await map.count()).toBe(1);
    await page.getByRole('radio', { name: 'All sockets' }).click();
    await expect
      .poll(() =>
        page
          .getByRole('region', { name: 'Port map' })
          .getByRole('img', { name: /Port map/ })
          .getAttribute('aria-label'),
      )
      .toMatch(/all sockets|any|Port map of all/i);
    await page.getByRole('radio', { name: 'This pool' }).click();
  });

  it('pauses and resumes with the space bar, and hides the countdown while paused', async () => {
    const { page } = stage;
    // The space bar belongs to whatever control has the focus.
    await page.getByRole('contentinfo').click();
    await page.keyboard.press('Space');
    await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('Paused');
    await expect.poll(() => page.getByRole('button', { name: /Resume/ }).count()).toBeGreaterThan(0);
    await expect.poll(() => page.title()).toMatch(/^Paused: /);
    const exhaustion = page.getByRole('group', { name: 'Time to exhaustion' });
    await expect.poll(() => exhaustion.textContent()).not.toMatch(/at \d\d:\d\d:\d\d/);
    await stage.shoot('headroom-paused-dark');
    await page.keyboard.press('Space');
    await expect.poll(() => page.getByRole('contentinfo').textContent()).toContain('Sampling');
  });

  it('finds its way with the command palette', async () => {
    const { page } = stage;
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    await palette.getByRole('combobox').fill('sockets');
    await expect.poll(() => palette.getByRole('option').count()).toBeGreaterThan(0);
    await stage.shoot('palette-dark');
    await palette
      .getByRole('option', { name: /^Sockets/ })
      .first()
      .click();
    await expect.poll(() => page.getByRole('grid', { name: 'Sockets' }).count()).toBe(1);
    expect(await palette.count()).toBe(0);
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await expect.poll(() => page.getByRole('heading', { name: 'Headroom' }).count()).toBe(1);
  });

  it('lists its keys behind the question mark', async () => {
    const { page } = stage;
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.textContent()).toContain('Command palette');
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
  });

  it('keeps a chosen theme over a reload, and the session with it', async () => {
    const { page } = stage;
    const theme = () => page.locator('html').getAttribute('data-theme');
    expect(await theme()).toBe('dark');
    await page.getByRole('button', { name: 'Switch to the light theme' }).click();
    await expect.poll(theme).toBe('light');
    await page.reload();
    await expect.poll(theme).toBe('light');
    await expect.poll(() => sentence.textContent(), { timeout: 10_000 }).toMatch(/ports|pool/i);
    await stage.shoot('headroom-light');
    await page.getByRole('button', { name: 'Switch to the dark theme' }).click();
    await expect.poll(theme).toBe('dark');
  });

  it('shows the essentials without scrolling at 1024 × 700', async () => {
    const { page } = stage;
    await page.setViewportSize({ width: 1024, height: 700 });
    for (const name of ['Verdict', 'Key figures', 'Ports in use', 'Port map']) {
      const box = page.getByRole('region', { name });
      const floor = (await page.getByRole('contentinfo').boundingBox())?.y ?? 0;
      await expect
        .poll(
          async () => {
            const { x = -1, y = -1, width = 9e9, height = 9e9 } = (await box.boundingBox()) ?? {};
            return x >= 0 && y >= 0 && x + width <= 1024 && y + height <= floor;
          },
          { message: `${name} is wholly visible` },
        )
        .toBe(true);
    }
    await stage.shoot('headroom-narrow-dark');
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('E4: has caused no console error and no policy violation on the way', async () => {
    expect(await stage.troubles()).toEqual([]);
    expect(stage.served.complaints()).toBe('');
  });
});
