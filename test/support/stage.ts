/**
 * The stage of a browser test: a namespace with a small port range where one can be made (else this machine itself),
 * the workbench in it, and one page of a real browser that keeps a record of everything that went wrong. The workbench
 * is reached through one of its doors: served, or as the desktop app over the stand-in for Electron.
 */
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { browserMissing, launchBrowser } from './browser.ts';
import { DesktopApp, desktopMissing } from './electron/display/desktop-app.ts';
import { AS_NOBODY, makeHome, NOBODY } from './electron/display/ordinary-user.ts';
import { startLoad } from './load/load.ts';
import type { Load, LoadPlan } from './load/load.ts';
import { namespaceMissing, openNamespace } from './namespace.ts';
import type { NamespaceSettings, TestNamespace } from './namespace.ts';
import { RealApp, realElectronMissing } from './real-electron.ts';
import { openWorkbench, servedMissing, startServed } from './served.ts';
import type { ServeOptions, Served } from './served.ts';

/** Served; the desktop app over the stand-in; the desktop app in a real Electron. */
export type Door = 'web' | 'desktop' | 'electron';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of a project in vitest.config.ts; absent: web. */
    door?: Door;
  }
}

export interface StageOptions {
  settings?: NamespaceSettings;
  context?: BrowserContextOptions;
  flags?: string[];
  serve?: ServeOptions;
}

export interface Stage {
  readonly door: Door;
  /** The desktop app, where that is the door. */
  readonly desktop: DesktopApp | null;
  /** Null where none can be made: the workbench then shows this machine. */
  readonly namespace: TestNamespace | null;
  readonly served: Served;
  readonly browser: Browser;
  readonly page: Page;
  /** Epoch milliseconds when the page began to load. */
  readonly openedAtMs: number;
  /** Console errors and warnings, uncaught exceptions, refused requests and policy violations so far. */
  troubles(): Promise<string[]>;
  /** The load is the workbench's own user's, so that its owners can be seen. */
  startLoad(plan: LoadPlan): Promise<Load>;
  /** Hears whatever the workbench tells the page from now on, as text. */
  overhear(listener: (text: string) => void): void;
  /** Keeps a picture in the folder that FOURTUPLE_SHOTS names; otherwise does nothing. */
  shoot(name: string, page?: Page): Promise<void>;
  close(): Promise<void>;
}

/** Outside every range the tests set, so that the workbench's own listener blocks no port of it. */
export const SERVE_PORT = 7411;
const LOAD_LIMIT_MS = 15_000;
const VIEWPORT = { width: 1440, height: 900 };
export const SMALL_RANGE: NamespaceSettings = { portRange: { first: 40000, last: 40999 }, twReuse: 0 };

/** Why no browser test can run here, for a suite's title; null when they can. */
export function stageMissing(): string | null {
  const door = currentDoor();
  if (door === 'electron') return realElectronMissing();
  return (door === 'web' ? servedMissing() : desktopMissing()) ?? browserMissing();
}

/** Through which door this project's tests go. */
export function currentDoor(): Door {
  return inject('door') ?? 'web';
}

/** Opens everything; whatever part fails, the parts before it are closed. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const door = currentDoor();
  if (door === 'electron') return openRealElectron(options);
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const namespace =
      namespaceMissing() === null ? await openNamespace(options.settings ?? SMALL_RANGE) : null;
    if (namespace) closers.push(() => namespace.close());
    // The desktop app's pages reach nothing over a network.
    const place = door === 'web' ? (namespace ?? undefined) : undefined;
    const browser = await launchBrowser({ flags: options.flags, namespace: place });
    closers.push(() => browser.close());
    const context = await browser.newContext({ viewport: VIEWPORT, ...options.context });
    const troubles: string[] = [];
    await watchContext(context, troubles);
    const opened =
      door === 'web'
        ? await openServed(context, namespace, options, closers)
        : await openDesktop(context, namespace, options, closers);
    const { page } = opened;
    const loads: Load[] = [];
    closers.push(() => Promise.all(loads.map((load) => load.stop())));
    return {
      door,
      namespace,
      browser,
      ...opened,
      close,
      // One turn of the page, so that what it is about to report has been reported.
      troubles: () => page.evaluate('new Promise((resolve) => setTimeout(resolve, 50))').then(() => troubles),
      shoot: (name, other = page) => shoot(other, name),
      startLoad: async (plan) => {
        const load = startLoad(plan, namespace ? placeOfLoad(namespace, door, options.serve) : undefined);
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

type Opened = Pick<Stage, 'served' | 'desktop' | 'page' | 'openedAtMs' | 'overhear'>;
type Closers = (() => Promise<unknown>)[];

async function openServed(
  context: BrowserContext,
  namespace: TestNamespace | null,
  { serve }: StageOptions,
  closers: Closers,
): Promise<Opened> {
  // Settings and history of its own: what one test sets is not found by the next.
  const stateHome = mkdtempSync(join(tmpdir(), 'fourtuple-stage-'));
  closers.push(async () => rmSync(stateHome, { recursive: true, force: true }));
  const served = await startServed(namespace ?? undefined, namespace ? SERVE_PORT : 0, {
    ...serve,
    environment: { XDG_STATE_HOME: stateHome, ...serve?.environment },
  });
  closers.push(() => served.stop());
  const openedAtMs = Date.now();
  const page = await openWorkbench(context, served);
  const overhear = (listener: (text: string) => void) =>
    void page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => listener(String(payload))),
    );
  return { served, desktop: null, page, openedAtMs, overhear };
}

async function openDesktop(
  context: BrowserContext,
  namespace: TestNamespace | null,
  { serve = {}, context: { viewport, colorScheme } = {} }: StageOptions,
  closers: Closers,
): Promise<Opened> {
  const home = makeHome();
  closers.push(async () => home.remove());
  // Whoever names another user names its folders, too.
  const environment = { ...(!serve.through && home.environment), ...serve.environment };
  const { XDG_STATE_HOME: stateFolder } = serve.environment ?? {};
  if (stateFolder && !serve.through && AS_NOBODY.length > 0) chownSync(stateFolder, NOBODY, NOBODY);
  const desktop = DesktopApp.start({
    context,
    namespace: namespace ?? undefined,
    through: serve.through ?? AS_NOBODY,
    environment,
    keepsViewport: viewport !== undefined,
    machine: { systemTheme: colorScheme === 'dark' ? 'dark' : 'light' },
  });
  closers.push(() => desktop.stop());
  const page = await desktop.firstPage();
  const overhear = (listener: (text: string) => void) => desktop.overhear(listener);
  return { served: desktop, desktop, page, openedAtMs: Date.now(), overhear };
}

/** Everything but a browser of its own, whose pages the app's are not, and a line to overhear. */
async function openRealElectron(options: StageOptions): Promise<Stage> {
  const { viewport = VIEWPORT, ...context } = options.context ?? {};
  const closers: Closers = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const namespace =
      namespaceMissing() === null ? await openNamespace(options.settings ?? SMALL_RANGE) : null;
    if (namespace) closers.push(() => namespace.close());
    const openedAtMs = Date.now();
    const environment = options.serve?.environment;
    const app = await RealApp.start({ context, environment, namespace: namespace ?? undefined });
    closers.push(() => app.stop());
    const loads: Load[] = [];
    closers.push(() => Promise.all(loads.map((load) => load.stop())));
    const troubles: string[] = [];
    const page = await app.firstPage();
    collectTroubles(page, troubles);
    await watchContext(page.context(), troubles);
    if (viewport) await page.setViewportSize(viewport);
    // The first load was under way before anything could be watched.
    await page.reload();
    const notThere = (what: string) => () => {
      throw new Error(`a real Electron has no ${what} for a test`);
    };
    return {
      door: 'electron',
      desktop: null,
      namespace,
      served: app,
      get browser(): Browser {
        return notThere('browser of its own')();
      },
      page,
      openedAtMs,
      close,
      overhear: notThere('line to overhear'),
      troubles: () => page.evaluate('new Promise((resolve) => setTimeout(resolve, 50))').then(() => troubles),
      shoot: (name, other = page) => shoot(other, name),
      startLoad: async (plan) => {
        const load = startLoad(plan, namespace ? placeOfLoad(namespace, 'electron') : undefined);
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

/** An ordinary user sees the owners of its own sockets only. */
function placeOfLoad(
  namespace: TestNamespace,
  door: Door,
  serve: ServeOptions = {},
): Pick<TestNamespace, 'spawn'> {
  if (door === 'web' || serve.through) return namespace;
  return { spawn: (argv, options) => namespace.spawn([...AS_NOBODY, ...argv], options) };
}

async function watchContext(context: BrowserContext, troubles: string[]): Promise<void> {
  await context.exposeFunction('reportPolicyViolation', (what: string) => troubles.push(`policy: ${what}`));
  await context.addInitScript(watchPolicy);
  context.on('page', (page) => collectTroubles(page, troubles));
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
