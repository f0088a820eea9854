/** What-if in a real browser: instant while dragging, by keyboard alone, restored by a link. */
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.ts';
import { openStage, stageMissing } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';
import { findBadText } from '../support/text-check.ts';

const SENTENCE_MS = 100;
const missing = stageMissing();

describe.skipIf(missing !== null)(`What-if in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: Stage;
  let page: Page;
  let sentence: Locator;

  beforeAll(async () => {
    stage = await openStage({ context: { colorScheme: 'dark' } });
    page = stage.page;
    sentence = page.getByRole('region', { name: 'Verdict' }).getByRole('paragraph');
    await page.getByRole('group', { name: 'Pool used' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.getByRole('slider', { name: 'New connections per second' }).waitFor();
  });
  afterAll(() => stage?.close());

  it('opens with a question and its answer', async () => {
    await expect.poll(() => sentence.textContent()).toMatch(/600 connections\/s.*Linux.*47 s.*470\/s/);
    const picture = page.getByRole('img', { name: /Time until the pool is full: at 600\/s/ });
    await expect.poll(() => picture.count()).toBe(1);
    await stage.shoot('what-if-dark');
  });

  it('changes its sentence within a tenth of a second of the hand', async () => {
    const profile = await dragRate(page);
    console.log(
      `What-if drag: ${profile.moves} moves, sentence after ${profile.worstMs.toFixed(0)} ms at worst ` +
        `(median ${profile.medianMs.toFixed(0)} ms), longest frame ${profile.longestFrameMs.toFixed(0)} ms of ${profile.frames}`,
    );
    expect(profile.changes).toBeGreaterThan(10);
    expect(profile.medianMs).toBeLessThan(SENTENCE_MS);
  });

  it('refuses a value at its field and keeps the sentence', async () => {
    const box = page.getByRole('textbox', { name: 'New connections per second, /s' });
    await box.fill('400');
    await expect.poll(() => sentence.textContent()).toContain('400');
    await box.fill('-1');
    await expect.poll(() => box.getAttribute('aria-invalid')).toBe('true');
    const group = page.getByRole('group', { name: 'New connections per second' });
    expect(await group.getByRole('alert').textContent()).toMatch(/must be a number from/);
    expect(await sentence.textContent()).toContain('400');
    await stage.shoot('what-if-refused-dark');
    await box.fill('600');
    await expect.poll(() => group.getByRole('alert').count()).toBe(0);
  });

  it('shows what happens over time, with the moment it is full', async () => {
    await page.getByRole('radio', { name: 'Over time' }).click();
    await expect.poll(() => page.getByRole('img', { name: /is full after 47 s/ }).count()).toBe(1);
    await expect.poll(() => page.getByText('Pool full · 28,232 ports').count()).toBe(1);
    await stage.shoot('what-if-time-dark');
    await page.getByRole('radio', { name: 'By rate' }).click();
  });

  it('works by keyboard alone', async () => {
    await page.getByRole('button', { name: 'Reset' }).focus();
    await page.keyboard.press('Enter');
    expect(await tabThrough(page, 10)).toEqual([
      'Use this host',
      'New connections per second, /s',
      'New connections per second',
      'Questions about hold time',
      'Hold time after close, s',
      'Hold time after close',
      'Questions about the port range',
      'First port',
      'Last port',
      'First port',
    ]);
    await page.getByRole('slider', { name: 'New connections per second' }).focus();
    await page.keyboard.press('PageUp');
    await expect.poll(() => sentence.textContent()).toContain('700 connections/s');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => sentence.textContent()).toContain('690 connections/s');
    const linux = page.getByRole('table').getByRole('button', { name: 'Linux', exact: true });
    await linux.focus();
    for (let at = 0; at < 20; at++) {
      if ((await focusedName(page)) === 'macOS') break;
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await expect.poll(() => sentence.textContent()).toContain('macOS');
    await page.getByRole('button', { name: 'Questions about hold time' }).focus();
    await page.keyboard.press('Enter');
    const questions = page.getByRole('dialog', { name: 'Questions about hold time' });
    await expect.poll(() => questions.count()).toBe(1);
    await questions.getByText('Does tcp_fin_timeout').click();
    await stage.shoot('what-if-questions-dark');
    await page.keyboard.press('Escape');
    await expect.poll(() => questions.count()).toBe(0);
    expect(await focusedName(page)).toBe('Questions about hold time');
  });

  it('writes the address, and a reload or a link restores what it says', async () => {
    await expect.poll(() => page.url()).toContain('#what-if?profile=macos&rate=690');
    await page.reload();
    await expect.poll(() => sentence.textContent(), { timeout: 10_000 }).toMatch(/690 connections\/s.*macOS/);
    await page.evaluate("location.hash = '#what-if?rate=300&destinations=3&life=2'");
    await expect.poll(() => sentence.textContent()).toMatch(/300 connections\/s to 3 destinations/);
    expect(await page.getByRole('textbox', { name: 'Source addresses' }).inputValue()).toBe('1');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await expect.poll(() => page.url()).not.toContain('#');
  });

  it('takes this machine’s live values', async () => {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'What-if' }).click();
    await page.getByRole('button', { name: 'Use this host' }).click();
    // Which row was selected before matters not: this host's has to be.
    const hostRow = page.getByRole('row', { name: hostname() });
    await expect.poll(() => hostRow.textContent(), { timeout: 20_000 }).toMatch(/selected/);
    const first = page.getByRole('textbox', { name: 'First port' });
    if (stage.namespace) await expect.poll(() => first.inputValue()).toBe('40000');
    await page.getByRole('button', { name: 'Reset' }).click();
  });

  for (const theme of ['dark', 'light'] as const) {
    it(`has no accessibility violation and no text cut off: ${theme}`, async () => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
      await page.getByRole('button', { name: /^Advanced/ }).click();
      await expect.poll(() => sentence.textContent()).toContain('600');
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await findBadText(page)).toEqual([]);
      await page.getByRole('button', { name: /^Advanced/ }).click();
      await stage.shoot(`what-if-${theme}`);
    });
  }

  it('shows the answer, the inputs and the picture at 1024 × 700, and cuts nothing off', async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    await page.waitForTimeout(300);
    for (const name of ['Verdict', 'What if', 'Time until the pool is full']) {
      const box = await page.getByRole('region', { name }).boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 1024 && box.y + box.height <= 700, name).toBe(true);
    }
    expect(await findBadText(page)).toEqual([]);
    await stage.shoot('what-if-narrow-light');
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('E4: has caused no console error and no policy violation on the way', async () => {
    expect(await stage.troubles()).toEqual([]);
    expect(stage.served.complaints()).toBe('');
  });
});

interface DragProfile {
  moves: number;
  changes: number;
  medianMs: number;
  worstMs: number;
  frames: number;
  longestFrameMs: number;
}

/** Drags the rate's thumb and measures, in the page, how long after each move the sentence changed. */
async function dragRate(page: Page): Promise<DragProfile> {
  const thumb = page.getByRole('slider', { name: 'New connections per second' });
  const box = (await thumb.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.evaluate(startWatching);
  const y = box.y + box.height / 2;
  let x = box.x + box.width / 2;
  await page.mouse.move(x, y);
  await page.mouse.down();
  const moves = 60;
  for (let move = 0; move < moves; move++) {
    x += move < moves / 2 ? -4 : 4;
    await page.mouse.move(x, y);
    await page.waitForTimeout(25);
  }
  await page.mouse.up();
  await page.waitForTimeout(150);
  const { delays, frames } = await page.evaluate(stopWatching);
  const sorted = [...delays].sort((a, b) => a - b);
  return {
    moves,
    changes: delays.length,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? Infinity,
    worstMs: sorted.at(-1) ?? Infinity,
    frames: frames.length,
    longestFrameMs: Math.max(0, ...frames),
  };
}

/** Runs in the page. */
function startWatching(): void {
  const watch = { movedAt: 0, delays: [] as number[], frames: [] as number[], last: 0, isOn: true };
  Reflect.set(globalThis, 'dragWatch', watch);
  const slider = document.querySelector('[role="slider"][aria-label="New connections per second"]');
  new MutationObserver(() => (watch.movedAt ||= performance.now())).observe(slider as Node, {
    attributeFilter: ['aria-valuenow'],
  });
  new MutationObserver(() => {
    if (watch.movedAt > 0) watch.delays.push(performance.now() - watch.movedAt);
    watch.movedAt = 0;
  }).observe(document.querySelector('[aria-label="Verdict"] p') as Node, {
    childList: true,
    characterData: true,
    subtree: true,
  });
  const frame = (now: number) => {
    if (watch.last > 0) watch.frames.push(now - watch.last);
    watch.last = now;
    if (watch.isOn) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Runs in the page. */
function stopWatching(): { delays: number[]; frames: number[] } {
  const watch = Reflect.get(globalThis, 'dragWatch') as { delays: number[]; frames: number[]; isOn: boolean };
  watch.isOn = false;
  return { delays: watch.delays, frames: watch.frames };
}

async function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent?.trim() ?? '';
  });
}

async function tabThrough(page: Page, count: number): Promise<string[]> {
  const names: string[] = [];
  for (let at = 0; at < count; at++) {
    await page.keyboard.press('Tab');
    names.push(await focusedName(page));
  }
  return names;
}
