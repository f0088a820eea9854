import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** Scenarios that mostly wait, and whose figures allow for a busy machine: they run beside the unit tests. */
const PATIENT = [
  ...[
    'check',
    'check-command',
    'debugging-ports',
    'findings',
    'fix-*',
    'journal',
    'owners',
    'probe-runs',
    'terminal',
  ].map((name) => `test/kernel/${name}.test.ts`),
  ...['installed', 'packed'].map((name) => `test/package/${name}.test.ts`),
];
/** Unit tests are done by two; scenarios that wait take nothing from them. */
const WORKERS = 4;
/** At once, in tests that mostly wait. */
const BROWSERS = 2;
/** Keeps what tests start out of the user's own folders. */
const globalSetup = ['test/support/state-home.ts'];
/** Those in which no answer of the page is timed. */
const PATIENT_IN_BROWSER = [
  'evidence',
  'failures',
  'findings',
  'fix-*',
  'headroom',
  'looks',
  'report',
  'settings',
  'sockets',
  'terminal',
  'trends',
  'watching',
].map((name) => `test/e2e/${name}.test.ts`);
/**
 * Those that also run through the desktop's door, over the stand-in for Electron: what could differ between the doors.
 * FOURTUPLE_DOORS=all runs every one that can.
 */
const EVERY_DOOR = process.env.FOURTUPLE_DOORS === 'all';
const PATIENT_AT_BOTH_DOORS = EVERY_DOOR
  ? ['headroom', 'sockets', 'evidence', 'failures', 'findings', 'trends', 'fix-sudo', 'looks']
  : ['headroom', 'sockets', 'evidence', 'failures', 'fix-sudo'];
const IN_BROWSER = {
  globalSetup,
  environment: 'node',
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // What a test waits for may take its time on a busy machine; what is timed says so itself.
  expect: { poll: { interval: 50, timeout: 15_000 } },
} as const;

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          globalSetup,
          maxWorkers: WORKERS,
          include: ['main', 'preload', 'package', 'scripts'].map((folder) => `test/${folder}/**/*.test.ts`),
          exclude: PATIENT,
          environment: 'node',
          // Modules keep no state, so files share a worker: a worker a file takes half of the time.
          isolate: false,
          // Properties and real commands need room on a busy machine.
          testTimeout: 60_000,
          setupFiles: ['test/support/guards.ts'],
        },
      },
      {
        plugins: [vue()],
        test: {
          name: 'component',
          maxWorkers: WORKERS,
          include: ['test/renderer/**/*.test.ts'],
          environment: 'happy-dom',
          isolate: false,
          testTimeout: 20_000,
          setupFiles: ['test/support/guards.ts', 'test/support/fresh-page.ts'],
        },
      },
      {
        test: {
          name: 'patient',
          globalSetup,
          include: PATIENT,
          maxWorkers: WORKERS,
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'kernel',
          globalSetup,
          include: ['test/kernel/**/*.test.ts'],
          exclude: PATIENT,
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          // What is timed against the kernel gets the machine to itself.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...IN_BROWSER,
          name: 'e2e-patient',
          include: PATIENT_IN_BROWSER,
          // While some wait for their load another draws.
          maxWorkers: BROWSERS,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...IN_BROWSER,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: PATIENT_IN_BROWSER,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...IN_BROWSER,
          name: 'desktop',
          include: [
            'test/desktop/*.test.ts',
            ...PATIENT_AT_BOTH_DOORS.map((name) => `test/e2e/${name}.test.ts`),
          ],
          provide: { door: 'desktop' },
          maxWorkers: BROWSERS,
          sequence: { groupOrder: 2 },
        },
      },
      ...(EVERY_DOOR
        ? [
            {
              test: {
                ...IN_BROWSER,
                name: 'desktop-timed',
                include: ['what-if', 'many-sockets'].map((name) => `test/e2e/${name}.test.ts`),
                provide: { door: 'desktop' as const },
                fileParallelism: false,
                sequence: { groupOrder: 3 },
              },
            },
          ]
        : []),
    ],
  },
});
