import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startWebHost } from '../../../../main/hosts/web/server.ts';
import { aFinding } from '../../../support/findings.ts';
import { quietSummary } from '../../../support/fake-sampler.ts';
import { codeOf, logIn, openPage, PageClient, postSession, rawStatus } from '../../../support/web-client.ts';
import { serveRig, type WebRig } from '../../../support/web-host.ts';

/** Generous, for machines that are busy with other tests. */
const SOON = { timeout: 5000 };
vi.setConfig({ testTimeout: 20_000 });

let rig: WebRig;
const pages: PageClient[] = [];

beforeEach(async () => {
  rig = await serveRig();
});
afterEach(async () => {
  for (const page of pages.splice(0)) page.socket.terminate();
  await rig.close();
});

function page(headers: Record<string, string>): PageClient {
  const client = new PageClient(rig.origin, headers);
  pages.push(client);
  return client;
}

const get = (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

describe('listening', () => {
  test('W1: a taken port is a failure with what to do, not another port', async () => {
    const again = await startWebHost({
      workbench: rig.workbench,
      rendererRoot: '/',
      port: rig.port,
      now: Date.now,
    });
    expect(again).toMatchObject({ ok: false, failure: { code: 'unavailable', what: `port ${rig.port}` } });
  });

  test('W1: answers on 127.0.0.1 but not on another address of this machine', async () => {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.2', port: rig.port });
      socket.on('connect', () => (socket.destroy(), resolve(true)));
      socket.on('error', () => resolve(false));
    });
    expect(reached).toBe(false);
  });
});

describe('who may speak', () => {
  test.each([
    ['127.0.0.1', 200],
    ['127.0.0.1:1', 200],
    ['localhost:4790', 200],
    ['[::1]:65535', 200],
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost:4790@evil.example', 403],
    ['127.0.0.1:123456', 403],
    ['LOCALHOST', 403],
    ['0.0.0.0', 403],
    ['', 403],
  ])('W2: Host "%s" is answered with %i', async (host, status) => {
    expect(await rawStatus(rig.port, get(host))).toBe(status);
  });

  test('W2: a missing or doubled Host is refused', async () => {
    expect(await rawStatus(rig.port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toBe(403);
    const doubled = 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    expect([400, 403]).toContain(await rawStatus(rig.port, doubled));
  });

  test.each([undefined, 'null', 'http://evil.example', 'https://127.0.0.1', 'http://localhost:1'])(
    'W3: a log-in with Origin %s is refused and the code stays good',
    async (origin) => {
      const code = codeOf(rig.host.newUrl());
      const headers = { 'content-type': 'application/json', ...(origin === undefined ? {} : { origin }) };
      const url = `${rig.origin}/api/session`;
      const refused = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ code }) });
      expect(refused.status).toBe(403);
      expect((await postSession(rig.origin, code)).status).toBe(200);
    },
  );

  test('W2, W3, W4: upgrades with a wrong Host, Origin or cookie are refused', async () => {
    const { cookie } = await logIn(rig.host.newUrl());
    const refusals: [Record<string, string>, number][] = [
      [{ cookie, origin: rig.origin, host: 'evil.example' }, 403],
      [{ cookie, origin: 'http://evil.example' }, 403],
      [{ cookie, origin: 'null' }, 403],
      [{ cookie }, 403],
      [{ origin: rig.origin }, 401],
      [{ origin: rig.origin, cookie: `${cookie}x` }, 401],
      [{ origin: rig.origin, cookie: `${cookie}; ${cookie}` }, 401],
    ];
    for (const [headers, status] of refusals) {
      const client = page(headers);
      await client.opened();
      expect(client.ended, JSON.stringify(headers)).toBe(status);
    }
  });
});

describe('logging in', () => {
  test('W4: a code works once, and gives a cookie that scripts cannot read and a second secret', async () => {
    const code = codeOf(rig.host.newUrl());
    const response = await postSession(rig.origin, code);
    expect(response.headers.get('set-cookie')).toMatch(
      /^fourtuple-[0-9a-f]{12}=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    expect(Object.keys((await response.json()) as object)).toEqual(['secret']);
    expect((await postSession(rig.origin, code)).status).toBe(401);
  });

  test('W4: the cookie without the second secret opens nothing', async () => {
    const { cookie } = await logIn(rig.host.newUrl());
    const client = page({ cookie, origin: rig.origin });
    await client.opened();
    client.send({ type: 'hello', secret: 'x'.repeat(43) });
    await vi.waitFor(() => expect(client.ended).toBe(4401), SOON);
    expect(client.isWelcome).toBe(false);
    const asked = await fetch(`${rig.origin}/api/session`, { headers: { cookie } });
    expect(asked.status).toBe(401);
  });

  test('W4: a call before the greeting ends the socket', async () => {
    const { cookie } = await logIn(rig.host.newUrl());
    const client = page({ cookie, origin: rig.origin });
    await client.opened();
    client.send({ type: 'call', id: 1, name: 'workbench.describe', args: {} });
    await vi.waitFor(() => expect(client.ended).toBe(4401), SOON);
  });

  test('W4: a socket that does not greet within 2 s is closed', async () => {
    const { cookie } = await logIn(rig.host.newUrl());
    const client = page({ cookie, origin: rig.origin });
    await client.opened();
    await vi.waitFor(() => expect(client.ended).toBe(4401), SOON);
  });

  test('W5: wrong, empty, long and used codes are answered alike', async () => {
    const used = codeOf(rig.host.newUrl());
    await postSession(rig.origin, used);
    const replies: string[] = [];
    for (const code of ['x'.repeat(43), '', 'x'.repeat(1500), used]) {
      const response = await postSession(rig.origin, code);
      replies.push(`${response.status} ${await response.text()}`);
    }
    expect(new Set(replies)).toEqual(new Set(['401 This code is not valid, or no longer.']));
  });

  test('W5: after five failures the next attempts pass one a second', async () => {
    for (let attempt = 0; attempt < 5; attempt++) await postSession(rig.origin, 'wrong');
    const startedAtMs = performance.now();
    expect((await postSession(rig.origin, codeOf(rig.host.newUrl()))).status).toBe(200);
    expect(performance.now() - startedAtMs).toBeGreaterThan(900);
    const flood = await Promise.all(Array.from({ length: 20 }, () => postSession(rig.origin, 'wrong')));
    expect(flood.filter(({ status }) => status === 429).length).toBeGreaterThan(10);
  }, 15_000);

  test('W8: logging out ends every socket of the session and of no other', async () => {
    const mine = await logIn(rig.host.newUrl());
    const first = await openPage(rig.origin, mine);
    const other = await openPage(rig.host.newUrl());
    pages.push(first, other);
    const headers = {
      origin: rig.origin,
      cookie: mine.cookie,
      'content-type': 'application/json',
      'x-fourtuple-secret': mine.secret,
    };
    const ended = await fetch(`${rig.origin}/api/session/end`, { method: 'POST', headers });
    expect(ended.status).toBe(204);
    await vi.waitFor(() => expect(first.ended).toBe(4401), SOON);
    expect(other.ended).toBeNull();
  });

  test('W8: a session has at most eight sockets', async () => {
    const mine = await logIn(rig.host.newUrl());
    for (let index = 0; index < 8; index++) pages.push(await openPage(rig.origin, mine));
    const ninth = page({ cookie: mine.cookie, origin: rig.origin });
    await ninth.opened();
    ninth.send({ type: 'hello', secret: mine.secret });
    await vi.waitFor(() => expect(ninth.ended).toBe(1013), SOON);
  });
});

describe('what is served', () => {
  test('E4, W7: the page carries the content security policy and its companions', async () => {
    const response = await fetch(`${rig.origin}/`);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  test.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])('W7: %s is not allowed', async (method) => {
    const response = await fetch(`${rig.origin}/`, { method, headers: { origin: rig.origin } });
    expect(response.status).toBe(405);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('W7: a log-in that is not application/json is refused', async () => {
    const headers = { origin: rig.origin, 'content-type': 'text/plain' };
    const response = await fetch(`${rig.origin}/api/session`, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(415);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('a page that misbehaves', () => {
  test('W8: a message over the limit ends its socket only', async () => {
    const url = rig.host.newUrl();
    const mine = await logIn(url);
    const loud = await openPage(rig.origin, mine);
    const quiet = await openPage(rig.origin, mine);
    pages.push(loud, quiet);
    loud.send('x'.repeat(70 * 1024));
    await vi.waitFor(() => expect(loud.ended).toBe(1009), SOON);
    expect(await quiet.ask('workbench.describe', {})).toMatchObject({ ok: true });
  });

  test('W8: messages over 20 a second wait; none is lost', async () => {
    const client = await openPage(rig.host.newUrl());
    pages.push(client);
    const startedAtMs = performance.now();
    const answers = await Promise.all(Array.from({ length: 60 }, () => client.ask('workbench.describe', {})));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    // 60 less a burst of 40 (the greeting spends one of it), at 20 a second.
    expect(performance.now() - startedAtMs).toBeGreaterThan(950);
  });

  test('answers a frame with an extra field where its call can be told, and closes on one where it cannot', async () => {
    const client = await openPage(rig.host.newUrl());
    pages.push(client);
    const heard = new Promise<string>((resolve) =>
      client.socket.once('message', (data) => resolve(data.toString())),
    );
    client.send({ type: 'call', id: 5, name: 'summary.get', args: {}, extra: 1 });
    expect(JSON.parse(await heard)).toMatchObject({ type: 'answer', id: 5, answer: { ok: false } });
    client.send('not JSON');
    await vi.waitFor(() => expect(client.ended).toBe(4400), SOON);
  });

  test('W9, S5: one that does not read gets only the newest events later, and little is held for it', async () => {
    rig.workbench.start();
    const client = await openPage(rig.host.newUrl());
    pages.push(client);
    client.socket.pause();
    const findings = Array.from({ length: 300 }, (_, index) =>
      aFinding({ id: String(index), level: 'ok', title: 'x'.repeat(200), sentence: 'x'.repeat(1000) }),
    );
    for (let sequence = 1; sequence <= 200; sequence++) {
      rig.sampler().say({ type: 'summary', summary: quietSummary({ sequence, findings }) });
      if (sequence % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    client.socket.resume();
    const sequences = () => client.events.map(({ payload }) => (payload as { sequence: number }).sequence);
    await vi.waitFor(() => expect(sequences().at(-1)).toBe(200), { timeout: 5000 });
    expect(client.events.length).toBeLessThan(60);
  });
});
