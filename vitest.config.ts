import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/main/**/*.test.ts', 'test/preload/**/*.test.ts'],
          environment: 'node',
          // Properties and real commands need room on a busy machine.
          testTimeout: 20_000,
          setupFiles: ['test/support/guards.ts'],
        },
      },
      {
        plugins: [vue()],
        test: {
          name: 'component',
          include: ['test/renderer/**/*.test.ts'],
          environment: 'happy-dom',
          testTimeout: 20_000,
          setupFiles: ['test/support/guards.ts'],
        },
      },
      {
        test: {
          name: 'kernel',
          include: ['test/kernel/**/*.test.ts'],
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
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          // What a test waits for may take its time on a busy machine; what is timed says so itself.
          expect: { poll: { interval: 50, timeout: 15_000 } },
        },
      },
    ],
  },
});
