/** Reuse, reservations, the limit of TIME_WAIT sockets, relief, and a range with a service in it: applied for real. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { fixStageMissing, openFixStage } from '../support/fix-stage.ts';
import type { FixStage } from '../support/fix-stage.ts';
import { applyPreviewed, footer, goToFix, onStep, openFix, undoOfPast } from '../support/fix-wizard.ts';
import { startLoad } from '../support/load/load.ts';

const missing = fixStageMissing();
const RANGE = 'ipv4/ip_local_port_range';
const RESERVED = 'ipv4/ip_local_reserved_ports';
const REUSE = 'ipv4/tcp_tw_reuse';
const BUCKETS = 'ipv4/tcp_max_tw_buckets';
/** Not loopback to the kernel. */
const SERVER = { address: '192.0.2.7', port: 8443 };
/** Listens just below the range. */
const SERVICE = { address: '127.0.0.1', port: 19990 };

describe.skipIf(missing !== null)(`fixes other than room${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let stage: FixStage;
  let page: Page;

  beforeAll(async () => {
    stage = await openFixStage({
      settings: {
        portRange: { first: 20000, last: 20199 },
        twReuse: 0,
        twBuckets: 5000,
        addresses: ['192.0.2.7/32'],
      },
      context: { colorScheme: 'dark', reducedMotion: 'reduce' },
    });
    page = stage.page;
    page.setDefaultTimeout(30_000);
    await stage.startLoad({ servers: [SERVICE, SERVER], seconds: 200 });
    await page.getByRole('region', { name: 'Verdict' }).waitFor();
  });
  afterAll(() => stage?.close());
  // A test that failed leaves nothing behind for the next one.
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const undo = footer(page).getByRole('button', { name: 'Undo now' });
    if ((await undo.count()) > 0 && (await undo.isEnabled())) await undo.click();
  });

  it('a range with a service in it is refused by name, and offered with its port reserved', async () => {
    await openFix(page, 'Widen the port range');
    await setRange('19900', '20199');
    const words = page.locator('.wizard-step');
    await expect.poll(() => words.textContent()).toMatch(/holds ports of services:.*19990/);
    await stage.shoot('fix-refused-dark');
    expect(
      await footer(page)
        .getByRole('button', { name: /^Apply/ })
        .count(),
    ).toBe(0);
    await words.getByRole('button', { name: /^Reserve/ }).click();
    await expect.poll(() => words.textContent()).toContain('net.ipv4.ip_local_reserved_ports=19990');
    await applyPreviewed(page);
    await onStep(page, 'Verify');
    expect([stage.setting(RANGE), stage.setting(RESERVED)]).toEqual(['19900\t20199\n', '19990\n']);
  });

  it('the port of the service is given to no client: all others are', async () => {
    const plan = { clients: [{ ...SERVER, count: 320, holdMs: null }], seconds: 60 };
    const load = startLoad(plan, stage.namespace);
    const counted = await load.first('flooded', 20_000).finally(() => load.stop());
    expect(counted).toMatchObject({ opened: 299, failed: 21 });
    await undoNow();
    expect([stage.setting(RANGE), stage.setting(RESERVED)]).toEqual(['20000\t20199\n', '\n']);
  });

  it('ports are reserved and free again', async () => {
    await openFix(page, 'Reserve the ports of services');
    await setReserve('20010-20019, 20050');
    await applyPreviewed(page);
    await onStep(page, 'Verify');
    expect(stage.setting(RESERVED)).toBe('20010-20019,20050\n');
    await undoNow();
    expect(stage.setting(RESERVED)).toBe('\n');
  });

  it('reuse lets a full pool go on, measured', async ({ onTestFinished }) => {
    const load = await stage.startLoad({
      clients: [{ ...SERVER, ratePerSecond: 60, holdMs: 20 }],
      seconds: 120,
    });
    onTestFinished(() => load.stop());
    await expect.poll(() => load.firstFailureMs('EADDRNOTAVAIL'), { timeout: 20_000 }).not.toBeNull();
    await openFix(page, 'Reuse TIME_WAIT ports for new connections');
    await applyPreviewed(page);
    await onStep(page, 'Verify');
    expect(stage.setting(REUSE)).toBe('1\n');
    await expect
      .poll(() => page.locator('.wizard-step').textContent(), { timeout: 15_000 })
      .toContain('It works');
    const counts = () => load.events.flatMap((event) => (event.event === 'counted' ? [event.failed] : []));
    await expect.poll(() => (counts().at(-1) ?? 0) - (counts().at(-3) ?? -1), { timeout: 10_000 }).toBe(0);
    await stage.shoot('fix-reuse-verify-dark');
    await undoNow();
    expect(stage.setting(REUSE)).toBe('0\n');
  });

  it('TIME_WAIT ports of one pool are released at once, which nothing brings back', async () => {
    const waiting = () =>
      stage.namespace.run(['ss', '-Htn', 'state', 'time-wait', 'dport', '=', ':8443']).stdout.split('\n')
        .length - 1;
    expect(waiting()).toBeGreaterThan(100);
    await openFix(page, 'Release the TIME_WAIT ports of this pool now');
    await applyPreviewed(page);
    await onStep(page, 'Verify');
    await expect.poll(waiting).toBe(0);
    await expect.poll(() => page.locator('.wizard-step').textContent()).toMatch(/nothing to take back/);
    await stage.shoot('fix-release-dark');
  });

  it('undoes itself when nobody keeps it, and says that it did', async () => {
    // The page offers a minute and more; the door takes ten seconds.
    await page.evaluate(shortenUndo, 10);
    await openFix(page, 'Reuse TIME_WAIT ports for new connections');
    await applyPreviewed(page);
    await onStep(page, 'Verify');
    expect(stage.setting(REUSE)).toBe('1\n');
    await expect.poll(() => stage.setting(REUSE), { timeout: 20_000 }).toBe('0\n');
    await expect
      .poll(() => page.locator('.wizard-step').textContent())
      .toMatch(/Nobody kept it within 10 s.*as before/);
    await stage.shoot('fix-undone-by-itself-dark');
  });

  it('what was kept can be undone after the page was opened anew', async () => {
    await openFix(page, 'Raise the limit of TIME_WAIT sockets');
    await applyPreviewed(page);
    await onStep(page, 'Verify');
    await footer(page).getByRole('button', { name: 'Keep until reboot' }).click();
    await expect.poll(() => page.locator('.wizard-step').textContent()).toMatch(/kept/i);
    expect(stage.setting(BUCKETS)).toBe('131072\n');
    await stage.shoot('fix-kept-dark');
    await page.reload();
    await goToFix(page, 'Journal');
    await stage.shoot('fix-journal-kept-dark');
    await undoOfPast(page);
    await expect.poll(() => stage.setting(BUCKETS)).toBe('5000\n');
  });

  it('E4: has caused no console error and no policy violation on the way', async () => {
    expect(await stage.troubles()).toEqual([]);
  });

  async function undoNow(): Promise<void> {
    await footer(page).getByRole('button', { name: 'Undo now' }).click();
    await expect.poll(() => page.locator('.wizard-step').textContent()).toMatch(/as before/);
  }

  /** They are open by themselves where the plan is refused. */
  async function openValues(): Promise<void> {
    const values = page.getByRole('button', { name: 'Other values' });
    await values
      .or(page.getByRole('button', { name: 'Plan again' }))
      .first()
      .waitFor();
    if ((await values.count()) > 0) await values.click();
  }

  async function setRange(first: string, last: string): Promise<void> {
    await openValues();
    await page.getByRole('textbox', { name: 'First port' }).fill(first);
    await page.getByRole('textbox', { name: 'Last port' }).fill(last);
    await page.getByRole('textbox', { name: 'Ports to reserve' }).fill('');
    await page.getByRole('button', { name: 'Plan again' }).click();
  }

  async function setReserve(ports: string): Promise<void> {
    await openValues();
    await page.getByRole('textbox', { name: 'Ports to reserve' }).fill(ports);
    await page.keyboard.press('Enter');
  }
});

/** Runs in the page: what it sends asks for so many seconds. */
function shortenUndo(seconds: number): void {
  const { prototype } = WebSocket;
  const send = prototype.send;
  prototype.send = function (data) {
    const text =
      typeof data === 'string'
        ? data.replace(/"undoAfterSeconds":\d+/, `"undoAfterSeconds":${seconds}`)
        : data;
    send.call(this, text);
  };
}
