/** Trends of a day at one second, in a browser: panned without a stutter, read by keys, looked at in both themes. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { doorPageMissing, openDoorPage, type DoorPage } from '../support/door-page.ts';
import { findBadText } from '../support/text-check.ts';
import { incidentHistory } from '../support/trends.ts';

/** As in many-sockets.test.ts: tasks of more than 50 ms, in a browser that draws in software. */
const MOST_LONG_TASKS = 6;
const STEPS = 40;
const missing = doorPageMissing();

describe.skipIf(missing !== null)(`Trends in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let door: DoorPage;
  let page: Page;
  const history = incidentHistory();

  beforeAll(async () => {
    door = await openDoorPage(history.link, { timezoneId: 'UTC', acceptDownloads: true });
    ({ page } = door);
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('img', { name: /^Pool to 10\.0\.3\.12:443/ }).waitFor();
  }, 30_000);
  afterAll(() => door?.close());

  it('says in a sentence what each chart shows', async () => {
    const labels = await page
      .locator('.lane-chart')
      .evaluateAll((charts) => charts.map((chart) => chart.getAttribute('aria-label')));
    expect(labels[0]).toMatch(
      /at most 3\d,\d{3} of 62,948 \(\d\d%\) ports in use, at .*Most were held by python3 \(pid 4312\)\./,
    );
    expect(labels[1]).toMatch(/at most 5\d\d\/s/);
    expect(labels[2]).toContain('10.0.3.12:443, 10.0.7.3:5432');
    await shoot(page, 'hour');
  });

  it('reads all charts with the keys, one sample and one minute at a time', async () => {
    const cursor = page.getByRole('slider', { name: 'Time cursor' });
    await cursor.focus();
    await page.keyboard.press('ArrowLeft');
    const first = Number(await cursor.getAttribute('aria-valuenow'));
    await page.keyboard.press('ArrowLeft');
    const second = Number(await cursor.getAttribute('aria-valuenow'));
    expect(first - second).toBe(4);
    await page.keyboard.press('Shift+ArrowLeft');
    expect(second - Number(await cursor.getAttribute('aria-valuenow'))).toBe(60);
    expect(await cursor.getAttribute('aria-valuetext')).toMatch(/in TIME-WAIT, .* of 62,948 ports in use/);
    await page.getByRole('heading', { name: /^At \d\d:\d\d:\d\d$/ }).waitFor();
    await page.keyboard.press('[');
    await page.getByRole('radio', { name: '15 min', checked: true }).waitFor();
    await page.keyboard.press(']');
  });

  it('pans through a day of seconds without blocking the page', async () => {
    await page.getByRole('radio', { name: '24 h' }).click();
    await page.getByText(/1 s samples drawn as .* averages/).waitFor();
    await page.waitForTimeout(700);
    await page.evaluate(() => {
      const seen: number[] = [];
      new PerformanceObserver((list) =>
        seen.push(...list.getEntries().map(({ duration }) => duration)),
      ).observe({
        type: 'longtask',
      });
      Reflect.set(globalThis, 'longTasks', seen);
    });
    const box = await page.getByRole('slider', { name: 'Time cursor' }).boundingBox();
    if (!box) throw new Error('no charts');
    await page.getByRole('radio', { name: '6 h' }).click();
    await page.waitForTimeout(700);
    await page.mouse.move(box.x + 300, box.y + 200);
    await page.mouse.down();
    for (let step = 0; step < STEPS; step++) await page.mouse.move(box.x + 300 + step * 12, box.y + 200);
    await page.mouse.up();
    await page.waitForTimeout(600);
    const long = await page.evaluate(() => Reflect.get(globalThis, 'longTasks') as number[]);
    console.log(`panning 86,400 seconds: ${long.length} long tasks (${long.map(Math.round).join(' ')} ms)`);
    expect(long.length).toBeLessThanOrEqual(MOST_LONG_TASKS);
    await page.getByRole('button', { name: 'Now' }).waitFor();
    await shoot(page, 'panned');
    await page.getByRole('button', { name: 'Now' }).click();
    await page.getByRole('radio', { name: '1 h', exact: true }).click();
  });

  it('moves the window by the handles of the brush', async () => {
    const start = page.getByRole('slider', { name: 'Start of the window' });
    const before = Number(await start.getAttribute('aria-valuenow'));
    await start.focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => Number(await start.getAttribute('aria-valuenow'))).toBeLessThan(before);
    await page.getByRole('radio', { name: '1 h', exact: true }).click();
  });

  it('compares with the same time yesterday, and says what changed', async () => {
    await page.getByRole('button', { name: 'Compare…' }).click();
    await page.getByRole('button', { name: /the 1 h before/ }).click();
    const table = page.getByRole('region', { name: 'Before and after' }).getByRole('table');
    await table.getByRole('row', { name: /^Ports in use, most/ }).waitFor();
    await shoot(page, 'compared');
    await page.getByRole('button', { name: 'Compare no more' }).first().click();
  });

  it('takes an own event, starts and reports a test run', async () => {
    await page.getByRole('button', { name: 'Add event' }).click();
    await page.getByRole('textbox', { name: 'What happened' }).fill('deployed by hand');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Events' }).getByText('deployed by hand').waitFor();
    await page.getByRole('button', { name: 'What it consumed' }).click();
    const dialog = page.getByRole('dialog', { name: /^ab / });
    await dialog.getByText(/20,400 connections were opened/).waitFor();
    await shoot(page, 'report');
    await page.keyboard.press('Escape');
  });

  it('opens Headroom as it was, and comes back to live', async () => {
    await page.getByRole('button', { name: 'Open Headroom at this time' }).click();
    await page.getByText(/^As it was at \d\d:\d\d:\d\d/).waitFor();
    await page.getByText('20,000 of 28,232 ports').first().waitFor();
    await shoot(page, 'moment');
    await page.getByRole('button', { name: 'Back to live' }).click();
    await page.getByText('25,691 of 28,232 ports').first().waitFor();
    await page.getByRole('button', { name: 'Trends', exact: true }).click();
    await page.getByRole('img', { name: /^Pool to/ }).waitFor();
  });

  it('exports the figures and the picture', async () => {
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    expect(csv.suggestedFilename()).toMatch(/^fourtuple-trends-ci-runner-07-\d{8}T\d{6}Z\.csv$/);
    const lines = readFileSync(await csv.path(), 'utf8').split('\r\n');
    expect(lines[0]).toContain('used mean,used min,used max');
    expect(lines.length).toBeGreaterThan(500);
    const [png] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export PNG' }).click(),
    ]);
    const bytes = readFileSync(await png.path());
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(bytes.length).toBeGreaterThan(20_000);
  });

  for (const theme of ['dark', 'light'] as const) {
    for (const size of [
      { width: 1440, height: 900 },
      { width: 1024, height: 700 },
    ]) {
      it(`is readable and cut off nowhere: ${theme}, ${size.width} × ${size.height}`, async () => {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await page.setViewportSize(size);
        await page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
        await page.waitForTimeout(300);
        await shoot(page, `${theme}-${size.width}`);
        expect(await accessibilityProblems(page)).toEqual([]);
        expect(await findBadText(page)).toEqual([]);
        if (size.width === 1440) {
          await page.getByRole('radio', { name: 'Table' }).click();
          await page
            .getByRole('region', { name: 'The charts as a table' })
            .getByRole('row')
            .nth(50)
            .waitFor();
          expect(await accessibilityProblems(page)).toEqual([]);
          await page.getByRole('radio', { name: 'Charts' }).click();
        }
      });
    }
  }

  it('E4: has caused no console error and no policy violation on the way', () => {
    expect(door.troubles).toEqual([]);
  });
});

async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['FOURTUPLE_SHOTS'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `trends-${name}.png`) });
}
