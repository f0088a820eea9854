/** The first half of Fix as it is drawn: both themes, both sizes, by keys alone, over a workbench that the test plays. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { doorPageMissing, openDoorPage, type DoorPage } from '../support/door-page.ts';
import { fixHost } from '../support/fix-host.ts';
import { findBadText } from '../support/text-check.ts';

const missing = doorPageMissing();
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1200, height: 800 },
  { width: 1024, height: 700 },
];

/** In the order of a walk; each starts where the one before ended. */
const VIEWS: { name: string; open(page: Page): Promise<void> }[] = [
  {
    name: 'Understand',
    open: async (page) => {
      await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: /^Fix/ }).click();
      await page.getByRole('radio', { name: 'Wizard' }).click();
      await page.getByRole('list', { name: 'Steps' }).waitFor();
      const done = page.getByRole('button', { name: /^Understand/ });
      if (await done.isVisible()) await done.click();
      await page.getByRole('img', { name: /^Sequence: a connection opens/ }).waitFor();
    },
  },
  {
    name: 'Choose',
    open: async (page) => {
      await page.getByRole('button', { name: 'Choose a fix' }).click();
      await page.getByRole('radio', { name: /^Keep connections open/ }).waitFor();
    },
  },
  {
    name: 'Catalogue with recipes',
    open: async (page) => {
      await page.getByRole('radio', { name: 'Catalogue' }).click();
      await page.getByRole('option', { name: /^Keep connections open/ }).click();
      await page.getByRole('region', { name: 'In code' }).waitFor();
    },
  },
  {
    name: 'Catalogue with advice',
    open: async (page) => {
      await page.getByRole('option', { name: /^Turn on tcp_tw_recycle/ }).click();
      await page.getByRole('region', { name: /^Turn on tcp_tw_recycle/ }).waitFor();
    },
  },
];

describe.skipIf(missing !== null)(`Fix in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let door: DoorPage;
  let page: Page;

  beforeAll(async () => {
    door = await openDoorPage(fixHost().link, { colorScheme: 'dark', reducedMotion: 'reduce' });
    page = door.page;
    page.setDefaultTimeout(10_000);
    await page.getByRole('region', { name: 'Verdict' }).waitFor();
  });
  afterAll(() => door?.close());

  it('says on the rail how many fixes are suggested', async () => {
    const rail = page.getByRole('navigation', { name: 'Screens' });
    await rail.getByRole('button', { name: /1 fix suggested/ }).waitFor();
  });

  it('is walked from the verdict to a preview by keys alone', async () => {
    await page.getByRole('region', { name: 'Verdict' }).getByRole('button', { name: 'Fix…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Why the ports run out' }).waitFor();
    await focused(page, 'Choose a fix');
    await page.keyboard.press('Enter');
    await focused(page, 'Keep connections open and reuse them');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await focused(page, 'Widen the port range');
    expect(await page.getByRole('radio', { checked: true, name: 'Widen the port range' }).count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Widen the port range' }).waitFor();
    expect(await page.locator('.wizard-stepper [aria-current="step"]').textContent()).toContain('Preview');
  });

  it('is gone to with G F, and through the palette to a fix', async () => {
    await page.keyboard.press('Escape');
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.getByRole('region', { name: 'Verdict' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.getByRole('heading', { level: 1, name: 'Widen the port range' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search, filter or run' }).fill('fix: reuse time_wait');
    await page.getByRole('option', { name: /^Fix: Reuse TIME_WAIT ports/ }).click();
    await page.getByRole('heading', { level: 1, name: /^Reuse TIME_WAIT ports/ }).waitFor();
  });

  for (const theme of ['dark', 'light'] as const) {
    it(`has no accessibility violation, and cuts no text off at any size, ${theme}`, async () => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
      const wrong: string[] = [];
      for (const view of VIEWS) {
        await page.setViewportSize({ width: 1440, height: 900 });
        await view.open(page);
        const found = await accessibilityProblems(page, {
          within: '.fix-screen',
          onlyContrast: theme === 'light',
        });
        wrong.push(...found.map((problem) => `${view.name}: ${problem}`));
        for (const size of SIZES) {
          await page.setViewportSize(size);
          await page.waitForTimeout(100);
          const bad = await findBadText(page);
          wrong.push(...bad.map((what) => `${view.name}, ${size.width} × ${size.height}: ${what}`));
        }
      }
      expect(wrong).toEqual([]);
    });
  }

  it('E4: has caused no console error and no policy violation on the way', () => {
    expect(door.troubles).toEqual([]);
  });
});

/** Waits until the keys are on what is named so. */
async function focused(page: Page, name: string): Promise<void> {
  await expect
    .poll(() => page.evaluate('document.activeElement.textContent'), { timeout: 5000 })
    .toContain(name);
}
