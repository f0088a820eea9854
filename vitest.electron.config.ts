import { defineConfig } from 'vitest/config';

/** The browser's specs that go through the door of a real Electron. */
const SPECS = [
  'evidence',
  'failures',
  'findings',
  'headroom',
  'looks',
  'settings',
  'sockets',
  'trends',
  'what-if',
];

/** For `npm run test:electron`, which sees to the binary and the display first. */
export default defineConfig({
  test: {
    name: 'electron',
    globalSetup: ['test/support/state-home.ts'],
    include: ['test/electron/*.test.ts', ...SPECS.map((name) => `test/e2e/${name}.test.ts`)],
    provide: { door: 'electron' },
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { interval: 50, timeout: 15_000 } },
    // One instance for each data folder, but one screen for all.
    fileParallelism: false,
  },
});
