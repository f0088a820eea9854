import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Outbox } from '../../../main/terminal/outbox.ts';
import {
  MAX_RUNS,
  MAX_UNSENT_BYTES,
  OUTPUT_MESSAGE_BYTES,
  OUTPUT_PACE_MS,
  type FromTerminal,
} from '../../../main/terminal/protocol.ts';
import { readFromTerminal } from '../../../main/terminal/read-messages.ts';
import type { RunRequest } from '../../../main/terminal/run.ts';
import { TerminalService } from '../../../main/terminal/service.ts';
import { markedRunner, type MarkedRunner } from '../../support/terminal/commands.ts';

/** A channel whose other end takes messages only when it is told to. */
class Channel {
  readonly heard: FromTerminal[] = [];
  isOpen = true;
  private readonly waiting: (() => void)[] = [];

  post = (message: FromTerminal, taken?: () => void) => {
    const read = readFromTerminal(JSON.parse(JSON.stringify(message)));
    if (!read) throw new Error(`not a message of the protocol: ${message.type}`);
    this.heard.push(read);
    if (!taken) return;
    if (this.isOpen) setImmediate(taken);
    else this.waiting.push(taken);
  };

  open(): void {
    this.isOpen = true;
    for (const taken of this.waiting.splice(0)) taken();
  }

  of(id: number, type: FromTerminal['type']): FromTerminal[] {
    return this.heard.filter((message) => message.type === type && 'id' in message && message.id === id);
  }

  bytesOf(id: number): number {
    return this.of(id, 'output').reduce(
      (sum, message) => sum + (message.type === 'output' ? Buffer.from(message.data, 'base64').length : 0),
      0,
    );
  }
}

let runner: MarkedRunner;
let channel: Channel;
let service: TerminalService;
beforeEach(() => {
  runner = markedRunner();
  channel = new Channel();
  service = new TerminalService({ runner, post: channel.post, monotonicMs: () => performance.now() });
});
afterEach(async () => {
  vi.useRealTimers();
  await service.end(false);
  expect(runner.leftovers()).toEqual([]);
});

const ask = (id: number, request: Partial<RunRequest> & { tool: string }) =>
  service.receive({ type: 'run', id, request: { argv: [], way: 'quiet', ...request } });
const isEnded = (id: number) => channel.of(id, 'ended').length === 1;

test('all output is told before the end, in messages no larger than agreed', async () => {
  ask(1, { tool: 'fast', argv: ['3000000'] });
  await expect.poll(() => isEnded(1), { timeout: 5000 }).toBe(true);
  const ended = channel.of(1, 'ended')[0];
  expect(ended?.type === 'ended' && ended.result.stdoutBytes).toBe(channel.bytesOf(1));
  expect(channel.bytesOf(1)).toBeGreaterThan(3_000_000);
  expect(channel.heard.at(-1)?.type).toBe('ended');
  const largest = OUTPUT_MESSAGE_BYTES * (4 / 3) + 4;
  expect(channel.heard.every((message) => message.type !== 'output' || message.data.length <= largest)).toBe(
    true,
  );
});

test('a channel that takes nothing gets no more than its share; the run waits for it', async () => {
  channel.isOpen = false;
  ask(1, { tool: 'fast', argv: ['5000000'] });
  await expect.poll(() => channel.bytesOf(1), { timeout: 5000 }).toBeGreaterThanOrEqual(MAX_UNSENT_BYTES);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(channel.bytesOf(1)).toBeLessThanOrEqual(MAX_UNSENT_BYTES + OUTPUT_MESSAGE_BYTES);
  expect(isEnded(1)).toBe(false);
  channel.open();
  await expect.poll(() => isEnded(1), { timeout: 5000 }).toBe(true);
  const ended = channel.of(1, 'ended')[0];
  expect(ended?.type === 'ended' && ended.result.stdoutBytes).toBe(channel.bytesOf(1));
});

test('one that prints for ever does not hold up another', async () => {
  ask(1, { tool: 'prints-for-ever', way: 'visible' });
  ask(2, { tool: 'both-streams' });
  await expect.poll(() => isEnded(2), { timeout: 2000 }).toBe(true);
});

test('output that comes in drops is gathered', () => {
  vi.useFakeTimers();
  const sent: number[] = [];
  const outbox = new Outbox({
    monotonicMs: () => performance.now(),
    send: (_id, _stream, bytes, taken) => {
      sent.push(bytes.length);
      taken();
    },
  });
  for (let ms = 0; ms < 1000; ms++) {
    outbox.add(1, 'out', new Uint8Array(3));
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(OUTPUT_PACE_MS);
  expect(sent.length).toBeLessThanOrEqual(1000 / OUTPUT_PACE_MS + 2);
  expect(sent.reduce((sum, bytes) => sum + bytes, 0)).toBe(3000);
});

test('refusals are told: an id in use, a missing tool, too many at once', async () => {
  ask(1, { tool: 'hangs' });
  ask(1, { tool: 'hangs' });
  expect(channel.of(1, 'refused')).toMatchObject([{ failure: { code: 'invalid', field: 'id' } }]);
  ask(2, { tool: 'missing' });
  await expect.poll(() => channel.of(2, 'refused')).toMatchObject([{ failure: { code: 'tool-missing' } }]);
  for (let id = 10; id < 10 + MAX_RUNS; id++) ask(id, { tool: 'hangs' });
  expect(channel.of(9 + MAX_RUNS, 'refused')).toMatchObject([{ failure: { code: 'unavailable' } }]);
});

test('a run can be typed into, resized and cancelled; what is not there is ignored', async () => {
  ask(1, { tool: 'asks', way: 'visible' });
  await expect.poll(() => channel.bytesOf(1), { timeout: 3000 }).toBeGreaterThan(0);
  service.receive({ type: 'resize', id: 1, columns: 132, rows: 43 });
  service.receive({ type: 'write', id: 1, data: Buffer.from('abc\n').toString('base64') });
  await expect.poll(() => isEnded(1), { timeout: 3000 }).toBe(true);
  const said = channel.of(1, 'output').map((message) => (message.type === 'output' ? message.data : ''));
  expect(said.map((data) => Buffer.from(data, 'base64').toString()).join('')).toBe(
    'Password: got 3 characters\r\n43 132\r\n',
  );
  for (const type of ['cancel', 'write', 'resize']) {
    expect(service.receive({ type, id: 99, data: '', columns: 1, rows: 1 })).toBe(false);
  }
  ask(2, { tool: 'hangs' });
  service.receive({ type: 'cancel', id: 2 });
  await expect.poll(() => channel.of(2, 'ended')).toMatchObject([{ result: { end: 'cancelled' } }]);
  expect(service.receive({ type: 'stop' })).toBe(true);
});
