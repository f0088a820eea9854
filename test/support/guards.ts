/**
 * Vitest setup: a test that lets a console.warn or console.error pass, or an unhandled rejection happen, fails. A test
 * that expects one replaces console.warn or console.error with vi.spyOn(...).mockImplementation(...).
 */
import { afterEach, beforeEach, expect } from 'vitest';

const unexpected: string[] = [];
const original = { warn: console.warn, error: console.error };

function record(kind: 'warn' | 'error') {
  return (...parts: unknown[]) => {
    unexpected.push(`console.${kind}: ${parts.map(String).join(' ')}`);
    original[kind](...parts);
  };
}

process.on('unhandledRejection', (reason) => {
  unexpected.push(
    `unhandled rejection: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`,
  );
});

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
