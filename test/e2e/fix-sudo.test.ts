/** As a person without rights: sudo asks in the terminal of the page, the password goes through and stays nowhere. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { fixStageMissing, openFixStage } from '../support/fix-stage.ts';
import type { FixStage } from '../support/fix-stage.ts';
import { fixUserMissing, makeFixUser } from '../support/fix-user.ts';
import type { FixUser } from '../support/fix-user.ts';
import { applyPreviewed, footer, goToFix, onStep, openFix } from '../support/fix-wizard.ts';
import { servedFile } from '../support/served.ts';

const missing = fixStageMissing() ?? fixUserMissing([process.execPath, servedFile()]);
const BUCKETS = 'ipv4/tcp_max_tw_buckets';
const WRONG = 'not-the-password-5f3a';

describe.skipIf(missing !== null)(`sudo in the page${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: FixStage;
  let page: Page;
  let user: FixUser;
  /** Everything that the workbench told the page. */
  let told = '';

  beforeAll(async () => {
    user = makeFixUser();
    stage = await openFixStage({
      settings: { portRange: { first: 20000, last: 20999 }, twReuse: 0, twBuckets: 5000 },
      context: { colorScheme: 'dark', reducedMotion: 'reduce' },
      user,
    });
    page = stage.page;
    page.setDefaultTimeout(30_000);
    await page.getByText('sockets read in').waitFor();
    await page.waitForLoadState('networkidle');
    stage.overhear((text) => (told += text));
    await page.reload();
  });
  afterAll(async () => {
    await stage?.close();
    user?.remove();
  });

  it('the preview says who will ask, and nothing runs with rights before', async () => {
    await openFix(page, 'Raise the limit of TIME_WAIT sockets');
    await expect
      .poll(() => page.locator('.wizard-step').textContent())
      .toMatch(/sudo asks for your password/);
    expect(uidsInside()).not.toContain(0);
  });

  it('a wrong password changes nothing, and the page says what to do', async () => {
    await applyPreviewed(page);
    await onStep(page, 'Apply');
    await asked(1);
    await typingIsWanted();
    await stage.shoot('fix-sudo-asks-dark');
    await page.keyboard.insertText(WRONG);
    await page.keyboard.press('Enter');
    await expect.poll(printed, { timeout: 15_000 }).toContain('Sorry, try again.');
    await asked(2);
    await page.keyboard.insertText(WRONG);
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.locator('.wizard-step').textContent(), { timeout: 20_000 })
      .toMatch(/password/);
    await expect.poll(() => page.locator('.wizard-step').textContent()).toMatch(/Nothing was changed/);
    expect(stage.setting(BUCKETS)).toBe('5000\n');
    await stage.shoot('fix-sudo-wrong-dark');
  });

  it('the right one, typed key by key, is taken: applied and held', async () => {
    await openFix(page, 'Raise the limit of TIME_WAIT sockets');
    await applyPreviewed(page);
    await onStep(page, 'Apply');
    await asked(1);
    await typingIsWanted();
    await page.keyboard.type(user.password, { delay: 10 });
    await page.keyboard.press('Enter');
    await onStep(page, 'Verify');
    expect(stage.setting(BUCKETS)).toBe('131072\n');
    await stage.shoot('fix-sudo-verify-dark');
  });

  it('is undone without a second password', async () => {
    await footer(page).getByRole('button', { name: 'Undo now' }).click();
    await expect.poll(() => stage.setting(BUCKETS)).toBe('5000\n');
    await expect.poll(() => page.locator('.wizard-step').textContent()).toMatch(/as before/);
    expect(uidsInside()).not.toContain(0);
  });

  it('F11: no password is anywhere: page, what the page was told, journal, processes, logs', async () => {
    await goToFix(page, 'Journal');
    const inPage: string = await page.evaluate(everythingKept);
    const places = {
      page: inPage,
      told,
      journal: filesBelow(stage.stateFolder)
        .map((path) => readFileSync(path, 'latin1'))
        .join('\n'),
      processes: processesInside()
        .map((pid) => read(`/proc/${pid}/environ`) + read(`/proc/${pid}/cmdline`))
        .join(),
      log: stage.served.complaints(),
    };
    // What is searched is what would have it.
    expect(told.includes('Sorry, try again.')).toBe(true);
    expect(places.journal.includes('tcp_max_tw_buckets')).toBe(true);
    expect(places.page.includes('Raise the limit')).toBe(true);
    // Without what JSON or UTF-8 writes in other ways.
    const core = user.password.split(' ')[0] ?? '';
    for (const secret of [core, WRONG]) {
      const found = Object.entries(places).flatMap(([place, text]) => (text.includes(secret) ? [place] : []));
      expect(found).toEqual([]);
    }
  });

  it('E4: has caused no console error and no policy violation on the way', async () => {
    expect(await stage.troubles()).toEqual([]);
  });

  function printed(): Promise<string> {
    return page
      .locator('.xterm-rows')
      .first()
      .textContent()
      .then((text) => (text ?? '').replaceAll('\u00A0', ' '));
  }

  /** For the nth time. */
  async function asked(times: number): Promise<void> {
    await expect.poll(printed).toMatch(new RegExp(`^([^]*Password of){${times}}`));
  }

  /** The page says so, and the keys go to the terminal by themselves. */
  async function typingIsWanted(): Promise<void> {
    await expect.poll(() => page.evaluate('document.activeElement?.className ?? ""')).toContain('xterm');
  }

  function processesInside(): number[] {
    const inside = readlinkSync(`/proc/${stage.served.pid}/ns/net`);
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && linkOf(pid) === inside);
  }

  /** Of what the workbench started. */
  function uidsInside(): number[] {
    const byParent = processesInside().map((pid) => ({ pid, status: read(`/proc/${pid}/status`) }));
    const ours = new Set([stage.served.pid]);
    for (let size = 0; size < ours.size;) {
      size = ours.size;
      for (const { pid, status } of byParent) {
        if (ours.has(Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]))) ours.add(pid);
      }
    }
    return byParent
      .filter(({ pid }) => ours.has(pid))
      .map(({ status }) => Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1]));
  }
});

function linkOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return null;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Runs in the page: what it shows and what it stores. */
async function everythingKept(): Promise<string> {
  const databases = await indexedDB.databases();
  const cached = await caches.keys();
  return JSON.stringify([
    new XMLSerializer().serializeToString(document.documentElement),
    [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value),
    { ...localStorage },
    { ...sessionStorage },
    document.cookie,
    databases,
    cached,
    history.state,
  ]);
}
