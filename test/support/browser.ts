/** A real Chromium under Playwright's control, started without a download. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { chooseChromium, prepareChromium } from './chromium.ts';
import type { TestNamespace } from './namespace.ts';

export interface BrowserOptions {
  /** More command-line switches of Chromium. */
  flags?: string[];
  /** Runs the browser there, so that it reaches what is served on that loopback. */
  namespace?: TestNamespace | undefined;
}

/** Why no browser test can run here, for the title of a skipped suite; null when they can. */
export function browserMissing(): string | null {
  const choice = chooseChromium();
  return choice.kind === 'none' ? choice.reason : null;
}

/** Starts a headless browser; the caller closes it. */
export async function launchBrowser({ flags = [], namespace }: BrowserOptions = {}): Promise<Browser> {
  const chosen = await prepareChromium(chooseChromium());
  const launch = (executablePath: string) =>
    chromium.launch({
      executablePath,
      env: { ...process.env, ...chosen.environment },
      args: [...chosen.flags, ...flags],
      timeout: 30_000,
    });
  if (!namespace) return launch(chosen.path);
  const folder = mkdtempSync(join(tmpdir(), 'fourtuple-browser-'));
  try {
    return await launch(writeWrapper(folder, [...namespace.enter, chosen.path]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Playwright starts one file and speaks with it over inherited pipes: so a file that becomes the browser elsewhere. */
function writeWrapper(folder: string, argv: readonly string[]): string {
  const path = join(folder, 'chromium');
  const quoted = argv.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
  writeFileSync(path, `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`, { mode: 0o700 });
  return path;
}
