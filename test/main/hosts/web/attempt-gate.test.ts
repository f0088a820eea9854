import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AttemptGate } from '../../../../main/hosts/web/attempt-gate.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A gate after the five failures that make it slow, on a clock that starts at 0, as after booting. */
function slowGate(now: () => number): AttemptGate {
  const gate = new AttemptGate(now);
  for (let i = 0; i < 5; i++) gate.failed();
  return gate;
}

async function waitOf(gate: AttemptGate): Promise<number> {
  const startedAtMs = performance.now();
  const entered = gate.enter();
  await vi.runAllTimersAsync();
  expect(await entered).toBe(true);
  return Math.round(performance.now() - startedAtMs);
}

test('W5: four failures slow nobody, the fifth spaces attempts by a second', async () => {
  const gate = new AttemptGate(() => performance.now());
  for (let i = 0; i < 4; i++) gate.failed();
  expect(await waitOf(gate)).toBe(0);
  gate.failed();
  expect(await waitOf(gate)).toBe(1000);
});

test('W5: a flood is turned away, and the gate is open again a minute later', async () => {
  let nowMs = 0;
  const gate = slowGate(() => nowMs);
  const waiting = Array.from({ length: 8 }, () => gate.enter());
  await vi.runAllTimersAsync();
  expect((await Promise.all(waiting)).filter(Boolean)).toHaveLength(5);
  nowMs = 60_000;
  expect(await waitOf(gate)).toBe(0);
});

test('W5: setting the wall clock back locks nobody out', async () => {
  const gate = slowGate(() => performance.now());
  vi.setSystemTime(Date.now() - 24 * 3_600_000);
  expect(await waitOf(gate)).toBe(1000);
});
