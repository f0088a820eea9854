/** What a person sees when something breaks: the sampler dies, hangs, keeps dying; strangers choose evil names. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { openStage, stageMissing } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const LINUX_ONLY = process.platform === 'linux' ? null : 'processes are found through /proc';
/** S7: late after 6 s, a grace of 5 s, and the process needs a moment to start. */
const SILENCE_LIMIT_MS = 20_000;
/** S7: 0.5 s doubled five times, with jitter. */
const BACK_OFF_LIMIT_MS = 15_000;
/** Bytes of names, 15 at most, as prctl(PR_SET_NAME) takes them: anything but NUL. */
const EVIL_NAMES = [
  Buffer.from('\u001b]0;pwn\u0007\u001b[31m'),
  Buffer.from('<img src=x o=1>'),
  Buffer.from('a\nb) S 1 (c'),
  Buffer.from('\u202e\u200bgpj.exe'),
  Buffer.from('{{7*7}}"\'&'),
  Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0x41]),
  Buffer.from('=cmd|calc!A1'),
  Buffer.from('__proto__'),
];
const missing = stageMissing() ?? LINUX_ONLY;

describe.skipIf(missing !== null)(`failures in a browser${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage({ context: { colorScheme: 'dark' } });
    ({ page } = stage);
    await page.getByRole('contentinfo').getByText('Sampling', { exact: true }).waitFor();
  });
  afterAll(() => stage?.close());

  it('T1, T3: shows hostile process names as harmless text and takes no key from them', async ({ skip }) => {
    if (!stage.namespace) skip('needs a namespace, to know every socket');
    for (const [index, name] of EVIL_NAMES.entries()) {
      const server = { address: '127.0.0.1', port: 8100 + index };
      const clients = [{ ...server, count: 3, holdMs: null }];
      await stage.startLoad({ servers: [server], clients, nameHex: name.toString('hex'), seconds: 60 });
    }
    await page.getByRole('button', { name: 'Sockets', exact: true }).click();
    await page.getByRole('radio', { name: 'Process' }).click();
    const grid = page.getByRole('grid', { name: 'Sockets' });
    const headings = grid.getByRole('row', { name: /^Hide the rows of/ });
    // Nine at least: the evil ones and the browser.
    await expect.poll(() => headings.count(), { timeout: 15_000 }).toBeGreaterThanOrEqual(6);
    const text = (await grid.textContent()) ?? '';
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(await grid.locator('img[src]').count()).toBe(0);
    await stage.shoot('sockets-hostile-dark');
    await page.getByRole('combobox', { name: 'Filter sockets' }).fill('port:8101');
    await page.getByRole('combobox', { name: 'Filter sockets' }).press('Enter');
    await expect.poll(() => grid.textContent()).toContain('<img src=x o=1>');
    await page.getByRole('search').getByRole('button', { name: 'Clear the filter' }).click();
    expect(await stage.troubles()).toEqual([]);
    await page.getByRole('button', { name: 'Headroom', exact: true }).click();
  });

  it('S7: says that the sampler died, starts it again and is live again', async () => {
    const [before] = stage.served.childPids();
    await page.evaluate(recordWords);
    kill(before, 'SIGKILL');
    await expect.poll(() => newSampler(before), { timeout: BACK_OFF_LIMIT_MS }).toBe(true);
    await expectLive(BACK_OFF_LIMIT_MS);
    // It lasts half a second only: what was on the page meanwhile is what counts.
    const words = await page.evaluate(() => Reflect.get(globalThis, 'recordedWords') as string);
    expect(words).toContain('Sampler restarting');
    expect(words).toContain('The sampler stopped.');
  });

  it('S7: notices a sampler that hangs and replaces it', async () => {
    const [before] = stage.served.childPids();
    kill(before, 'SIGSTOP');
    await page
      .getByText(/Sampler (silent|restarting)/)
      .first()
      .waitFor({ timeout: SILENCE_LIMIT_MS });
    await stage.shoot('headroom-silent-dark');
    await expectLive(BACK_OFF_LIMIT_MS);
    // Electron gives a child two seconds to end by itself.
    await expect.poll(() => stage.served.childPids()).not.toContain(before);
  });

  it('S7: gives up after five restarts with a banner, until a person asks', async () => {
    const retry = page.getByRole('button', { name: 'Try now' });
    for (let death = 0; death < 4; death++) {
      const [pid] = stage.served.childPids();
      kill(pid, 'SIGKILL');
      if (death < 3) await expect.poll(() => newSampler(pid), { timeout: BACK_OFF_LIMIT_MS }).toBe(true);
    }
    await page.getByRole('contentinfo').getByText('Sampler stopped').waitFor();
    await stage.shoot('headroom-stopped-dark');
    expect(stage.served.childPids()).toEqual([]);
    await retry.click();
    await expectLive(BACK_OFF_LIMIT_MS);
  });

  it('says that nothing is live once the workbench itself is gone', async ({ skip }) => {
    if (stage.door !== 'web') skip('the window goes with the app');
    await stage.served.stop();
    await page.getByText(/Nothing here is live/).waitFor();
    await expect.poll(() => page.title()).toMatch(/^Not live: /);
    await stage.shoot('headroom-lost-dark');
    // One log line a death, nothing else.
    const lines = stage.served.complaints().trimEnd().split('\n');
    expect(lines.filter((line) => line !== 'The sampler process ended (SIGKILL).')).toEqual([]);
  });

  async function expectLive(limitMs: number): Promise<void> {
    await page.getByRole('contentinfo').getByText('Sampling', { exact: true }).waitFor({ timeout: limitMs });
    await expect
      .poll(() => page.getByRole('contentinfo').textContent(), { timeout: limitMs })
      .toMatch(/Last sample0\.\d s ago/);
  }

  function newSampler(old: number | undefined): boolean {
    const pids = stage.served.childPids();
    return pids.length === 1 && pids[0] !== old;
  }
});

/** Runs in the page: keeps every text that the page shows from now on. */
function recordWords(): void {
  Reflect.set(globalThis, 'recordedWords', '');
  new MutationObserver(() => {
    const words = String(Reflect.get(globalThis, 'recordedWords'));
    Reflect.set(globalThis, 'recordedWords', `${words}\n${document.body.textContent}`.slice(-200_000));
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}

function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) throw new Error('there is no sampler process');
  process.kill(pid, signal);
}
