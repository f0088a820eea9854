import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type UserConfig } from 'electron-vite';
import { startsElectron, provideElectron } from './scripts/provide-electron.ts';

const at = (path: string) => resolve(import.meta.dirname, path);
/** Where `npm run dev` serves the page for the window; fixed, so that the page's policy can name it. */
const DEV_PORT = 5173;

export default defineConfig(async ({ command }): Promise<UserConfig> => {
  // `electron-vite dev` and `preview`, however they were started, find Electron or say why there is none.
  if (startsElectron(process.argv)) await provideElectron();
  return {
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
      ...(command === 'serve' ? devServer() : {}),
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
  };
});

/** Vite's server for main/hosts/desktop/dev-page.ts: on loopback only, its styles marked for the page's policy. */
function devServer() {
  const cspNonce = randomBytes(18).toString('base64url');
  process.env['FOURTUPLE_DEV_NONCE'] = cspNonce;
  const host = '127.0.0.1';
  return {
    html: { cspNonce },
    // The page's own address is app://fourtuple, so the socket's has to be told.
    server: { host, port: DEV_PORT, strictPort: true, hmr: { host, clientPort: DEV_PORT, protocol: 'ws' } },
  };
}
