/**
 * Vitest setup: a test that lets a console.warn or console.error pass, or an unhandled rejection happen, fails. A test
 * that expects one replaces console.warn or console.error with vi.spyOn(...).mockImplementation(...).
 */
import { afterAll, afterEach, beforeEach, expect } from 'vitest';

const unexpected: string[] = [];
const original = { warn: console.warn, error: console.error };

function record(kind: 'warn' | 'error') {
  return (...parts: unknown[]) => {
    unexpected.push(`console.${kind}: ${parts.map(String).join(' ')}`);
    original[kind](...parts);
  };
}

function recordRejection(reason: unknown): void {
  unexpected.push(
    `unhandled rejection: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`,
  );
}

// A worker runs one file after another: each has its own listener, and takes it along.
process.on('unhandledRejection', recordRejection);
afterAll(() => void process.off('unhandledRejection', recordRejection));

beforeEach(() => {
  unexpected.length = 0;
  console.warn = record('warn');
  console.error = record('error');
});

afterEach(() => {
  console.warn = original.warn;
  console.error = original.error;
  expect(unexpected, 'unexpected warnings, errors or rejections').toEqual([]);
});
