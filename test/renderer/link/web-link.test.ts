import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Link } from '../../../renderer/link/link.ts';
import { createWebLink } from '../../../renderer/link/web-link.ts';
import { FakePage } from '../../support/fake-page.ts';

const START_MS = 1_700_000_000_000;
const SECRET_KEY = 'fourtuple.secret';
const link = (page: FakePage) => createWebLink({ page: page.page, now: Date.now });
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers({ now: START_MS }));
afterEach(() => vi.useRealTimers());

/** A page that has a session and is connected. */
async function connected(): Promise<{ page: FakePage; link: Link }> {
  const page = new FakePage();
  page.storage.set(SECRET_KEY, 'kept');
  page.reply = { status: 204 };
  const opened = link(page);
  await settle();
  page.socket.welcome();
  return { page, link: opened };
}

describe('getting in', () => {
  test('W4: exchanges the code once, clears it from the address bar and keeps the second secret in this tab', async () => {
    const page = new FakePage('#code=abc-DEF_1');
    page.reply = { status: 200, body: { secret: 'second' } };
    const opened = link(page);
    expect(page.addresses).toEqual(['/']);
    await settle();
    expect(page.requests).toEqual([{ method: 'POST', body: '{"code":"abc-DEF_1"}', secret: null }]);
    expect(page.storage.get(SECRET_KEY)).toBe('second');
    expect(page.socket.url).toBe('ws://127.0.0.1:4790/api/socket');
    page.socket.welcome();
    expect(page.socket.sent).toEqual([{ type: 'hello', secret: 'second' }]);
    expect(opened.state).toEqual({
      kind: 'connected',
      sinceMs: START_MS,
      retryAtMs: null,
      attempt: 0,
      sentence: null,
    });
  });

  test('a reload goes on with the session of this tab', async () => {
    const { page, link } = await connected();
    expect(page.requests).toEqual([{ method: 'GET', body: undefined, secret: 'kept' }]);
    expect(link.state.kind).toBe('connected');
  });

  test('a used code does not end a session this tab still has', async () => {
    const page = new FakePage('#code=used');
    page.storage.set(SECRET_KEY, 'kept');
    const replies = [{ status: 401 }, { status: 204 }];
    const { fetch } = page.page;
    page.page.fetch = (url, init) => {
      page.reply = replies.shift() ?? null;
      return fetch(url, init);
    };
    link(page);
    await settle();
    expect(page.sockets).toHaveLength(1);
  });

  test('without code and session it is refused, says what to do, and does not try again', async () => {
    const page = new FakePage();
    const opened = link(page);
    await settle();
    expect(opened.state).toMatchObject({ kind: 'refused', retryAtMs: null });
    expect(opened.state.sentence).toMatch(/press Enter there for a new one/);
    opened.retryNow();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.requests).toEqual([]);
    await expect(opened.call('summary.get', {})).rejects.toMatchObject({
      name: 'LinkError',
      code: 'refused',
    });
  });

  test('an ended session is refused and forgotten', async () => {
    const page = new FakePage();
    page.storage.set(SECRET_KEY, 'old');
    const opened = link(page);
    await settle();
    expect(opened.state.kind).toBe('refused');
    expect(page.storage.has(SECRET_KEY)).toBe(false);
  });
});

describe('losing the link', () => {
  test('tries again with a growing wait, and at once when asked', async () => {
    const { page, link } = await connected();
    const waits: (number | null)[] = [];
    link.onState(({ kind, retryAtMs }) => {
      if (kind === 'lost') waits.push(retryAtMs === null ? null : retryAtMs - Date.now());
    });
    page.reply = null;
    page.socket.drop();
    expect(link.state).toMatchObject({
      kind: 'lost',
      attempt: 1,
      sentence: 'The connection to the workbench was lost.',
    });
    await vi.advanceTimersByTimeAsync(500);
    await vi.advanceTimersByTimeAsync(1000);
    expect(waits).toEqual([500, 1000, 2000]);
    page.reply = { status: 204 };
    link.retryNow();
    await settle();
    page.socket.welcome();
    expect(link.state).toMatchObject({ kind: 'connected', attempt: 0, retryAtMs: null, sentence: null });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('never waits longer than 15 s', async () => {
    const { page, link } = await connected();
    page.reply = null;
    page.socket.drop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect((link.state.retryAtMs ?? 0) - Date.now()).toBeLessThanOrEqual(15_000);
  });

  test('fails the calls that wait', async () => {
    const { page, link } = await connected();
    const pending = expect(link.call('summary.get', {})).rejects.toMatchObject({ code: 'disconnected' });
    page.socket.drop();
    await pending;
    await expect(link.call('summary.get', {})).rejects.toMatchObject({ code: 'disconnected' });
  });

  test('a session the host has ended is refused, not tried again', async () => {
    const { page, link } = await connected();
    page.socket.drop(4401);
    expect(link.state.kind).toBe('refused');
    expect(page.storage.has(SECRET_KEY)).toBe(false);
  });

  test.each([
    'not JSON',
    '{"type":"surprise"}',
    '{"type":"answer","id":"1","answer":{}}',
    '{"type":"welcome","x":1}',
  ])('gives up a socket that says %s', async (frame) => {
    const { page, link } = await connected();
    page.socket.hear(frame);
    expect(page.socket.isClosed).toBe(true);
    expect(link.state.kind).toBe('lost');
  });

  test('gives up a socket that never welcomes', async () => {
    const page = new FakePage();
    page.storage.set(SECRET_KEY, 'kept');
    page.reply = { status: 204 };
    const opened = link(page);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(opened.state.kind).toBe('lost');
  });
});

describe('calls and events', () => {
  const described = { version: '1', host: 'web', platform: 'linux', windowControls: false } as const;

  test('a call answers its result, whatever order the answers come in', async () => {
    const { page, link } = await connected();
    const [first, second] = [
      link.call('workbench.describe', {}),
      link.call('sockets.unpin', { snapshotId: 1 }),
    ];
    const [one, two] = page.socket.calls.map(({ id }) => id);
    page.socket.hear({ type: 'answer', id: two ?? 0, answer: { ok: true, value: { released: true } } });
    page.socket.hear({ type: 'answer', id: one ?? 0, answer: { ok: true, value: described } });
    expect(await Promise.all([first, second])).toEqual([described, { released: true }]);
  });

  test('a call made while connecting is sent after the welcome', async () => {
    const page = new FakePage();
    page.storage.set(SECRET_KEY, 'kept');
    page.reply = { status: 204 };
    const opened = link(page);
    const answered = opened.call('workbench.describe', {});
    await settle();
    page.socket.welcome();
    expect(page.socket.sent.map((frame) => (frame as { type: string }).type)).toEqual(['hello', 'call']);
    page.socket.hear({ type: 'answer', id: 1, answer: { ok: true, value: described } });
    expect(await answered).toEqual(described);
  });

  test('a failure becomes a LinkError with its code and sentence', async () => {
    const { page, link } = await connected();
    const asked = link.call('summary.get', {});
    const failure = { code: 'gone', sentence: 'It is gone.' };
    page.socket.hear({ type: 'answer', id: 1, answer: { ok: false, failure } });
    await expect(asked).rejects.toMatchObject({ name: 'LinkError', ...failure });
  });

  test('an answer that is not of the contract is a failure, not a value', async () => {
    const { page, link } = await connected();
    const asked = link.call('sockets.unpin', { snapshotId: 1 });
    page.socket.hear({ type: 'answer', id: 1, answer: { ok: true, value: { released: 'yes' } } });
    await expect(asked).rejects.toMatchObject({ code: 'malformed' });
  });

  test('a call without an answer fails after 15 s, and a late answer is ignored', async () => {
    const { page, link } = await connected();
    const asked = expect(link.call('summary.get', {})).rejects.toMatchObject({ code: 'timed-out' });
    await vi.advanceTimersByTimeAsync(15_000);
    await asked;
    page.socket.hear({ type: 'answer', id: 1, answer: { ok: true, value: {} } });
    expect(link.state.kind).toBe('connected');
  });

  test('events reach those who listen, until they stop', async () => {
    const { page, link } = await connected();
    const payload = { state: 'running', sinceMs: 1, restarts: 0, retryAtMs: null, sentence: null } as const;
    const heard: unknown[] = [];
    const stop = link.on('sampler.changed', (state) => heard.push(state));
    page.socket.hear({ type: 'event', name: 'sampler.changed', payload });
    page.socket.hear({ type: 'event', name: 'sampler.changed', payload: { state: 'odd' } });
    page.socket.hear({ type: 'event', name: 'constructor' as 'sampler.changed', payload });
    stop();
    page.socket.hear({ type: 'event', name: 'sampler.changed', payload });
    expect(heard).toEqual([payload]);
  });
});
