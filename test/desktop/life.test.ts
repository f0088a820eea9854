/** How the desktop app begins without a window, ends, and outlives its parts. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DesktopApp } from '../support/electron/display/desktop-app.ts';
import { desktopStageMissing, openDesktop, type DesktopStage } from '../support/electron/open-desktop.ts';

const missing =
  desktopStageMissing() ?? (process.platform === 'linux' ? null : 'processes are found through /proc');
const RESTART_LIMIT_MS = 15_000;
const isRoot = process.getuid?.() === 0;

describe.skipIf(missing !== null)(`the desktop app's life${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: DesktopStage;

  beforeAll(async () => {
    stage = await openDesktop();
  });
  afterAll(() => stage?.close());

  it('S7: starts its sampler again when that dies, and says so in its log', async () => {
    const { app, page } = stage;
    await page.getByRole('contentinfo').getByText('Sampling', { exact: true }).waitFor();
    const [before] = app.childPids();
    process.kill(before ?? 0, 'SIGKILL');
    await expect
      .poll(() => app.childPids().some((pid) => pid !== before), { timeout: RESTART_LIMIT_MS })
      .toBe(true);
    await page.getByRole('contentinfo').getByText('Sampling', { exact: true }).waitFor();
    expect(app.complaints()).toMatch(/^The sampler process ended \(.*\)\.\n$/);
  });

  it('loads its page again when the process of that dies', async () => {
    const { app, page } = stage;
    const gone = page.waitForEvent('crash');
    await page.goto('chrome://crash').catch(() => undefined);
    await gone;
    await expect.poll(async () => (await app.firstPage()) !== page, { timeout: RESTART_LIMIT_MS }).toBe(true);
    await (await app.firstPage()).getByRole('region', { name: 'Verdict' }).waitFor();
    expect(app.complaints()).toMatch(/The page's process ended \(crashed\)\./);
  });

  it('C8: quits while it samples and runs a command, and leaves no process', async () => {
    const { app } = stage;
    const page = await app.firstPage();
    const run = await page.evaluate(
      `window.fourtuple.calls['probes.run']({ probeId: 'linux.ss-tan', parameters: [] })`,
    );
    expect(run).toMatchObject({ ok: true });
    await expect.poll(() => app.childPids().length).toBe(2);
    const family = familyOf(app);
    await app.control('quit', null);
    expect(await app.ended).toBe(0);
    expect(family.filter(isAlive)).toEqual([]);
  });

  it('C8: leaves no process when it is killed', async () => {
    await stage.restart();
    await expect.poll(() => stage.app.childPids().length).toBeGreaterThanOrEqual(1);
    const family = familyOf(stage.app);
    stage.app.kill('SIGKILL');
    expect(await stage.app.ended).toBeNull();
    await expect.poll(() => family.filter(isAlive)).toEqual([]);
  });

  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    it(`ends with status 0 on ${signal}, and leaves no process`, async () => {
      await stage.restart();
      const family = familyOf(stage.app);
      stage.app.kill(signal);
      expect(await stage.app.ended).toBe(0);
      expect(family.filter(isAlive)).toEqual([]);
    });
  }

  it('G3: does not run without the sandbox', async () => {
    const app = stage.start({ argv: ['--no-sandbox'] });
    expect(await app.ended).toBe(2);
    expect(app.complaints()).toMatch(/does not run without the sandbox/);
    expect(stage.context.pages()).toEqual([]);
  });

  it('G3: opens no window for root', async ({ skip }) => {
    if (!isRoot) skip('the test is not root');
    const { context, home } = stage;
    const app = DesktopApp.start({ context, environment: home.environment });
    expect(await app.ended).toBe(1);
    expect(app.complaints()).toMatch(/opens no window with the rights of root/);
    expect(context.pages()).toEqual([]);
  });
});

function familyOf(app: DesktopApp): number[] {
  return [app.pid, ...app.childPids()];
}

/** A zombie is gone for everybody but its parent. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
