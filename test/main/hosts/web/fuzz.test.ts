import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countReplies, logIn, openPage, PageClient, rawStatus } from '../../../support/web-client.ts';
import { serveRig, type WebRig } from '../../../support/web-host.ts';

/** W11 asks for 10,000 inputs: most as pipelined requests, which cost no connection each. */
const PIPELINED = 9500;
const PER_CONNECTION = 100;
const BROKEN = 300;
const FRAMES = 200;

let rig: WebRig;
const errors: unknown[] = [];
const remember = (error: unknown) => errors.push(error);

beforeAll(async () => {
  // A clock that runs fast: the limit on guesses (W5) would only make the test slow.
  let nowMs = 0;
  rig = await serveRig(() => (nowMs += 20_000));
  process.on('uncaughtExceptionMonitor', remember);
});
afterAll(async () => {
  process.off('uncaughtExceptionMonitor', remember);
  await rig.close();
});

const oneLine = fc.string({ unit: 'grapheme-ascii', maxLength: 60 });
const target = fc.oneof(
  fc.constantFrom(
    '/',
    '/%',
    '/%00',
    '/..%2f..%2fetc/passwd',
    '//evil/',
    '/%c0%ae/',
    '/api/session',
    '/api/x',
    '*',
    'http://evil/',
  ),
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }).map((text) => `/${text.replace(/[\s#]/g, '%')}`),
);
const host = fc.oneof(fc.constantFrom('127.0.0.1', 'localhost:1', '[::1]', '[::1', 'a b', ':', '%'), oneLine);
const body = fc.oneof(
  fc.constantFrom('{', '{}', '[]', 'null', '{"code":1}', '{"code":"x"}', '{"__proto__":{}}', '"\\ud800"'),
  fc.string({ maxLength: 200 }),
);

/** A request that HTTP understands and whose parts are nonsense. */
const request = fc
  .record({ method: fc.constantFrom('GET', 'POST', 'PUT', 'HEAD'), target, host, body })
  .map((parts) => {
    const length = Buffer.byteLength(parts.body);
    const head = `${parts.method} ${parts.target} HTTP/1.1\r\nHost: ${parts.host}\r\nOrigin: http://${parts.host}`;
    return `${head}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${parts.body}`;
  });

test('W11: 10,000 malformed inputs raise no exception, and the host answers afterwards', async () => {
  const requests = fc.sample(request, PIPELINED);
  let replies = 0;
  for (let at = 0; at < requests.length; at += PER_CONNECTION) {
    const some = requests.slice(at, at + PER_CONNECTION);
    replies += await countReplies(rig.port, some.join(''), some.length);
  }
  expect(replies).toBe(PIPELINED);
  for (const bytes of fc.sample(fc.uint8Array({ maxLength: 200 }), BROKEN)) {
    await rawStatus(rig.port, Buffer.from(bytes), true);
  }
  await sendFrames();
  expect(errors).toEqual([]);
  expect(rig.log).toEqual([]);
  const page = await openPage(rig.host.newUrl());
  expect(await page.ask('workbench.describe', {})).toMatchObject({ ok: true });
  page.socket.terminate();
}, 60_000);

async function sendFrames(): Promise<void> {
  const login = await logIn(rig.host.newUrl());
  const frame = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constantFrom('{"type":"hello"}', '{"type":"call","id":-1}', '[]'),
  );
  for (const text of fc.sample(frame, FRAMES)) {
    const page = new PageClient(rig.origin, { origin: rig.origin, cookie: login.cookie });
    await page.opened();
    page.send(text);
    page.socket.terminate();
  }
}
