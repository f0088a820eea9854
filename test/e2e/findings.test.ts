/** What is wrong, who does it and what it rests on: findings, owners and the report in a real browser over real loads. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { openStage, stageMissing } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';
import { namespaceMissing } from '../support/namespace.ts';
import { findBadText } from '../support/text-check.ts';

const missing = stageMissing() ?? namespaceMissing();
const LEAKY = fileURLToPath(new URL('../support/leaky-client.mjs', import.meta.url));
const SERVER = { address: '127.0.0.1', port: 8443 };
const RANGE = { first: 32768, last: 36767 };
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
];

describe.skipIf(missing !== null)(`findings in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: Stage;
  let page: Page;
  let verdict: Locator;
  let findings: Locator;
  const dialog = () => page.getByRole('dialog');
  const detailsOf = (title: RegExp) =>
    findings
      .getByRole('listitem')
      .filter({ hasText: title })
      .getByRole('button', { name: /^Details/ });

  beforeAll(async () => {
    stage = await openStage({
      settings: { portRange: RANGE, twReuse: 0 },
      context: { colorScheme: 'dark', acceptDownloads: true },
    });
    page = stage.page;
    page.setDefaultTimeout(30_000);
    verdict = page.getByRole('region', { name: 'Verdict' });
    findings = page.getByRole('region', { name: /^(Findings|Port pools)$/ });
    await verdict.getByRole('img', { name: 'OK' }).waitFor();
  });
  afterAll(() => stage?.close());

  const goHome = () =>
    page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Headroom' }).click();

  it('finds in a calm machine only how small its range is, and says how many checks passed', async () => {
    await expect.poll(() => findings.textContent()).toMatch(/1 open · \d\d passed/);
    expect(await findings.textContent()).toContain('The port range is smaller than the default');
    await page.keyboard.press('p');
    await expect.poll(() => findings.textContent()).toContain('of 4,000 ports');
    await page.keyboard.press('p');
  });

  it('says of a leak that ports are not the problem, and who does it', async () => {
    stage.namespace?.spawn([process.execPath, LEAKY, '5432', '1200']);
    await expect
      .poll(() => verdict.getByRole('paragraph').textContent(), { timeout: 20_000 })
      .toMatch(/^Ports are not the problem: node \(pid \d+\) keeps 1,\d{3} connections in CLOSE-WAIT/);
    await stage.shoot('findings-leak-dark');
    await verdict.getByRole('button', { name: 'Details…' }).click();
    await expect
      .poll(() => dialog().textContent())
      .toContain('Close connections that the other side has closed');
    await dialog().getByRole('button', { name: 'Show sockets' }).click();
    await expect.poll(() => page.getByRole('grid').textContent()).toMatch(/CLOSE-WAIT\s*1,[12]\d\d/);
  });

  it('names the pool that runs out, before what merely causes it', async () => {
    await goHome();
    await stage.startLoad({
      nameHex: Buffer.from('python3').toString('hex'),
      servers: [SERVER],
      clients: [{ ...SERVER, ratePerSecond: 80, holdMs: 100 }],
      seconds: 300,
    });
    await expect
      .poll(() => findings.getByRole('listitem').first().textContent(), { timeout: 25_000 })
      .toMatch(/Ports towards 127\.0\.0\.1:8443 run out/);
    await expect.poll(() => findings.textContent(), { timeout: 20_000 }).toContain('This side closes first');
    await expect.poll(() => page.title()).toMatch(/^Critical: /);
    await stage.shoot('findings-load-dark');
  });

  it('opens a finding with its proof and what helps, and gives the keys back', async () => {
    await goHome();
    const details = detailsOf(/This side closes first/);
    await details.click();
    const words = await dialog().textContent();
    expect(words).toMatch(/TIME_WAIT here/);
    expect(words).toMatch(/It is not so if/);
    expect(words).toMatch(/Application: removes the cause.*Keep connections open.*System: buys time/s);
    expect(words).toMatch(/RFC 9293/);
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog().count()).toBe(0);
    expect(await details.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it('leads from a finding to the command that proves it', async () => {
    await goHome();
    await detailsOf(/This side closes first/).click();
    await dialog()
      .getByRole('button', { name: /^Show evidence for TIME_WAIT/ })
      .click();
    await page.getByRole('region', { name: 'Probes' }).waitFor();
    const printed = page.locator('.terminal-pane .xterm-rows');
    await expect.poll(() => printed.textContent(), { timeout: 15_000 }).toMatch(/^\$\s\w+/);
  });

  it('shows on a socket the findings that touch it', async () => {
    await goHome();
    await detailsOf(/This side closes first/).click();
    await dialog().getByRole('button', { name: 'Show sockets' }).click();
    const row = page
      .getByRole('grid')
      .getByRole('row', { name: /^TIME-WAIT.*8443/ })
      .first();
    await row.click();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('complementary', { name: 'Socket details' });
    await drawer.getByRole('button', { name: 'This side closes first' }).click();
    await expect.poll(() => dialog().textContent()).toContain('python3');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Close details' }).click();
  });

  it('keeps the pools at hand, by pointer and by keys', async () => {
    await goHome();
    await findings.getByRole('radio', { name: 'Findings' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => findings.getByRole('button', { pressed: true }).count()).toBe(1);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => findings.getByRole('button', { name: /^Details/ }).count()).toBeGreaterThan(1);
  });

  it('tells of a consumer what it is and how that is known', async () => {
    await goHome();
    const consumers = page.getByRole('region', { name: 'Top consumers' });
    await consumers.getByRole('button', { name: 'Details of python3 to 127.0.0.1:8443' }).click();
    await expect.poll(() => consumers.textContent()).toMatch(/Runtime\s*node/);
    expect(await consumers.textContent()).toMatch(/Owner\s*(seen|inferred)/);
    await consumers.getByRole('button', { name: 'Details of python3 to 127.0.0.1:8443' }).click();
  });

  it('lists every check there is', async () => {
    await goHome();
    await findings.getByRole('button', { name: 'All checks' }).click();
    await expect.poll(() => dialog().locator('.checks > li').count()).toBeGreaterThan(30);
    expect(await dialog().textContent()).toMatch(/\d+ findings?, \d+ of \d+ checks passed/);
    await page.keyboard.press('Escape');
  });

  it('saves a report without what was asked to be hidden', async () => {
    await page.keyboard.press('Control+e');
    const panel = page.getByRole('region', { name: 'Incident report' });
    await expect.poll(() => panel.getByRole('button', { name: 'Export report…' }).isEnabled()).toBe(true);
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toContain('Export report…');
    await expect.poll(() => panel.textContent()).toContain(`TCP ports of ${hostname()}`);
    await panel.getByRole('checkbox', { name: 'Hide host names' }).check();
    await expect.poll(() => panel.textContent()).toContain('TCP ports of [host-1]');
    await stage.shoot('findings-report-dark');
    const download = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Export report…' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^fourtuple-host-1-[\d-]+\.html$/);
    const text = readFileSync(await file.path(), 'utf8');
    expect(text).toMatch(/^<!doctype html>/i);
    expect(text).toContain('This side closes first');
    expect(new RegExp(`\\b${hostname()}\\b`).test(text.replace(/<style>.*?<\/style>/gs, ''))).toBe(false);
    await expect.poll(() => panel.textContent()).toContain('Saved fourtuple-host-1');
  });

  for (const colorScheme of ['dark', 'light'] as const) {
    it.each(SIZES)(
      `has no accessibility violation and cuts no text off, ${colorScheme}, %o`,
      async (size) => {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.locator(`html[data-theme=${colorScheme}]`).waitFor({ state: 'attached' });
        await page.setViewportSize(size);
        await page.keyboard.press('Control+e');
        await lookAt('report');
        await goHome();
        await lookAt('headroom');
        await detailsOf(/This side closes first/).click();
        await lookAt('finding');
        await page.keyboard.press('Escape');
        await findings.getByRole('button', { name: 'All checks' }).click();
        await lookAt('checks');
        await page.keyboard.press('Escape');

        async function lookAt(name: string): Promise<void> {
          await page.waitForTimeout(300);
          const { width = 0 } = page.viewportSize() ?? {};
          await stage.shoot(`findings-${name}-${colorScheme}-${width}`);
          expect([name, width, await accessibilityProblems(page)]).toEqual([name, width, []]);
          expect([name, width, await findBadText(page)]).toEqual([name, width, []]);
        }
      },
    );
  }

  it('E4: has caused no console error and no policy violation on the way', async () => {
    expect(await stage.troubles()).toEqual([]);
  });
});
