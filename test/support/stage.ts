/**
 * The stage of a browser test: a namespace with a small port range where one can be made (else this machine itself),
 * the served workbench in it, and one page of a real browser that keeps a record of everything that went wrong.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { browserMissing, launchBrowser } from './browser.ts';
import { startLoad } from './load/load.ts';
import type { Load, LoadPlan } from './load/load.ts';
import { namespaceMissing, openNamespace } from './namespace.ts';
import type { NamespaceSettings, TestNamespace } from './namespace.ts';
import { openWorkbench, servedMissing, startServed } from './served.ts';
import type { ServeOptions, Served } from './served.ts';

export interface StageOptions {
  settings?: NamespaceSettings;
  context?: BrowserContextOptions;
  flags?: string[];
  serve?: ServeOptions;
}

export interface Stage {
  /** Null where none can be made: the workbench then shows this machine. */
  readonly namespace: TestNamespace | null;
  readonly served: Served;
  readonly browser: Browser;
  readonly page: Page;
  /** Epoch milliseconds when the page began to load. */
  readonly openedAtMs: number;
  /** Console errors and warnings, uncaught exceptions, refused requests and policy violations so far. */
  troubles(): Promise<string[]>;
  startLoad(plan: LoadPlan): Promise<Load>;
  /** Keeps a picture in the folder that FOURTUPLE_SHOTS names; otherwise does nothing. */
  shoot(name: string, page?: Page): Promise<void>;
  close(): Promise<void>;
}

/** Outside every range the tests set, so that the workbench's own listener blocks no port of it. */
export const SERVE_PORT = 7411;
const LOAD_LIMIT_MS = 15_000;
export const SMALL_RANGE: NamespaceSettings = { portRange: { first: 40000, last: 40999 }, twReuse: 0 };

/** Why no browser test can run here, for a suite's title; null when they can. */
export function stageMissing(): string | null {
  return servedMissing() ?? browserMissing();
}

/** Opens everything; whatever part fails, the parts before it are closed. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const namespace =
      namespaceMissing() === null ? await openNamespace(options.settings ?? SMALL_RANGE) : null;
    if (namespace) closers.push(() => namespace.close());
    const served = await startServed(namespace ?? undefined, namespace ? SERVE_PORT : 0, options.serve);
    closers.push(() => served.stop());
    const browser = await launchBrowser({ flags: options.flags, namespace: namespace ?? undefined });
    closers.push(() => browser.close());
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options.context });
    const troubles: string[] = [];
    await context.exposeFunction('reportPolicyViolation', (what: string) => troubles.push(`policy: ${what}`));
    await context.addInitScript(watchPolicy);
    context.on('page', (page) => collectTroubles(page, troubles));
    const openedAtMs = Date.now();
    const page = await openWorkbench(context, served);
    const loads: Load[] = [];
    closers.push(() => Promise.all(loads.map((load) => load.stop())));
    return {
      namespace,
      served,
      browser,
      page,
      openedAtMs,
      close,
      // One turn of the page, so that what it is about to report has been reported.
      troubles: () => page.evaluate('new Promise((resolve) => setTimeout(resolve, 50))').then(() => troubles),
      shoot: (name, other = page) => shoot(other, name),
      startLoad: async (plan) => {
        const load = startLoad(plan, namespace ?? undefined);
        loads.push(load);
        await load.first(plan.clients ? 'started' : 'listening', LOAD_LIMIT_MS);
        return load;
      },
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** Runs in the page, before anything of it. */
function watchPolicy(): void {
  const report: unknown = Reflect.get(globalThis, 'reportPolicyViolation');
  document.addEventListener('securitypolicyviolation', (event) => {
    const what = `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`;
    if (typeof report === 'function') report(what);
  });
}

function collectTroubles(page: Page, troubles: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) =>
    troubles.push(`request: ${request.url()} ${request.failure()?.errorText}`),
  );
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`answer: ${response.status()} ${response.url()}`);
  });
}

async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.FOURTUPLE_SHOTS;
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
