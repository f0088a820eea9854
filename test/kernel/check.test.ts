/** What `fourtuple check` says of a load must be what the kernel then does. Every test in a namespace of its own. */
import { describe, expect, it } from 'vitest';
import { startLoad } from '../support/load/load.ts';
import type { Load } from '../support/load/load.ts';
import type { NamespaceSettings, TestNamespace } from '../support/namespace.ts';
import { checkJson, checkMissing, poolTowards, until, withNamespace } from './support-check.ts';
import type { CheckPool, CheckResult } from './support-check.ts';

const RANGE = { first: 40000, last: 40999 };
const PLAIN: NamespaceSettings = { portRange: RANGE, twReuse: 0 };
const SERVER = { address: '127.0.0.1', port: 8080 };
const START_LIMIT_MS = 15_000;
/** The client's own attempts are 50 ms apart and two processes share two cores: no answer can be nearer than this. */
const MOMENT_FLOOR_SECONDS = 0.35;

const missing = checkMissing();

describe.skipIf(missing !== null)(
  `check against the kernel${missing ? ` (skipped: ${missing})` : ''}`,
  { concurrent: true },
  () => {
    it('does not cry wolf at a rate that levels off: 10/s comes to rest at 600', async () => {
      await withNamespace(PLAIN, async (namespace) => {
        const { load, startMs } = await startPaced(namespace, 10);
        for (const atSeconds of [6, 20, 40, 70]) {
          await until(startMs, atSeconds);
          const result = await checkJson(namespace);
          const pool = poolTowards(result, SERVER.address, SERVER.port);
          expect(pool.exhaustion, `asked at ${atSeconds} s`).toMatchObject({
            expected: false,
            inSeconds: null,
          });
          expectWithin(pool.exhaustion.steadyState ?? NaN, 600, 0.02, `steady state at ${atSeconds} s`);
          // Past half of the pool connect() gets slow, which is worth a warning; running out it is not.
          expect(['ok', 'notice', 'warning']).toContain(result.verdict.level);
          expect(result.verdict.sentence).not.toMatch(/runs out|is full/);
          // The kernel's timer wheel lets TIME_WAIT last up to a few seconds longer than its 60.
          if (atSeconds === 70) expectWithin(pool.used, 600, 0.05, 'ports really in use');
        }
        expect(load.firstFailureMs('EADDRNOTAVAIL')).toBeNull();
      });
    });

    it('foretells the moment connect() first fails, at any time after 5 s', async () => {
      await withNamespace(PLAIN, async (namespace) => {
        const { load, startMs } = await startPaced(namespace, 20);
        const answers: { atSeconds: number; result: CheckResult }[] = [];
        for (const atSeconds of [6, 10, 20, 30, 45]) {
          await until(startMs, atSeconds);
          answers.push({ atSeconds, result: await checkJson(namespace) });
        }
        const failedMs = await firstRefusal(load, startMs, 60);
        for (const { atSeconds, result } of answers) {
          const pool = poolTowards(result, SERVER.address, SERVER.port);
          expectTwentyASecond(pool, 1000);
          expectMoment(result, pool, failedMs, startMs, `asked at ${atSeconds} s`);
        }
      });
    });

    it('answers as well from one dump, 40 s after the client began', async () => {
      await withNamespace(PLAIN, async (namespace) => {
        const { load, startMs } = await startPaced(namespace, 20);
        await until(startMs, 40);
        const result = await checkJson(namespace, '--for', '0');
        const failedMs = await firstRefusal(load, startMs, 60);
        const pool = poolTowards(result, SERVER.address, SERVER.port);
        expectTwentyASecond(pool, 1000);
        expectMoment(result, pool, failedMs, startMs, 'from one dump');
      });
    });

    it.each([
      {
        title: 'takes one listener inside the range away',
        listeners: [40100],
        reserved: undefined,
        capacity: 999,
        reservedCount: 0,
        blocked: 1,
      },
      {
        title: 'takes ten reserved ports away',
        listeners: [],
        reserved: '40010-40019',
        capacity: 990,
        reservedCount: 10,
        blocked: 0,
      },
      {
        title: 'counts a reserved port with a listener on it once',
        listeners: [40015, 40100],
        reserved: '40010-40019',
        capacity: 989,
        reservedCount: 10,
        blocked: 1,
      },
    ])('$title, as the kernel does', async ({ listeners, reserved, capacity, reservedCount, blocked }) => {
      await withNamespace({ ...PLAIN, reservedPorts: reserved }, async (namespace) => {
        const servers = [SERVER, ...listeners.map((port) => ({ address: '127.0.0.1', port }))];
        const load = startLoad(
          { servers, clients: [{ ...SERVER, ratePerSecond: 250 }], seconds: 40 },
          namespace,
        );
        await load.first('started', START_LIMIT_MS);
        const early = await checkJson(namespace, '--for', '0');
        await load.first('failed', 20_000);
        // A scan of the range may miss the last odd port; the following calls find it.
        await until(Date.now(), 2.5);
        const late = await checkJson(namespace, '--for', '0');
        for (const result of [early, late]) {
          const pool = poolTowards(result, SERVER.address, SERVER.port);
          expect({ ...result.profile, pool: pool.capacity, blocked: pool.blocked }).toMatchObject({
            range: RANGE,
            reservedCount,
            pool: capacity,
            blocked,
          });
        }
        expect(poolTowards(late, SERVER.address, SERVER.port)).toMatchObject({
          used: capacity,
          usedRatio: 1,
        });
        expect(openedBy(load)).toBe(capacity);
      });
    });

    it('gives each of two destinations the whole range', async () => {
      await withNamespace(PLAIN, async (namespace) => {
        const other = { address: '127.0.0.1', port: 8081 };
        const clients = [SERVER, other].map((server) => ({ ...server, ratePerSecond: 20 }));
        const load = startLoad({ servers: [SERVER, other], clients, seconds: 60 }, namespace);
        const { atMs } = await load.first('started', START_LIMIT_MS);
        await until(atMs, 8);
        const result = await checkJson(namespace);
        expect(result.pools).toHaveLength(2);
        for (const { port } of [SERVER, other])
          expectTwentyASecond(poolTowards(result, '127.0.0.1', port), 1000);
      });
    });

    it('counts nothing for a server that closes first, though it listens inside the range', async () => {
      await withNamespace(PLAIN, async (namespace) => {
        const server = { address: '127.0.0.1', port: 40500, closesAfterMs: 0 };
        const client = { address: '127.0.0.1', port: 40500, ratePerSecond: 20, holdMs: 5000 };
        const load = startLoad({ servers: [server], clients: [client], seconds: 60 }, namespace);
        const { atMs } = await load.first('started', START_LIMIT_MS);
        await until(atMs, 8);
        const result = await checkJson(namespace);
        expect(result.totals.byState.TIME_WAIT ?? 0).toBeGreaterThan(100);
        // The client's end lives for a moment only: at most a connection caught in the act.
        expect(result.pools.every((pool) => pool.remotePort === 40500)).toBe(true);
        expect(result.pools.reduce((sum, pool) => sum + pool.used, 0)).toBeLessThanOrEqual(2);
        expect(result.verdict.level).toBe('ok');
      });
    });

    it('foresees no end where the peer closes connections as fast as they are opened', async () => {
      await withNamespace(PLAIN, async (namespace) => {
        const server = { ...SERVER, closesAfterMs: 4000 };
        const client = { ...SERVER, ratePerSecond: 20, holdMs: 30_000 };
        const load = startLoad({ servers: [server], clients: [client], seconds: 60 }, namespace);
        const { atMs } = await load.first('started', START_LIMIT_MS);
        for (const atSeconds of [8, 14]) {
          await until(atMs, atSeconds);
          const result = await checkJson(namespace, '--for', '2');
          const pool = poolTowards(result, SERVER.address, SERVER.port);
          expect(pool.used, `asked at ${atSeconds} s`).toBeGreaterThan(60);
          expect(pool.exhaustion.expected, `asked at ${atSeconds} s`).toBe(false);
          expectWithin(pool.openRatePerSecond ?? NaN, 20, 0.1, 'open rate');
        }
      });
    });

    it('is critical when every port of the range is reserved, as the kernel then is', async () => {
      await withNamespace({ ...PLAIN, reservedPorts: '40000-40999' }, async (namespace) => {
        const client = { ...SERVER, ratePerSecond: 5 };
        const load = startLoad({ servers: [SERVER], clients: [client], seconds: 30 }, namespace);
        const { atMs } = await load.first('started', START_LIMIT_MS);
        await firstRefusal(load, atMs, 10);
        expect((await checkJson(namespace)).verdict.level).toBe('critical');
      });
    });

    it('does not call a loopback destination exhausted while TIME_WAIT reuse works there', async () => {
      await withNamespace({ portRange: RANGE }, async (namespace) => {
        const { load, startMs } = await startPaced(namespace, 60);
        for (const atSeconds of [6, 12, 25]) {
          await until(startMs, atSeconds);
          const result = await checkJson(namespace);
          expect(result.profile.reuse.mode).toBe('loopback');
          const pool = poolTowards(result, SERVER.address, SERVER.port);
          expect(pool.exhaustion.expected, `asked at ${atSeconds} s`).toBe(false);
          expect(['ok', 'notice']).toContain(result.verdict.level);
        }
        expect(load.firstFailureMs('EADDRNOTAVAIL')).toBeNull();
      });
    });

    it('knows that reuse does not reach an address that is not loopback', async () => {
      const address = '192.0.2.7';
      await withNamespace({ portRange: RANGE, addresses: [`${address}/32`] }, async (namespace) => {
        const { load, startMs } = await startPaced(namespace, 60, address);
        await until(startMs, 6);
        const result = await checkJson(namespace);
        const failedMs = await firstRefusal(load, startMs, 25);
        const pool = poolTowards(result, address, SERVER.port);
        expect(pool).toMatchObject({ localAddress: address, capacity: 1000 });
        expectWithin(pool.openRatePerSecond ?? NaN, 60, 0.05, 'open rate');
        expectMoment(result, pool, failedMs, startMs, 'not loopback');
      });
    });

    it('keeps a pool of IPv6 as well', async () => {
      await withNamespace(PLAIN, async (namespace) => {
        const { startMs } = await startPaced(namespace, 20, '::1');
        await until(startMs, 7);
        const pool = poolTowards(await checkJson(namespace), '::1', SERVER.port);
        expect(pool.localAddress).toBe('::1');
        expectTwentyASecond(pool, 1000);
      });
    });

    it('names the process that opens the connections', async () => {
      await withNamespace(PLAIN, async (namespace) => {
        const client = { ...SERVER, ratePerSecond: 20, holdMs: 500 };
        const load = startLoad({ servers: [SERVER], clients: [client], seconds: 60 }, namespace);
        const { atMs } = await load.first('started', START_LIMIT_MS);
        await until(atMs, 6);
        const [owner] = poolTowards(await checkJson(namespace), SERVER.address, SERVER.port).owners;
        expect(owner).toMatchObject({ pid: load.pid, process: 'node' });
        expect(['observed', 'inferred']).toContain(owner?.confidence);
      });
    });
  },
);

async function startPaced(
  namespace: TestNamespace,
  ratePerSecond: number,
  address = SERVER.address,
): Promise<{ load: Load; startMs: number }> {
  const server = { address, port: SERVER.port };
  const load = startLoad(
    { servers: [server], clients: [{ ...server, ratePerSecond }], seconds: 120 },
    namespace,
  );
  const { atMs } = await load.first('started', START_LIMIT_MS);
  return { load, startMs: atMs };
}

/** When connect() first returned EADDRNOTAVAIL, epoch milliseconds. */
async function firstRefusal(load: Load, startMs: number, withinSeconds: number): Promise<number> {
  const failure = await load.first('failed', startMs + withinSeconds * 1000 - Date.now());
  expect(failure).toMatchObject({ code: 'EADDRNOTAVAIL' });
  return failure.atMs;
}

function openedBy(load: Load): number {
  const last = load.events.findLast((event) => event.event === 'counted');
  return last?.event === 'counted' ? last.opened : NaN;
}

function expectTwentyASecond(pool: CheckPool, capacity: number): void {
  expect(pool.capacity).toBe(capacity);
  expectWithin(pool.openRatePerSecond ?? NaN, 20, 0.05, 'open rate');
  expect(pool.sustainableRatePerSecond).toBeCloseTo(capacity / 60, 2);
}

/** Within 5 % of the time that was left, 3 % once the client has run for 20 s. */
function expectMoment(
  result: CheckResult,
  pool: CheckPool,
  failedMs: number,
  startMs: number,
  what: string,
): void {
  expect(pool.exhaustion.expected, what).toBe(true);
  const takenMs = Date.parse(result.takenAt);
  const foretoldMs = takenMs + (pool.exhaustion.inSeconds ?? NaN) * 1000;
  const share = takenMs - startMs >= 20_000 ? 0.03 : 0.05;
  const allowedSeconds = Math.max(MOMENT_FLOOR_SECONDS, (share * (failedMs - takenMs)) / 1000);
  const offSeconds = Math.abs(foretoldMs - failedMs) / 1000;
  expect(
    offSeconds,
    `${what}: foretold ${pool.exhaustion.inSeconds} s, it took ${(failedMs - takenMs) / 1000} s`,
  ).toBeLessThanOrEqual(allowedSeconds);
}

function expectWithin(value: number, wanted: number, share: number, what: string): void {
  expect(Math.abs(value - wanted) / wanted, `${what}: ${value}, wanted ${wanted}`).toBeLessThanOrEqual(share);
}
