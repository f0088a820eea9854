/** The way by which Playwright reaches a browser in a namespace; a real Electron takes it in npm run test:electron. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { browserMissing } from '../support/browser.ts';
import { chooseChromium, prepareChromium } from '../support/chromium.ts';
import { namespaceMissing, openNamespace } from '../support/namespace.ts';

const THROUGH = fileURLToPath(new URL('../support/through-namespace.mjs', import.meta.url));
const missing = namespaceMissing() ?? browserMissing();

test.skipIf(missing !== null)(
  `a browser in a namespace is driven from outside${missing ? ` (skipped: ${missing})` : ''}`,
  async () => {
    const namespace = await openNamespace();
    try {
      const { path, environment, flags } = await prepareChromium(chooseChromium());
      const how = JSON.stringify({ enter: namespace.enter, program: [path] });
      const switches = [...flags, '--headless', '--remote-debugging-port=0', 'about:blank'];
      const child = spawn(process.execPath, [THROUGH, how, ...switches], {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, ...environment },
      });
      const address = await debuggerOf(child.stderr);
      const browser = await chromium.connectOverCDP(address);
      const page = await browser.newPage();
      expect(await page.evaluate(() => 6 * 7)).toBe(42);
      // Where it is, there is nothing but loopback.
      await expect(page.goto('http://192.0.2.1/')).rejects.toThrow('ERR_INTERNET_DISCONNECTED');
      await browser.close();
      child.kill('SIGTERM');
      await once(child, 'close');
      // Chromium's own answer to SIGTERM, passed on.
      expect([0, 143]).toContain(child.exitCode);
    } finally {
      await namespace.close();
    }
  },
);

async function debuggerOf(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) {
    const address = /listening on (ws:\/\/\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      stream.resume();
      return address;
    }
  }
  throw new Error('the browser ended before it could be debugged');
}
