/**
 * An exhaustion of forty seconds while something else is looked at, or nothing: it is told when it comes and when it is
 * over, and is seen afterwards with its marks, its culprit and what was told.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import type { Load } from '../support/load/load.ts';
import { namespaceMissing } from '../support/namespace.ts';
import { openStage, stageMissing, type Stage } from '../support/stage.ts';

const SETTINGS = { portRange: { first: 42_000, last: 42_299 }, twReuse: 0 as const };
const SERVER = { address: '127.0.0.1', port: 8080 };
const LOAD_SECONDS = 40;
/** A finding stays for 10 s, and it is over when it has been for 15 s. */
const OVER_LIMIT_MS = 45_000;
const FULL = /^Port pool to 127\.0\.0\.1:8080 is (full|\d+% used)/;
const missing = stageMissing() ?? namespaceMissing();

describe.skipIf(missing !== null)(`watching${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: Stage;
  let page: Page;
  let other: Page;
  let load: Load;
  const state = mkdtempSync(join(tmpdir(), 'fourtuple-watching-'));

  beforeAll(async () => {
    stage = await openStage({ settings: SETTINGS, serve: { environment: { XDG_STATE_HOME: state } } });
    ({ page } = stage);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.context().addInitScript(spyOnNotifications);
    // What it fetches ahead would be broken off by the reload.
    await page.waitForLoadState('networkidle');
    await page.reload();
    await page.getByRole('button', { name: 'Sockets', exact: true }).click();
    // Another page of the same workbench, behind.
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      page.evaluate(() => void window.open('/')),
    ]);
    other = opened;
    await other.getByRole('button', { name: 'What-if', exact: true }).click();
    await page.bringToFront();
    for (const one of [page, other]) await one.evaluate(() => Reflect.set(globalThis, 'isAway', true));
    load = await stage.startLoad({
      servers: [SERVER],
      clients: [{ ...SERVER, count: 320, holdMs: null }],
      seconds: LOAD_SECONDS,
      resetsAtEnd: true,
    });
  }, 60_000);
  afterAll(async () => {
    await stage?.close();
    rmSync(state, { recursive: true, force: true });
  });

  it('tells on another screen what is the matter, out of the way', async () => {
    const toast = noticesOf(page).getByRole('article').filter({ hasText: 'Ports: critical' });
    await toast.waitFor();
    expect(await toast.getByRole('paragraph').innerText()).toMatch(FULL);
    const seen = () => accessibilityProblems(page, { within: '.notice-toasts' });
    expect(await seen()).toEqual([]);
    await stage.shoot('toast-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await seen()).toEqual([]);
    await stage.shoot('toast-light');
    await page.setViewportSize({ width: 1024, height: 700 });
    await stage.shoot('toast-narrow');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'dark' });
    const box = await toast.boundingBox();
    const bar = await page.locator('.status-bar').boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
    await toast.getByRole('button', { name: 'Close notice' }).click();
    await expect.poll(() => toast.count()).toBe(0);
  });

  it('shows one notification of the browser with the sentence, however many pages are open', async () => {
    await expect.poll(() => criticalOf(page, other)).toHaveLength(1);
    const [shown] = await criticalOf(page, other);
    expect(shown).toMatchObject({
      title: 'Ports: critical',
      body: expect.stringMatching(FULL),
      tag: 'fourtuple',
    });
    const [one] = await Promise.all(
      [page, other].map(async (of) => ((await shownBy(of)).length > 0 ? of : null)),
    );
    const shower = one ?? other;
    await shower.evaluate(() => (Reflect.get(globalThis, 'clickLast') as () => void)());
    await shower.getByRole('region', { name: 'Fix' }).waitFor();
    await shower.getByText('127.0.0.1:8080').first().waitFor();
  });

  it('tells when it is over', async () => {
    await page.getByRole('button', { name: 'Sockets', exact: true }).click();
    await load.first('ended', LOAD_SECONDS * 1000);
    const toast = noticesOf(page).getByRole('article').filter({ hasText: 'Ports: over' });
    await toast.waitFor({ timeout: OVER_LIMIT_MS });
    await stage.shoot('toast-over');
    await expect
      .poll(async () => (await Promise.all([page, other].map(shownBy))).flat().at(-1)?.title)
      .toBe('Ports: over');
    await toast.getByRole('button', { name: 'Show in Trends' }).click();
  });

  it('is seen afterwards: how full it was, who it was, the marks, and what was told', async () => {
    await page.getByRole('radio', { name: '15 min' }).click();
    const chart = page.getByRole('img', { name: /^Pool to 127\.0\.0\.1:8080, .*at most 300 of 300/ });
    await chart.waitFor();
    expect(await chart.getAttribute('aria-label')).toContain('Most were held by node');
    const events = page.getByRole('region', { name: 'Events' });
    for (const what of ['Critical', 'Told: critical', 'Told: it is over'])
      await events
        .getByText(what, { exact: what !== 'Critical' })
        .first()
        .waitFor();
    const words = (await events.getByRole('listitem').allInnerTexts()).join('\n');
    expect(words.indexOf('Told: it is over')).toBeLessThan(words.indexOf('Told: critical'));
    await stage.shoot('trends-after');
    await page.emulateMedia({ colorScheme: 'light' });
    await stage.shoot('trends-after-light');
  });

  it('E4: has caused no console error and no policy violation on the way', async () => {
    expect(await stage.troubles()).toEqual([]);
  });
});

interface Shown {
  title: string;
  body: string;
  tag: string;
}

function noticesOf(page: Page) {
  return page.getByRole('region', { name: 'Notices' });
}

function shownBy(page: Page): Promise<Shown[]> {
  return page.evaluate(() => Reflect.get(globalThis, 'shownNotifications') as Shown[]);
}

async function criticalOf(...pages: Page[]): Promise<Shown[]> {
  const shown = (await Promise.all(pages.map(shownBy))).flat();
  return shown.filter(({ title }) => title === 'Ports: critical');
}

/** Runs in each page before anything of it: keeps what is shown, and lets a test look away. */
function spyOnNotifications(): void {
  const shown: Shown[] = [];
  const made: Spy[] = [];
  class Spy {
    static readonly permission = 'granted';
    onclick: (() => void) | null = null;
    constructor(title: string, { body = '', tag = '' }: NotificationOptions) {
      shown.push({ title, body, tag });
      made.push(this);
    }
    close(): void {}
  }
  Object.assign(globalThis, {
    Notification: Spy,
    shownNotifications: shown,
    isAway: false,
    clickLast: () => made.at(-1)?.onclick?.(),
  });
  // Of every document: an opened window keeps its globals when the page arrives in it.
  Document.prototype.hasFocus = () => Reflect.get(globalThis, 'isAway') !== true;
}
