import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerFromDevServer, policyHeaders, devServerIn } from '../../../../main/hosts/desktop/dev-page.ts';
import { CONTENT_SECURITY_POLICY, SECURITY_HEADERS } from '../../../../main/hosts/security-headers.ts';

const NONCE = 'abcdefghijklmnopqrstuvwx';

describe('the server of the page while it is written', () => {
  test.each([
    ['http://127.0.0.1:5173', 'http://127.0.0.1:5173'],
    ['http://localhost:5173/', 'http://localhost:5173'],
    ['http://[::1]:5173', 'http://[::1]:5173'],
    ['https://127.0.0.1:5173', null],
    ['http://192.0.2.1:5173', null],
    ['http://127.0.0.1.example:5173', null],
    ['http://127.0.0.1@192.0.2.1:5173', null],
    ['http://user@127.0.0.1:5173', null],
    ['file:///etc/passwd', null],
    ['', null],
  ])('ELECTRON_RENDERER_URL=%s is %s', (named, origin) => {
    expect(devServerIn({ ELECTRON_RENDERER_URL: named }, false)?.origin ?? null).toBe(origin);
  });

  test('E3: counts for nothing in a packaged app', () => {
    const env = { ELECTRON_RENDERER_URL: 'http://127.0.0.1:5173', FOURTUPLE_DEV_NONCE: NONCE };
    expect(devServerIn(env, false)).toEqual({ origin: 'http://127.0.0.1:5173', nonce: NONCE });
    expect(devServerIn(env, true)).toBeNull();
    expect(devServerIn({}, false)).toBeNull();
    expect(devServerIn({ ...env, FOURTUPLE_DEV_NONCE: "x'; script-src *" }, false)?.nonce).toBeNull();
  });

  test('E4: its policy is ours, with Vite’s socket and the styles that carry its nonce', () => {
    const policy = policyHeaders({ origin: 'http://127.0.0.1:5173', nonce: NONCE })[
      'content-security-policy'
    ];
    expect(policy).toBe(
      CONTENT_SECURITY_POLICY.replace("connect-src 'self'", "connect-src 'self' ws://127.0.0.1:5173").replace(
        "style-src 'self'",
        `style-src 'self' 'nonce-${NONCE}'`,
      ),
    );
    expect(policy).not.toContain('unsafe');
    expect(
      policyHeaders({ origin: 'http://127.0.0.1:5173', nonce: null })['content-security-policy'],
    ).toContain("style-src 'self';");
  });
});

describe('what the window asks for', () => {
  let server: Server;
  let origin: string;
  let asked: string[];
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.accept}`);
      if (request.url === '/moved') response.writeHead(302, { location: 'http://192.0.2.1/' });
      else response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' });
      response.end(request.method === 'HEAD' ? '' : 'export {};');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const ask = (url: string, method = 'GET') =>
    answerFromDevServer(
      { url, method, headers: new Headers({ accept: 'text/css' }) },
      { origin, nonce: NONCE },
    );

  test('comes from there, with its path and query, under our headers and no others of its own', async () => {
    const answer = await ask('app://fourtuple/@vite/client?v=1');
    expect([answer.status, await answer.text()]).toEqual([200, 'export {};']);
    expect(asked).toEqual(['GET /@vite/client?v=1 text/css']);
    expect(Object.fromEntries(answer.headers)).toEqual({
      ...SECURITY_HEADERS,
      ...policyHeaders({ origin, nonce: NONCE }),
      'content-type': 'text/javascript',
    });
  });

  test('E3: nothing but GET and HEAD, nothing of another host, and no redirect is followed', async () => {
    expect((await ask('app://fourtuple/main.ts', 'POST')).status).toBe(405);
    expect((await ask('app://other/main.ts')).status).toBe(404);
    expect((await ask('app://fourtuple.example/main.ts')).status).toBe(404);
    expect(asked).toEqual([]);
    expect((await ask('app://fourtuple/main.ts', 'HEAD')).status).toBe(200);
    const moved = await ask('app://fourtuple/moved');
    expect([moved.status, moved.headers.get('location')]).toEqual([302, null]);
  });

  test('is refused in our own words while the server is away', async () => {
    const answer = await answerFromDevServer(
      { url: 'app://fourtuple/', method: 'GET', headers: new Headers() },
      { origin: 'http://127.0.0.1:1', nonce: null },
    );
    expect([answer.status, answer.headers.get('x-content-type-options')]).toEqual([502, 'nosniff']);
  });
});
