/** The desktop app alone, for its own tests: no namespace, a home of its own, and a record of what went wrong. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { browserMissing, launchBrowser } from '../browser.ts';
import { DesktopApp, desktopMissing, type DesktopAppOptions } from './display/desktop-app.ts';
import { AS_NOBODY, makeHome, type Home } from './display/ordinary-user.ts';

export interface DesktopStage {
  /** Of the newest start. */
  readonly app: DesktopApp;
  readonly page: Page;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly home: Home;
  /** Console errors and warnings, and uncaught errors of the pages so far. */
  readonly troubles: string[];
  /** Another process of the app in the same home; for the test to await. */
  start(options?: StartOptions): DesktopApp;
  /** Starts it again, once it has ended, and waits for the page to be there. */
  restart(options?: StartOptions): Promise<Page>;
  close(): Promise<void>;
}

type StartOptions = Omit<DesktopAppOptions, 'context' | 'namespace' | 'keepsViewport'>;

/** A busy machine takes its time. */
const LOADED_LIMIT_MS = 60_000;
const START_LIMIT_MS = 15_000;

/** Why the app cannot be tried here, for a suite's title; null when it can. */
export function desktopStageMissing(): string | null {
  return desktopMissing() ?? browserMissing();
}

/** Opens the app and waits for its page; the caller closes all of it. */
export async function openDesktop(
  first: StartOptions & { context?: BrowserContextOptions } = {},
): Promise<DesktopStage> {
  const { context: contextOptions, ...startOptions } = first;
  const browser = await launchBrowser();
  const home = makeHome();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...contextOptions });
  await context.addInitScript(tellViolations);
  const stage = new OpenDesktop(browser, context, home);
  try {
    await stage.restart(startOptions);
    return stage;
  } catch (cause) {
    await stage.close();
    throw cause;
  }
}

/** Runs in the page, before anything of it, and leaves nothing on its window. */
function tellViolations(): void {
  document.addEventListener('securitypolicyviolation', (event) =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
  );
}

class OpenDesktop implements DesktopStage {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly home: Home;
  readonly troubles: string[] = [];
  readonly #apps: DesktopApp[] = [];
  #page: Page | null = null;

  constructor(browser: Browser, context: BrowserContext, home: Home) {
    this.browser = browser;
    this.context = context;
    this.home = home;
    context.on('page', (page) => this.#watch(page));
  }

  get app(): DesktopApp {
    const newest = this.#apps.at(-1);
    if (!newest) throw new Error('the app was not started');
    return newest;
  }

  get page(): Page {
    if (!this.#page) throw new Error('the app has no page');
    return this.#page;
  }

  start({ environment, ...options }: StartOptions = {}): DesktopApp {
    const app = DesktopApp.start({
      context: this.context,
      through: AS_NOBODY,
      ...options,
      environment: { ...this.home.environment, ...environment },
    });
    this.#apps.push(app);
    return app;
  }

  async restart(options: StartOptions = {}): Promise<Page> {
    await this.#apps.at(-1)?.stop();
    const app = this.start(options);
    const page = await app.firstPage();
    this.#page = page;
    await page.getByRole('contentinfo').waitFor({ timeout: LOADED_LIMIT_MS });
    const deadline = Date.now() + START_LIMIT_MS;
    while (!(await app.window()).isVisible && Date.now() < deadline) await pause(20);
    return page;
  }

  async close(): Promise<void> {
    for (const app of this.#apps) await app.stop();
    await this.browser.close();
    this.home.remove();
  }

  #watch(page: Page): void {
    page.on('console', (message) => {
      const kind = message.type();
      if (kind === 'error' || kind === 'warning') this.troubles.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.troubles.push(`uncaught: ${error.message}`));
  }
}
