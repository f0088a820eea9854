/** How long the workbench takes to answer the page's calls, seen from outside: on the wire. */
import type { Page, WebSocket } from 'playwright-core';

export interface AnsweredCall {
  name: string;
  args: unknown;
  tookMs: number;
}

/** Notes every call over the page's link from now on; call it before the page connects, or reload after it. */
export function watchCalls(page: Page): AnsweredCall[] {
  const answered: AnsweredCall[] = [];
  page.on('websocket', (socket: WebSocket) => {
    const open = new Map<number, { name: string; args: unknown; sentMs: number }>();
    socket.on('framesent', ({ payload }) => {
      const frame = parseFrame(payload);
      if (frame?.type === 'call' && typeof frame.id === 'number') {
        open.set(frame.id, { name: String(frame.name), args: frame.args, sentMs: performance.now() });
      }
    });
    socket.on('framereceived', ({ payload }) => {
      const frame = parseFrame(payload);
      if (frame?.type !== 'answer' || typeof frame.id !== 'number') return;
      const call = open.get(frame.id);
      if (!call) return;
      open.delete(frame.id);
      answered.push({ name: call.name, args: call.args, tookMs: performance.now() - call.sentMs });
    });
  });
  return answered;
}

/** The middle value; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

function parseFrame(payload: string | Buffer): Record<string, unknown> | null {
  const value: unknown = JSON.parse(payload.toString());
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}
