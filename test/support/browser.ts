/** A real Chromium under Playwright's control, started without a download. */
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { chooseChromium, prepareChromium } from './chromium.ts';

/** Why no browser test can run here, for the title of a skipped suite; null when they can. */
export function browserMissing(): string | null {
  const choice = chooseChromium();
  return choice.kind === 'none' ? choice.reason : null;
}

/** Starts a headless browser; the caller closes it. `extraFlags` are command-line switches of Chromium. */
export async function launchBrowser(extraFlags: string[] = []): Promise<Browser> {
  const { path, environment, flags } = await prepareChromium(chooseChromium());
  return chromium.launch({
    executablePath: path,
    env: { ...process.env, ...environment },
    args: [...flags, ...extraFlags],
    timeout: 30_000,
  });
}
