/** kill -9 while a change holds: nothing stays that nobody answers for, and the next start says what happened. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { fixStageMissing, openFixStage } from '../support/fix-stage.ts';
import type { FixStage } from '../support/fix-stage.ts';
import { applyPreviewed, goToFix, onStep, openFix, undoOfPast } from '../support/fix-wizard.ts';

const missing = fixStageMissing();
const REUSE = 'ipv4/tcp_tw_reuse';
const BUCKETS = 'ipv4/tcp_max_tw_buckets';

describe.skipIf(missing !== null)(`kill -9${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: FixStage;
  let page: Page;

  beforeAll(async () => {
    stage = await openFixStage({
      settings: { portRange: { first: 20000, last: 20999 }, twReuse: 0, twBuckets: 5000 },
      context: { colorScheme: 'dark', reducedMotion: 'reduce' },
    });
    usePage(stage.page);
  });
  afterAll(() => stage?.close());

  it('of the workbench: the helper hears it and puts the value back; the next start says so', async () => {
    await applyFix('Reuse TIME_WAIT ports for new connections');
    expect(stage.setting(REUSE)).toBe('1\n');
    await stage.killServed();
    await expect.poll(() => stage.setting(REUSE)).toBe('0\n');
    await expect.poll(() => stage.helperPids()).toEqual([]);
    usePage(await stage.restart());
    await page.getByText('Change 1 was undone by itself').waitFor();
    await stage.shoot('fix-killed-served-dark');
    await page.getByRole('button', { name: 'Show…' }).click();
    await expect
      .poll(() => page.locator('.fix-screen').textContent())
      .toMatch(/undone by itself\. Everything is as before/);
    await stage.shoot('fix-killed-served-journal-dark');
    expect(await page.getByText('Change 1 was undone').count()).toBe(0);
    // Nothing has to be pressed before the next change.
  });

  it('of both: the value stays, the next start offers to finish or undo, and Undo restores it', async () => {
    await applyFix('Raise the limit of TIME_WAIT sockets');
    await stage.killBoth();
    expect(stage.setting(BUCKETS)).toBe('131072\n');
    usePage(await stage.restart());
    await page.getByText('Change 2 was interrupted').waitFor();
    await stage.shoot('fix-killed-both-dark');
    expect(await page.getByRole('button', { name: 'Finish…' }).count()).toBe(1);
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect.poll(() => stage.setting(BUCKETS)).toBe('5000\n');
    await goToFix(page, 'Journal');
    await expect.poll(() => page.locator('.fix-screen').textContent()).toMatch(/as before/);
    await stage.shoot('fix-killed-both-journal-dark');
  });

  it('of both, then Finish: it holds as a new one does, and can be taken back', async () => {
    await applyFix('Raise the limit of TIME_WAIT sockets');
    await stage.killBoth();
    usePage(await stage.restart());
    await page.getByRole('button', { name: 'Finish…' }).click();
    await page.getByRole('button', { name: 'Finish', exact: true }).click();
    await expect.poll(() => page.locator('.fix-screen').textContent()).toMatch(/undoes itself at/);
    await stage.shoot('fix-finished-dark');
    expect(stage.setting(BUCKETS)).toBe('131072\n');
    await undoOfPast(page);
    await expect.poll(() => stage.setting(BUCKETS)).toBe('5000\n');
  });

  async function applyFix(title: string): Promise<void> {
    await openFix(page, title);
    await applyPreviewed(page);
    await onStep(page, 'Verify');
  }

  function usePage(next: Page): void {
    page = next;
    page.setDefaultTimeout(30_000);
  }
});
