/**
 * From "the ports have run out" to a fix that is proven, and back: the wizard in a real browser, a real load that finds
 * no port, a real kernel.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { fixStageMissing, openFixStage } from '../support/fix-stage.ts';
import type { FixStage } from '../support/fix-stage.ts';
import {
  applyPreviewed,
  chooseFix,
  footer,
  goToFix,
  numberIn,
  onStep,
  rowsOf,
} from '../support/fix-wizard.ts';
import type { Load } from '../support/load/load.ts';
import { findBadText } from '../support/text-check.ts';

const missing = fixStageMissing();
const RANGE = 'ipv4/ip_local_port_range';
const RESERVED = 'ipv4/ip_local_reserved_ports';
const BEFORE = '20000\t20599\n';
const SERVER = { address: '127.0.0.1', port: 8443 };
const PER_SECOND = 60;

describe.skipIf(missing !== null)(`a pool that has run out${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: FixStage;
  let page: Page;
  let load: Load;
  let predictedPorts = Number.NaN;

  beforeAll(async () => {
    stage = await openFixStage({
      settings: { portRange: { first: 20000, last: 20599 }, twReuse: 0 },
      context: { colorScheme: 'dark', acceptDownloads: true },
    });
    page = stage.page;
    page.setDefaultTimeout(30_000);
    load = await stage.startLoad({
      nameHex: Buffer.from('order-sync').toString('hex'),
      servers: [SERVER],
      // Paced: what the kernel frees after a minute comes back evenly, and the pool stays full.
      clients: [{ ...SERVER, ratePerSecond: PER_SECOND, holdMs: 100 }],
      seconds: 200,
    });
  });
  afterAll(() => stage?.close());

  it('says so first, and leads from the verdict to the wizard', async () => {
    await expect.poll(() => load.firstFailureMs('EADDRNOTAVAIL'), { timeout: 20_000 }).not.toBeNull();
    const verdict = page.getByRole('region', { name: 'Verdict' });
    await expect
      .poll(() => verdict.getByRole('paragraph').textContent(), { timeout: 10_000 })
      .toMatch(/8443/);
    await expect.poll(() => verdict.getByRole('img').first().getAttribute('aria-label')).toBe('Critical');
    await verdict.getByRole('button', { name: 'Fix…' }).click();
    await onStep(page, 'Understand');
  });

  it('Understand: adds the ports up to what is in use, and says what it is not', async () => {
    const table = page.getByRole('table').filter({ hasText: 'Ports in use' });
    await table.waitFor();
    const rows = await rowsOf(table);
    const ports = rows.map((row) => numberIn(row.at(-1)));
    const total = ports.pop();
    expect(ports.reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(total).toBeGreaterThan(500);
    expect(rows.at(-1)?.join(' ')).toMatch(/of 600/);
    await lookAt('understand');
  });

  it('Choose: offers to change the application first, and says what does not help', async () => {
    await footer(page)
      .getByRole('button', { name: /^Choose a fix/ })
      .click();
    const options = page.getByRole('radiogroup', { name: 'What helps' }).getByRole('radio');
    await expect.poll(() => options.first().textContent()).toMatch(/connections open.*Removes the cause/i);
    expect(await options.first().getAttribute('aria-checked')).toBe('true');
    expect(await page.getByRole('radiogroup', { name: 'What helps' }).textContent()).toContain('buys time');
    const useless = page.locator('.advice-list');
    expect(await useless.textContent()).toMatch(/tcp_fin_timeout/);
    expect(await useless.textContent()).toMatch(/tcp_tw_recycle/);
    await lookAt('choose');
  });

  it('Preview: shows exactly what will run, what it will do, and how it is taken back', async () => {
    await chooseFix(page, 'Widen the port range');
    const words = page.locator('.wizard-step');
    await expect
      .poll(() => words.textContent())
      .toContain('sysctl -w net.ipv4.ip_local_port_range="10240 65535"');
    const text = (await words.textContent()) ?? '';
    expect(text).toContain('sysctl -w net.ipv4.ip_local_port_range="20000 20599"');
    expect(text).toContain('This buys time');
    expect(text).toMatch(/sysctl -w net\.ipv4\.ip_local_reserved_ports=/);
    predictedPorts = await predicted(page);
    expect(stage.setting(RANGE)).toBe(BEFORE);
    await lookAt('preview');
  });

  it('Apply: shows in a terminal what runs and what came of it', async () => {
    await applyPreviewed(page);
    await onStep(page, 'Verify');
    expect(stage.setting(RANGE)).toBe('10240\t65535\n');
    await footerGo('Apply');
    const printed = page.locator('.xterm-rows');
    await expect.poll(() => printed.textContent()).toContain('net.ipv4.ip_local_port_range="10240 65535"');
    await expect.poll(() => printed.textContent()).toContain('exit 0');
    await lookAt('apply');
    await footerGo('Verify');
  });

  it('Verify: connect() fails no more, and every figure is as predicted', async () => {
    await expect.poll(() => failuresInLast(load, 2), { timeout: 15_000 }).toBe(0);
    const banner = page.locator('.wizard-step');
    await expect.poll(() => banner.textContent(), { timeout: 15_000 }).toContain('It works');
    const rows = await rowsOf(page.getByRole('table').filter({ hasText: 'Usable ports' }));
    const row = (title: string) => rows.find(([first]) => first === title) ?? [];
    expect(row('Usable ports').slice(1, 4).map(numberIn)).toEqual([600, predictedPorts, predictedPorts]);
    const [, , foretold, measured] = row('Sustainable rate').map(numberIn);
    expect(measured).toBe(foretold);
    expect(Math.abs((measured ?? 0) - predictedPorts / 60)).toBeLessThan(1);
    expect(row('connect() without a port').slice(2, 4)).toEqual(['no', 'no']);
    expect(await banner.textContent()).toMatch(new RegExp(`at (5\\d|6\\d)(\\.\\d)?/s`));
    await lookAt('verify');
  });

  it('Verify: a page that is loaded anew has the ports of before, and what was predicted', async () => {
    await page.reload();
    await page.locator('.status-bar button').click();
    await onStep(page, 'Verify');
    await page.locator('.port-map-pair').waitFor();
    expect(await page.locator('.port-map-pair [role="img"]').first().getAttribute('aria-label')).toMatch(
      / of 600 ports from 20000 to 20599/,
    );
    await page.locator('.change-trend-chart .predicted').waitFor();
    await expect
      .poll(() => page.locator('.change-trend-chart svg').getAttribute('aria-label'))
      .toContain('the old pool had 600');
    // Without a graphics card a page that was just loaded draws its first maps for seconds, and hears nothing meanwhile.
    for (const pauseMs of [500, 500]) {
      await page.waitForTimeout(pauseMs);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
    }
  });

  it('Undo: the former value is back to the letter, and the page says so', async () => {
    await footer(page).getByRole('button', { name: 'Undo now' }).click();
    await expect.poll(() => [stage.setting(RANGE), stage.setting(RESERVED)]).toEqual([BEFORE, '\n']);
    await expect.poll(() => page.locator('.wizard-step').textContent()).toMatch(/as before/);
    await lookAt('undone');
    // The kernel is as it was, and so is the trouble.
    await expect.poll(() => failuresInLast(load, 1), { timeout: 15_000 }).toBeGreaterThan(0);
  });

  it('the journal has it, with what is so now', async () => {
    await goToFix(page, 'Journal');
    const entry = page.getByText('Widen the port range').first();
    await entry.waitFor();
    await expect.poll(() => page.locator('.fix-screen').textContent()).toMatch(/as before/);
    await lookAt('journal');
  });

  it('E4: has caused no console error and no policy violation on the way', async () => {
    expect(await stage.troubles()).toEqual([]);
  });

  async function footerGo(step: string): Promise<void> {
    await page
      .getByRole('list', { name: 'Steps' })
      .getByRole('button', { name: new RegExp(step) })
      .click();
    await onStep(page, step);
  }

  /** A picture in both themes, and what every screen owes its reader; a theme changes nothing but colours. */
  async function lookAt(name: string): Promise<void> {
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
      await page.waitForTimeout(150);
      await stage.shoot(`fix-${name}-${theme}`);
      const found = await accessibilityProblems(page, {
        within: '.fix-screen',
        onlyContrast: theme === 'light',
      });
      expect.soft([name, theme, found]).toEqual([name, theme, []]);
    }
    // A terminal fits its columns to the pixel, which is more than can be told from outside.
    const cut = (await findBadText(page)).filter((what) => !what.startsWith('cut (wide, in div.)'));
    expect.soft([name, cut]).toEqual([name, []]);
  }
});

/** "10,240–65,535 … 55,263 ports": what the picture of the ranges says is proposed. */
async function predicted(page: Page): Promise<number> {
  const text = (await page.locator('.wizard-step').textContent()) ?? '';
  return numberIn(/become ([\d,]+)/.exec(text)?.[1] ?? /→\s*([\d,]+) usable/.exec(text)?.[1]);
}

/** Connections that could not be opened in the last so many counted seconds. */
function failuresInLast(load: Load, seconds: number): number {
  const counts = load.events.flatMap((event) => (event.event === 'counted' ? [event.failed] : []));
  const last = counts.at(-1);
  const earlier = counts.at(-1 - seconds);
  return last === undefined || earlier === undefined ? Number.NaN : last - earlier;
}
