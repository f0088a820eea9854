import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const at = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: false,
      externalizeDeps: { exclude: ['zod', 'iconv-lite', 'safer-buffer'] },
      rollupOptions: {
        input: {
          desktop: at('main/desktop.ts'),
          serve: at('main/serve.ts'),
          cli: at('main/cli.ts'),
          start: at('main/start.ts'),
          sampler: at('main/sampling/worker.ts'),
          parse: at('main/workbench/parse-worker.ts'),
          terminal: at('main/terminal/worker.ts'),
          history: at('main/history/worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      sourcemap: false,
      // A sandboxed preload must be one CommonJS file; zod is part of the contract it carries.
      externalizeDeps: { exclude: ['zod'] },
      rollupOptions: {
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [vue()],
    build: {
      outDir: 'out/renderer',
      sourcemap: false,
      minify: true,
      // Loaded from this machine, never over a network.
      chunkSizeWarningLimit: 1000,
      assetsInlineLimit: 0,
      rollupOptions: { input: at('renderer/index.html') },
    },
  },
});
