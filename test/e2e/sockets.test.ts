/** The socket table in a real browser, over connections whose number is known. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { openStage, stageMissing } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const FIRST = { address: '127.0.0.1', port: 8080 };
const SECOND = { address: '127.0.0.1', port: 8081 };
const HELD = { first: 40, second: 15 };
const missing = stageMissing();

describe.skipIf(missing !== null)(`Sockets in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: Stage;
  let page: Page;
  let grid: Locator;
  let foot: Locator;

  beforeAll(async () => {
    stage = await openStage({ context: { colorScheme: 'dark', acceptDownloads: true } });
    ({ page } = stage);
    const clients = [
      { ...FIRST, count: HELD.first, holdMs: null },
      { ...SECOND, count: HELD.second, holdMs: null },
    ];
    const load = await stage.startLoad({ servers: [FIRST, SECOND], clients, seconds: 170 });
    await load.first('flooded', 20_000);
    await page.getByRole('button', { name: 'Sockets', exact: true }).click();
    grid = page.getByRole('grid', { name: 'Sockets' });
    foot = page.getByText(/of [\d,]+ sockets match/);
  });
  afterAll(() => stage?.close());

  it('filters by what is typed and counts the matches', async () => {
    await filter('dst:127.0.0.1:8080 state:established');
    await expect.poll(() => foot.textContent()).toMatch(new RegExp(`^${HELD.first} of `));
    await filter('dst:127.0.0.1:8081 state:established');
    await expect.poll(() => foot.textContent()).toMatch(new RegExp(`^${HELD.second} of `));
    await stage.shoot('sockets-filtered-dark');
  });

  it('says what is wrong with a filter and what to write instead', async () => {
    await filter('age:>30');
    await expect.poll(() => page.getByRole('search').getByRole('status').textContent()).toMatch(/age/);
    await stage.shoot('sockets-bad-filter-dark');
    await filter('');
  });

  it('offers suggestions while a filter is typed', async () => {
    const field = page.getByRole('combobox', { name: 'Filter sockets' });
    await field.fill('sta');
    await expect
      .poll(() => page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option').count())
      .toBeGreaterThan(0);
    await field.fill('');
    await field.press('Escape');
  });

  it('sorts by a column, both ways', async () => {
    await filter('dst:127.0.0.1:8080 state:established');
    await page.getByRole('radio', { name: 'None' }).click();
    const head = grid.getByRole('columnheader', { name: 'Local' });
    await head.getByRole('button').click();
    for (let turn = 0; turn < 2; turn++) {
      const direction = await head.getAttribute('aria-sort');
      expect(['ascending', 'descending']).toContain(direction);
      await expect.poll(async () => inOrder(await localPorts(), direction === 'ascending')).toBe(true);
      await head.getByRole('button').click();
      await expect.poll(() => head.getAttribute('aria-sort')).not.toBe(direction);
    }
  });

  it('groups by process and folds a group away', async () => {
    await filter('port:8080,8081');
    await page.getByRole('radio', { name: 'Process' }).click();
    const fold = grid.getByRole('button', { name: /^Hide the rows of .*node/ });
    await expect.poll(() => fold.count()).toBe(1);
    await expect.poll(() => grid.getByRole('row').count()).toBeGreaterThan(10);
    await stage.shoot('sockets-grouped-dark');
    await fold.click();
    await expect.poll(() => grid.getByRole('row').count()).toBeLessThan(6);
    await page.getByRole('radio', { name: 'None' }).click();
    await filter('');
  });

  it('isolates a state with its chip', async () => {
    const chip = page
      .getByRole('group', { name: 'Filter by state' })
      .getByRole('button', { name: /^Listen/ });
    await chip.click();
    await expect.poll(() => chip.getAttribute('aria-pressed')).toBe('true');
    // The load's, and the workbench's own where it is served.
    const listeners = stage.door === 'web' ? 3 : 2;
    await expect
      .poll(() => grid.getByRole('row', { name: /^LISTEN/ }).count())
      .toBeGreaterThanOrEqual(listeners);
    expect(await grid.getByRole('row', { name: /^ESTABLISHED/ }).count()).toBe(0);
    await page.getByRole('group', { name: 'Filter by state' }).getByRole('button', { name: /^All/ }).click();
  });

  it('shows the life of a 4-tuple and its owner in a drawer, and closes it with Escape', async () => {
    await filter('dst:127.0.0.1:8080 state:established');
    await expect.poll(() => grid.getByRole('row', { name: /^ESTABLISHED/ }).count()).toBeGreaterThan(5);
    await grid
      .getByRole('row', { name: /^ESTABLISHED/ })
      .nth(2)
      .click();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('complementary', { name: 'Socket details' });
    await expect.poll(() => drawer.textContent()).toContain('load.mjs');
    expect(await drawer.getByRole('heading', { name: 'Life of this connection' }).count()).toBe(1);
    await stage.shoot('sockets-drawer-dark');
    await page.keyboard.press('Escape');
    await expect.poll(() => drawer.count()).toBe(0);
  });

  it('freezes the list and says that it stands still', async () => {
    await page.getByRole('button', { name: 'Freeze' }).click();
    const resume = page.getByRole('button', { name: 'Resume live' });
    await expect.poll(() => resume.count()).toBe(1);
    const shown = await page.getByText(/^snapshot/).textContent();
    await page.waitForTimeout(2200);
    expect(await page.getByText(/^snapshot/).textContent()).toBe(shown);
    await resume.click();
    await expect.poll(() => page.getByText(/^snapshot/).textContent()).not.toBe(shown);
  });

  it('exports the matching sockets as CSV', async () => {
    await filter('dst:127.0.0.1:8080 state:established');
    await expect.poll(() => foot.textContent()).toMatch(/^40 of /);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split(/\r?\n/);
    expect(lines).toHaveLength(1 + HELD.first);
    expect(lines[1]).toContain('8080');
    await filter('');
  });

  it('E4: has caused no console error and no policy violation on the way', async () => {
    expect(await stage.troubles()).toEqual([]);
    expect(stage.served.complaints()).toBe('');
  });

  /** Replaces the whole filter as a person would. */
  async function filter(text: string): Promise<void> {
    const clear = page.getByRole('search').getByRole('button', { name: 'Clear the filter' });
    if ((await clear.count()) > 0) await clear.click();
    const field = page.getByRole('combobox', { name: 'Filter sockets' });
    await field.fill(text);
    if (text !== '') await field.press('Enter');
  }

  async function localPorts(): Promise<number[]> {
    const rows = await grid.getByRole('row', { name: /^ESTABLISHED/ }).all();
    const placed = await Promise.all(
      rows.map(async (row) => ({
        index: Number(await row.getAttribute('aria-rowindex')),
        port: Number(/:\s?(\d+)$/.exec((await row.getByRole('gridcell').nth(1).textContent()) ?? '')?.[1]),
      })),
    );
    return placed.sort((a, b) => a.index - b.index).map(({ port }) => port);
  }
});

function inOrder(ports: readonly number[], isAscending: boolean): boolean {
  const sorted = [...ports].sort((a, b) => (isAscending ? a - b : b - a));
  return ports.length > 5 && ports.every((port, index) => port === sorted[index]);
}
