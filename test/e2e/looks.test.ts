/** What every screen owes its reader in both themes: no accessibility violation, no text cut off or too small. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { openStage, stageMissing } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';
import { findBadText } from '../support/text-check.ts';

const SERVER = { address: '127.0.0.1', port: 8080 };
const THEMES = ['dark', 'light'] as const;
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
];
const missing = stageMissing();

interface View {
  name: string;
  open(page: Page): Promise<void>;
  close?(page: Page): Promise<void>;
}

const VIEWS: View[] = [
  { name: 'Headroom', open: (page) => goTo(page, 'Headroom') },
  { name: 'Sockets', open: (page) => goTo(page, 'Sockets') },
  {
    name: 'Sockets with details',
    open: async (page) => {
      await goTo(page, 'Sockets');
      await page
        .getByRole('grid')
        .getByRole('row', { name: /^ESTABLISHED/ })
        .first()
        .click();
      await page.keyboard.press('Enter');
      await page.getByRole('complementary', { name: 'Socket details' }).waitFor();
    },
    close: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'What-if',
    open: async (page) => {
      await page
        .getByRole('navigation', { name: 'Screens' })
        .getByRole('button', { name: 'What-if' })
        .click();
      await page.getByRole('slider').first().waitFor();
    },
  },
  {
    name: 'Fix',
    open: async (page) => {
      await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: /^Fix/ }).click();
      await page.getByRole('radio', { name: 'Wizard' }).click();
      await page.getByRole('img', { name: /^Sequence: a connection opens/ }).waitFor();
    },
  },
  {
    name: 'the catalogue of fixes',
    open: async (page) => {
      await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: /^Fix/ }).click();
      await page.getByRole('radio', { name: 'Catalogue' }).click();
      await page.getByRole('option', { name: /^Keep connections open/ }).waitFor();
    },
  },
  {
    name: 'Evidence',
    open: async (page) => {
      await page
        .getByRole('navigation', { name: 'Screens' })
        .getByRole('button', { name: 'Evidence' })
        .click();
      await page.locator('[data-probe]').first().waitFor();
    },
  },
  {
    name: 'Settings',
    open: async (page) => {
      await page
        .getByRole('navigation', { name: 'Screens' })
        .getByRole('button', { name: 'Settings' })
        .click();
      await page.getByRole('region', { name: 'History' }).getByRole('textbox').first().waitFor();
    },
  },
  {
    name: 'the paste dialog',
    open: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search, filter or run' }).fill('paste output');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Read output of another machine' }).waitFor();
    },
    close: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'the command palette',
    open: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Command palette' }).getByRole('option').first().waitFor();
    },
    close: (page) => page.keyboard.press('Escape'),
  },
];

describe.skipIf(missing !== null)(`every screen${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
    const clients = [
      { ...SERVER, ratePerSecond: 30, holdMs: 400 },
      { ...SERVER, count: 12, holdMs: null },
    ];
    await stage.startLoad({ servers: [SERVER], clients, seconds: 400 });
    await stage.page
      .getByText(/127\.0\.0\.1:8080/)
      .first()
      .waitFor();
  });
  afterAll(() => stage?.close());

  for (const theme of THEMES) {
    for (const view of VIEWS) {
      it(`has no accessibility violation: ${view.name}, ${theme}`, async () => {
        const { page } = stage;
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
        await view.open(page);
        await stage.shoot(`looks-${view.name.replaceAll(' ', '-')}-${theme}`);
        const problems = await accessibilityProblems(page);
        await view.close?.(page);
        expect(problems).toEqual([]);
      });
    }
  }

  for (const size of SIZES) {
    for (const view of VIEWS) {
      it(`cuts no text off and sets none below 11 px: ${view.name}, ${size.width} × ${size.height}`, async () => {
        const { page } = stage;
        await page.setViewportSize(size);
        await view.open(page);
        await page.waitForTimeout(300);
        const bad = await findBadText(page);
        await view.close?.(page);
        expect(bad).toEqual([]);
      });
    }
  }

  it('E4: has caused no console error and no policy violation on the way', async () => {
    expect(await stage.troubles()).toEqual([]);
  });
});

async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: screen }).click();
  const mark =
    screen === 'Headroom' ? page.getByRole('region', { name: 'Top consumers' }) : page.getByRole('grid');
  await mark.getByText('node').first().waitFor();
}
