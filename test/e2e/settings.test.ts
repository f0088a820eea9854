/** Settings in a real browser: what is set counts at once and after a restart, and what cannot be set stays in its box. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { openStage, stageMissing } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const SERVER = { address: '127.0.0.1', port: 8080 };
const missing = stageMissing();

describe.skipIf(missing !== null)(`settings${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fourtuple-settings-'));
  let stage: Stage;
  const open = () =>
    openStage({ context: { colorScheme: 'dark' }, serve: { environment: { XDG_STATE_HOME: folder } } });

  beforeAll(async () => {
    stage = await open();
  });
  afterAll(async () => {
    await stage?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const saved = () =>
    JSON.parse(readFileSync(join(folder, 'fourtuple', 'settings.json'), 'utf8')) as { settings: unknown };

  it('changes the verdict’s words with a threshold, as soon as it is set', async ({ skip }) => {
    if (!stage.namespace) skip('needs a namespace with a small port range');
    const { page } = stage;
    // Slow enough for ever: no forecast speaks before the threshold does.
    const clients = [{ ...SERVER, ratePerSecond: 10, holdMs: 200 }];
    await stage.startLoad({ servers: [SERVER], clients, seconds: 60 });
    const verdict = page.getByRole('region', { name: 'Verdict' });
    await expect.poll(() => verdict.textContent(), { timeout: 8000 }).toMatch(/127\.0\.0\.1:8080/);
    await expect.poll(() => page.title()).toMatch(/^(OK|Notice): /);
    await openSettings(page);
    const warning = page.getByRole('textbox', { name: 'Warning from, %' });
    await warning.fill('6');
    await warning.press('Enter');
    await expect.poll(() => page.title(), { timeout: 8000 }).toMatch(/^Warning: /);
    await page.keyboard.press('Tab');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await expect.poll(() => verdict.textContent()).toMatch(/127\.0\.0\.1:8080 is \d+% used/);
    expect(await page.getByRole('group', { name: 'Pool used' }).textContent()).toContain('warn 6%');
    expect(saved()).toMatchObject({ schema: 1, settings: { thresholds: { warningShare: 0.06 } } });
  });

  it('refuses beside the field what cannot be, and keeps what was typed', async () => {
    const { page } = stage;
    await openSettings(page);
    const critical = page.getByRole('textbox', { name: 'Critical from, %' });
    await critical.fill('5');
    await critical.press('Enter');
    const panel = page.getByRole('region', { name: 'Verdict' });
    await panel.getByRole('alert').waitFor();
    expect(await panel.getByRole('alert').textContent()).toMatch(
      /cannot begin above where critical begins.*90%/,
    );
    await critical.fill('much');
    await critical.press('Enter');
    expect(await panel.getByRole('alert').textContent()).toBe('“much” is not a number.');
    expect(await critical.inputValue()).toBe('much');
    await stage.shoot('settings-refused-dark');
    await critical.press('Escape');
    expect(await critical.inputValue()).toBe('90');
    expect(await panel.getByRole('alert').count()).toBe(0);
  });

  it('shows in the chosen theme at once, says what a reset changes, and has all of it after a restart', async () => {
    await stage.page.getByRole('radio', { name: 'Light' }).click();
    await stage.page.locator('html[data-theme=light]').waitFor({ state: 'attached' });
    await expect.poll(() => saved()).toMatchObject({ settings: { appearance: { theme: 'light' } } });
    await stage.shoot('settings-light');
    expect(await stage.troubles()).toEqual([]);
    await stage.close();
    stage = await open();
    const { page } = stage;
    await page.locator('html[data-theme=light]').waitFor({ state: 'attached' });
    await openSettings(page);
    const warning = page.getByRole('textbox', { name: 'Warning from, %' });
    const share = stage.namespace ? '6' : '80';
    await expect.poll(() => warning.inputValue()).toBe(share);
    await page.getByRole('button', { name: 'Reset to defaults…' }).click();
    const dialog = page.getByRole('dialog', { name: /^Reset all settings/ });
    expect(await dialog.getByRole('row', { name: 'Theme' }).textContent()).toMatch(/Light\s*System/);
    await stage.shoot('settings-reset-light');
    await dialog.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => warning.inputValue()).toBe('80');
    await page.locator('html[data-theme=dark]').waitFor({ state: 'attached' });
    expect(await stage.troubles()).toEqual([]);
  });
});

async function openSettings(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('region', { name: 'Verdict' }).getByRole('textbox').first().waitFor();
}
