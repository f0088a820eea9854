/** What plans predict, held to what the kernel then bears: the sustainable rate of a pool that has been widened. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLoad, type Load } from '../support/load/load.ts';
import { namespaceMissing } from '../support/namespace.ts';
import { runIn, withNamespace } from './support-check.ts';

const CLI = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));
const SERVER = { address: '127.0.0.1', port: 8080 };
/** One more than the widened range can bear (20/s), so that what succeeds is what it bears. */
const OFFERED_PER_SECOND = 24;
/** Rates are counted over windows of one hold, begun at each second of another: how the pool was filled cancels out. */
const WINDOW_SECONDS = 60;
const missing = namespaceMissing();

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'fourtuple-fix-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(missing !== null)(`predictions of fixes${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it('say the sustainable rate of a widened pool within 5 %', { timeout: 300_000 }, async () => {
    const settings = { portRange: { first: 20000, last: 20399 }, twReuse: 0 } as const;
    await withNamespace(settings, async (namespace) => {
      const load = startLoad(
        {
          servers: [SERVER],
          clients: [{ ...SERVER, ratePerSecond: OFFERED_PER_SECOND, holdMs: 0 }],
          seconds: 240,
        },
        namespace,
      );
      await load.first('started', 5000);
      const fix = (...words: string[]) =>
        runIn(namespace, [
          process.execPath,
          CLI,
          'fix',
          'linux-widen-range',
          '--range',
          '20000-21199',
          ...words,
        ]);
      const planned = await fix('--for', '2', '--json');
      const { effect } = JSON.parse(planned.stdout).plan;
      expect(effect.capacity).toEqual({ now: 400, then: 1200 });
      expect(effect.runsOutInSeconds.then).not.toBeNull();
      const script = await fix('--for', '0', '--script', 'sh');
      const path = join(folder, 'fix.sh');
      writeFileSync(path, script.stdout);
      expect(namespace.run(['sh', path, 'apply'])).toMatchObject({ status: 0, stderr: '' });
      const fullAtMs = await firstFailure(load);
      await pause(2 * WINDOW_SECONDS * 1000 + 1000);
      const measured = meanRate(load, fullAtMs);
      await load.stop();
      const predicted: number = effect.sustainableRatePerSecond.then;
      console.log(`sustainable rate: predicted ${predicted.toFixed(2)}/s, measured ${measured.toFixed(2)}/s`);
      expect(predicted).toBeCloseTo(1200 / 60, 6);
      expect(Math.abs(measured / predicted - 1)).toBeLessThan(0.05);
    });
  });
});

async function firstFailure(load: Load): Promise<number> {
  await expect.poll(() => load.firstFailureMs('EADDRNOTAVAIL'), { timeout: 90_000 }).not.toBeNull();
  return load.firstFailureMs('EADDRNOTAVAIL') ?? 0;
}

/** Connections a second that came about, as a mean over the windows. */
function meanRate(load: Load, fromMs: number): number {
  const counts = load.events.flatMap((each) => (each.event === 'counted' ? [each] : []));
  const openedAt = (atMs: number): number => {
    const after = counts.find((each) => each.atMs >= atMs);
    if (!after) throw new Error('the load was not counted long enough');
    return after.opened;
  };
  const rates = Array.from({ length: WINDOW_SECONDS }, (_, second) => {
    const beginMs = fromMs + second * 1000;
    return (openedAt(beginMs + WINDOW_SECONDS * 1000) - openedAt(beginMs)) / WINDOW_SECONDS;
  });
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}
