/** An exhaustion of forty seconds, gone when someone looks: Trends has it, with its marks and who it was. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { namespaceMissing } from '../support/namespace.ts';
import { openStage, stageMissing, type Stage } from '../support/stage.ts';

/** 400 ports, held for 60 s: 40 connections a second fill them in 10 s. */
const SETTINGS = { portRange: { first: 41_000, last: 41_399 }, twReuse: 0 as const };
const SERVER = { address: '127.0.0.1', port: 8080 };
const RATE = 40;
const LOAD_SECONDS = 40;
const missing = stageMissing() ?? namespaceMissing();

describe.skipIf(missing !== null)(`an exhaustion of 40 s${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: Stage;
  let page: Page;
  const state = mkdtempSync(join(tmpdir(), 'fourtuple-trends-'));

  beforeAll(async () => {
    stage = await openStage({ settings: SETTINGS, serve: { environment: { XDG_STATE_HOME: state } } });
    ({ page } = stage);
    await page.getByRole('button', { name: 'Trends', exact: true }).click();
    // A test run that the load is made in.
    await page.getByRole('button', { name: 'Test run…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('forty a second');
    await page.getByRole('dialog').getByRole('button', { name: 'Start test run' }).click();
    await page.getByRole('button', { name: /^Stop test run/ }).waitFor();
    const load = await stage.startLoad({
      servers: [SERVER],
      clients: [{ ...SERVER, ratePerSecond: RATE, holdMs: 400 }],
      seconds: LOAD_SECONDS,
    });
    await load.first('ended', (LOAD_SECONDS + 15) * 1000);
    await pause(1500);
  }, 100_000);
  afterAll(async () => {
    await stage?.close();
    rmSync(state, { recursive: true, force: true });
  });

  it('shows how full the pool got, and names who it was', async () => {
    await page.getByRole('radio', { name: '15 min' }).click();
    const chart = page.getByRole('img', { name: /^Pool to 127\.0\.0\.1:8080, .*at most \d+ of 400/ });
    await chart.waitFor({ timeout: 10_000 });
    const label = (await chart.getAttribute('aria-label')) ?? '';
    expect(Number(/at most (\d+) of 400/.exec(label)?.[1])).toBeGreaterThanOrEqual(395);
    expect(label).toContain('Most were held by node');
  });

  it('has the marks of it: the verdict that worsened, and the test run', async () => {
    const events = page.getByRole('region', { name: 'Events' });
    await events.getByText('Critical').first().waitFor();
    await events.getByText('forty a second').waitFor();
    await stage.shoot('trends-exhaustion');
  });

  it('reports what the test run consumed, by process and destination', async () => {
    await page.getByRole('button', { name: /^Stop test run/ }).click();
    const dialog = page.getByRole('dialog', { name: 'forty a second' });
    const row = dialog.getByRole('row', { name: /node .*127\.0\.0\.1:8080/ });
    await row.waitFor();
    const opened = Number((await row.getByRole('cell').nth(1).innerText()).replace(/^up to |,/g, ''));
    expect(opened).toBeGreaterThan(300);
    await stage.shoot('trends-test-run');
    await page.keyboard.press('Escape');
  });

  it('opens Headroom as it was when the pool was full', async () => {
    await page
      .getByRole('region', { name: 'Events' })
      .getByRole('button', { name: /Critical/ })
      .last()
      .click();
    await page.getByRole('button', { name: 'Open Headroom at this time' }).click();
    await page.getByText(/^As it was at \d\d:\d\d:\d\d/).waitFor();
    await page.getByRole('region', { name: 'Top consumers' }).getByText('node').first().waitFor();
    await stage.shoot('trends-moment');
    await page.getByRole('button', { name: 'Back to live' }).click();
    await expect.poll(() => page.getByText(/^As it was at/).count()).toBe(0);
  });

  it('E4: has caused no console error and no policy violation on the way', async () => {
    expect(await stage.troubles()).toEqual([]);
  });
});
