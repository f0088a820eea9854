/** Evidence and imports in a real browser, with the system's own tools and a dump from another system. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { openStage, stageMissing, type Stage } from '../support/stage.ts';
import { findBadText } from '../support/text-check.ts';

const SERVER = { address: '127.0.0.1', port: 8080 };
const HELD = 25;
const missing = stageMissing();

/** netstat -ano as Windows prints it: `open` connections and `waiting` in TIME_WAIT to one destination. */
function windowsDump(open: number, waiting: number): string {
  const row = (port: number, state: string, pid: number) =>
    `  TCP    ${`192.168.1.20:${port}`.padEnd(22)} ${'203.0.113.7:443'.padEnd(22)} ${state.padEnd(15)} ${pid}`;
  const rows = [
    ...Array.from({ length: open }, (_, index) => row(49_200 + index, 'ESTABLISHED', 4312)),
    ...Array.from({ length: waiting }, (_, index) => row(51_000 + index, 'TIME_WAIT', 0)),
  ];
  const head = '  Proto  Local Address          Foreign Address        State           PID';
  return ['', 'Active Connections', '', head, ...rows, ''].join('\r\n');
}

describe.skipIf(missing !== null)(`Evidence in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage({ context: { colorScheme: 'dark', acceptDownloads: true } });
    ({ page } = stage);
    const clients = [{ ...SERVER, count: HELD, holdMs: null }];
    const load = await stage.startLoad({ servers: [SERVER], clients, seconds: 170 });
    await load.first('flooded', 20_000);
    await page
      .getByText(/127\.0\.0\.1:8080/)
      .first()
      .waitFor();
  });
  afterAll(() => stage?.close());

  const terminal = async () =>
    (await page.locator('.terminal-pane .xterm-rows > div').allTextContents())
      .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
      .join('\n');
  const panel = () => page.getByRole('region', { name: 'Run', exact: true });

  it('opens what the verdict rests on, and runs it because it never ran', async () => {
    await page.getByRole('button', { name: 'Show evidence', exact: true }).click();
    await expect.poll(terminal, { timeout: 20_000 }).toMatch(/^\$ ss -tan\nState .*\n/);
    await expect.poll(terminal).toMatch(/127\.0\.0\.1:8080/);
    await stage.shoot('evidence-output-dark');
    await page.getByRole('group', { name: /^Output of ss -tan/ }).press('End');
    await expect.poll(terminal).toMatch(/\nexit 0 · [\d.]+ m?s/);
  });

  it('shows the lines with what was understood of them', async () => {
    await page.getByRole('radio', { name: 'As parsed' }).click();
    const sockets = page.getByRole('list', { name: 'Sockets found' }).getByRole('listitem');
    await expect.poll(() => sockets.count()).toBeGreaterThan(HELD * 2);
    await expect.poll(() => panel().getByRole('status').first().textContent()).toMatch(/\d+ TCP sockets/);
    await sockets.first().getByRole('button').click();
    expect(await page.locator('.line-list [data-target]').count()).toBe(1);
    await stage.shoot('evidence-parsed-dark');
  });

  it('runs it again by Enter, keeps both runs, and says what changed', async () => {
    await page.locator('[data-probe="linux.ss-tan"]').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '2 runs' }).waitFor();
    await page.getByRole('radio', { name: 'Since last run' }).click();
    await expect.poll(() => panel().textContent()).toMatch(/(Nothing changed|lines? new, \d+ gone)/);
  });

  it('saves a transcript that says how it came about', async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export the transcript' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^fourtuple-linux\.ss-tan-\d{8}-\d{6}\.txt$/);
    const text = await readFile(await file.path(), 'utf8');
    expect(text).toMatch(/^# command: ss -tan\n# time: .*\n(# .*\n)*# sha256 of the output: [0-9a-f]{64}\n/);
    expect(text).toContain('127.0.0.1:8080');
  });

  it('sets what a misleading command prints beside what is so', async () => {
    await page.getByRole('radio', { name: 'Output' }).click();
    await page.locator('[data-probe="linux.folklore-ss-tulnp-wc"]').click();
    await page.keyboard.press('Enter');
    const block = page.getByRole('region', { name: 'What it is taken for, and what is so' });
    await expect
      .poll(() => block.textContent(), { timeout: 10_000 })
      .toMatch(/Prints\s*\d+.*Really.*of 1,000 ports/s);
  });

  it('leads from each figure to a probe of its own', async () => {
    for (const [figure, probe] of [
      ['New connections', 'new connections'],
      ['TIME-WAIT', 'TIME-WAIT'],
    ]) {
      await page.keyboard.press('g');
      await page.keyboard.press('h');
      const tile = page.getByRole('group', { name: figure, exact: true });
      await tile.getByRole('button', { name: `Show evidence for ${probe}` }).click();
      await expect.poll(() => page.locator('[data-probe][aria-current]').count()).toBe(1);
      await panel()
        .getByText(/^Run \d\d:\d\d/)
        .waitFor();
    }
  });

  it('runs a probe from the palette', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search, filter or run' }).fill('run ss -s');
    await page
      .getByRole('option', { name: /Run ss -s/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(terminal, { timeout: 10_000 }).toMatch(/^\$ ss -s\n/);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has no accessibility violation and no text cut off: ${theme}`, async ({ skip }) => {
      // The page is the same, which picture.test.ts shows.
      if (stage.door === 'desktop') skip('looked at through the other door');
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
      await page.locator('[data-probe="linux.ss-tan"]').click();
      for (const view of ['Output', 'As parsed', 'Since last run']) {
        await page.getByRole('radio', { name: view }).click();
        await page.waitForTimeout(300);
        await stage.shoot(`evidence-${view.toLowerCase().replaceAll(' ', '-')}-${theme}`);
        expect(await accessibilityProblems(page)).toEqual([]);
        expect(await findBadText(page)).toEqual([]);
      }
      await page.getByRole('radio', { name: 'Output' }).click();
    });
  }

  it('reads a dump that is dropped on the window, and shows its pools instead of this machine', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await drop(page, 'netstat.txt', windowsDump(40, 1200), new Date(2026, 2, 2, 9, 15).getTime());
    const banner = page.getByText(/Imported: netstat\.txt/).locator('..');
    await expect.poll(() => banner.textContent(), { timeout: 20_000 }).toMatch(/2 Mar 2026 09:15.*read-only/);
    const used = page.getByRole('group', { name: 'Pool used' });
    await expect.poll(() => used.textContent()).toMatch(/1,240 of 16,384 ports/);
    expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
    await expect.poll(() => page.title()).toMatch(/^Imported: /);
    await expect
      .poll(() => page.getByRole('contentinfo').textContent())
      .toMatch(/Imported.*1,240.*sockets read/);
    await stage.shoot('import-headroom-dark');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await expect.poll(() => page.getByText(/of 1,240 sockets match/).count()).toBe(1);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await findBadText(page)).toEqual([]);
  });

  it('shows this machine again on demand', async () => {
    await page.getByRole('button', { name: 'Back to this machine' }).click();
    await expect.poll(() => page.getByText(/Imported: netstat/).count()).toBe(0);
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await expect
      .poll(() => page.getByText(/127\.0\.0\.1:8080/).count(), { timeout: 10_000 })
      .toBeGreaterThan(0);
    expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(false);
  });

  it('reads pasted output, and says what it could not read of something else', async () => {
    await page.evaluate(pasteText, windowsDump(3, 7));
    const dialog = page.getByRole('dialog', { name: 'Read output of another machine' });
    await dialog.getByRole('button', { name: 'Read it' }).click();
    await expect.poll(() => page.getByText(/Imported: pasted text/).count(), { timeout: 20_000 }).toBe(1);
    await page.getByRole('button', { name: 'Back to this machine' }).click();
    await drop(page, 'letter.txt', 'Dear customer,\nthank you for your letter.\n', 0);
    const report = page.getByRole('dialog', { name: 'This could not be read' });
    await report.waitFor({ timeout: 20_000 });
    await stage.shoot('import-refused-dark');
    expect(await accessibilityProblems(page)).toEqual([]);
    await report.getByRole('button', { name: 'Close' }).click();
    expect(await page.getByText(/^Imported:/).count()).toBe(0);
  });

  it('E5: stays on its page when an address is dropped on it', async () => {
    const before = page.url();
    await page.evaluate(dropAddress);
    await page.waitForTimeout(200);
    expect(page.url()).toBe(before);
  });

  it('E4: has caused no console error and no policy violation on the way', async () => {
    expect(await stage.troubles()).toEqual([]);
    expect(stage.served.complaints()).toBe('');
  });
});

async function drop(page: Page, name: string, text: string, modifiedAtMs: number): Promise<void> {
  await page.evaluate(dropFile, { name, text, modifiedAtMs });
}

/** Runs in the page. */
function dropFile({ name, text, modifiedAtMs }: { name: string; text: string; modifiedAtMs: number }): void {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name, { lastModified: modifiedAtMs }));
  for (const kind of ['dragenter', 'dragover', 'drop'])
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}

/** Runs in the page. */
function dropAddress(): void {
  const dataTransfer = new DataTransfer();
  dataTransfer.setData('text/uri-list', 'http://127.0.0.1:9/');
  document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
}

/** Runs in the page. */
function pasteText(text: string): void {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  document.body.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
  );
}
