/** /metrics over real HTTP. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Metrics } from '../../../../main/hosts/web/metrics.ts';
import type { WorkbenchEvent } from '../../../../main/workbench/workbench.ts';
import { OPEN_METRICS_TYPE } from '../../../../main/core/open-metrics.ts';
import type { Summary } from '../../../../main/core/model.ts';
import { incidentSummary } from '../../../support/incident.ts';
import { logIn, rawStatus } from '../../../support/web-client.ts';
import { serveRig, type WebRig } from '../../../support/web-host.ts';

const TOKEN = 'q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9';
const metrics = { tokenDigest: createHash('sha256').update(TOKEN).digest(), version: '1.2.3' };
vi.setConfig({ testTimeout: 20_000 });

let rig: WebRig | null = null;
let nowMs = 0;
afterEach(async () => {
  await rig?.close();
  rig = null;
});

async function serve(change: Parameters<typeof serveRig>[1] = { metrics }): Promise<WebRig> {
  await rig?.close();
  nowMs = 1_000_000;
  rig = await serveRig(() => nowMs, change);
  rig.workbench.start();
  return rig;
}

function sample(change: Partial<Summary> = {}): void {
  rig?.sampler().say({ type: 'summary', summary: { ...incidentSummary(), ...change } });
}

function scrape(headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }, method = 'GET') {
  return fetch(`${rig?.origin}/metrics`, { method, headers });
}

describe('/metrics', () => {
  test('is not there unless it was asked for', async () => {
    await serve({});
    sample();
    expect((await scrape()).status).toBe(404);
  });

  test('W7: answers the newest sample as OpenMetrics, to be kept by nobody', async () => {
    await serve();
    sample();
    sample({ sequence: 426, rates: { opensPerSecond: 500, closesPerSecond: 1, basis: 'timers' } });
    const answer = await scrape();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(OPEN_METRICS_TYPE);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('set-cookie')).toBeNull();
    const text = await answer.text();
    expect(text).toContain('\nfourtuple_opens_per_second 500\n');
    expect(text.endsWith('# EOF\n')).toBe(true);
    const head = await scrape(undefined, 'HEAD');
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
      200,
      OPEN_METRICS_TYPE,
      '',
    ]);
  });

  test('W5: missing, wrong, short, long and doubled tokens are answered alike', async () => {
    const answers = new Set<string>();
    for (const authorization of [
      undefined,
      '',
      `Bearer ${TOKEN.slice(0, -1)}`,
      `Bearer ${TOKEN}${'x'.repeat(20_000)}`,
      `Basic ${TOKEN}`,
    ]) {
      // A host each: five failures slow the next ones.
      await serve();
      sample();
      const answer = await scrape(authorization === undefined ? {} : { authorization });
      const headers = [...answer.headers].filter(([name]) => name !== 'date');
      answers.add(JSON.stringify([answer.status, headers, await answer.text()]));
    }
    expect([...answers]).toHaveLength(1);
    expect([...answers][0]).toMatch(/^\[401,/);
    const twice = `GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n${`Authorization: Bearer ${TOKEN}\r\n`.repeat(2)}\r\n`;
    const { port } = await serve();
    expect(await rawStatus(port, twice)).toBe(401);
  });

  test('W5: after five failures the next attempts pass one a second, the right one too', async () => {
    const { host } = await serve();
    sample();
    for (let count = 0; count < 5; count++) await scrape({ authorization: 'Bearer wrong' });
    const startedMs = performance.now();
    expect((await scrape()).status).toBe(200);
    expect(performance.now() - startedMs).toBeGreaterThan(900);
    // Who logs in is not slowed by a scraper with an old token.
    const loginMs = performance.now();
    await logIn(host.newUrl());
    expect(performance.now() - loginMs).toBeLessThan(900);
  });

  test('W2: the Host is checked before the token', async () => {
    const { port } = await serve();
    sample();
    const get = (host: string) =>
      `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${TOKEN}\r\nConnection: close\r\n\r\n`;
    expect(await rawStatus(port, get('evil.example'))).toBe(403);
    expect(await rawStatus(port, get('localhost:9999'))).toBe(200);
  });

  test('W4: a session is no token, and a token is no session', async () => {
    const { host, origin } = await serve();
    sample();
    const { cookie, secret } = await logIn(host.newUrl());
    expect((await scrape({ cookie, 'x-fourtuple-secret': secret })).status).toBe(401);
    const session = await fetch(`${origin}/api/session`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(session.status).toBe(401);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('W7: %s is not allowed', async (method) => {
    const { origin } = await serve();
    const answer = await scrape({ authorization: `Bearer ${TOKEN}`, origin }, method);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('W10: a scraper that runs as another user is answered, and reaches nothing else', async () => {
    const { origin } = await serve({ metrics, acceptsPeer: async () => false });
    sample();
    expect((await scrape()).status).toBe(200);
    expect((await fetch(`${origin}/api/session`)).status).toBe(403);
  });

  test('says why there is nothing to tell instead of telling what was', async () => {
    await serve();
    const why = async () => {
      const answer = await scrape();
      return `${answer.status} ${await answer.text()}`;
    };
    expect(await why()).toBe('503 Nothing has been measured yet. Try again in a few seconds.');
    const { sampler } = incidentSummary();
    sample({ sampler: { ...sampler, paused: true } });
    expect(await why()).toBe('503 Sampling is paused: there is nothing new.');
    sample({ origin: { kind: 'imported', files: [], profileBasis: 'detected' } });
    expect(await why()).toMatch(/^503 Files are shown instead of this machine/);
    sample();
    expect(await why()).toMatch(/^200 /);
    nowMs += 31_000;
    expect(await why()).toBe('503 The last sample is 31 s old: the sampler does not answer.');
  });
});

test('the text is made once a sample, however many ask', () => {
  let tell: (event: WorkbenchEvent) => void = () => undefined;
  const workbench = { subscribe: (listener: typeof tell) => ((tell = listener), () => undefined) };
  const of = new Metrics(workbench, metrics, () => 0);
  const told = incidentSummary();
  let looks = 0;
  const payload = {
    ...told,
    get pools() {
      looks++;
      return told.pools;
    },
  };
  tell({ name: 'summary.updated', payload });
  expect([of.read(), of.read(), of.read()].every(({ ok }) => ok)).toBe(true);
  expect(looks).toBe(1);
});
