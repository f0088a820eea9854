/** The page of one BrowserWindow: a page of the tests' Chromium, with the worlds, schemes and guards of Electron. */
import { randomUUID } from 'node:crypto';
import type { BrowserContext, CDPSession, Frame, Page, Route } from 'playwright-core';
import type { FromPage, ToPage } from '../page/preload-world.ts';
import type { AppServes, DisplayServes, Line } from '../wire.ts';
import { AppUrls } from './app-urls.ts';
import { PageFrames } from './page-frames.ts';
import { setPermissions } from './permissions.ts';
import { BINDING, INBOX, PRELOAD_WORLD, worldScripts } from './world-scripts.ts';

export type AppLine = Line<DisplayServes, AppServes>;
type Opening = Parameters<DisplayServes['window.open']>[0];

export interface WindowPageOptions {
  context: BrowserContext;
  app: AppLine;
  opening: Opening;
  /** Pages of elsewhere that a test lets exist, by address. */
  foreign: ReadonlyMap<string, string>;
  /** Whatever is delivered to the page. */
  overheard(text: string): void;
}

export class WindowPage {
  readonly page: Page;
  readonly windowId: number;
  readonly #app: AppLine;
  readonly #session: CDPSession;
  readonly #urls: AppUrls;
  readonly #frames: PageFrames;
  readonly #foreign: ReadonlyMap<string, string>;
  /** Navigations of Electron's or the test's own making, which no page asked for. */
  #browserNavigations = 0;
  readonly #overheard: (text: string) => void;
  #isClosing = false;
  #url = '';
  hasCrashed = false;

  private constructor(page: Page, session: CDPSession, options: WindowPageOptions) {
    this.page = page;
    this.windowId = options.opening.windowId;
    this.#app = options.app;
    this.#session = session;
    this.#urls = new AppUrls(options.opening.schemes);
    this.#frames = new PageFrames(session, this.#urls);
    this.#foreign = options.foreign;
    this.#overheard = options.overheard;
  }

  static async open(options: WindowPageOptions): Promise<WindowPage> {
    const { context, opening } = options;
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const window = new WindowPage(page, session, options);
    window.#frames.watch();
    await session.send('Page.enable');
    await session.send('Runtime.enable');
    await window.#build(opening);
    window.#report();
    if (opening.colorScheme) await page.emulateMedia({ colorScheme: opening.colorScheme });
    await page.route('**/*', (route) => window.#answerRoute(route));
    window.#countBrowserNavigations();
    return window;
  }

  /** As loadURL does it: throws when the page cannot be had. */
  async load(url: string): Promise<void> {
    this.#url = url;
    const allowed = await this.#app.ask('session.permissions', { windowId: this.windowId, url });
    await setPermissions(this.#session, this.page, new URL(this.#urls.outer(url)).origin, allowed);
    try {
      await this.page.goto(this.#urls.outer(url));
    } catch (error) {
      if (this.#isClosing) return;
      const description = /net::(ERR_\w+)/.exec(String(error))?.[1] ?? 'ERR_FAILED';
      this.#changed({ event: 'did-fail-load', url, description });
      throw new Error(`${description} (-2) loading '${url}'`, { cause: error });
    }
  }

  async reload(): Promise<void> {
    await this.page.reload().catch((error: unknown) => this.#unlessClosing(error));
  }

  /** Gives it up after a crash; another page takes its place. */
  async forget(): Promise<{ url: string }> {
    await this.close();
    return { url: this.#url };
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.page.close();
  }

  async deliver(message: ToPage): Promise<void> {
    const contextId = this.#frames.preloadContext(null);
    // A message for a page that is not there yet, or no more, is lost under Electron, too.
    if (contextId !== null) await this.#deliverTo(contextId, message);
  }

  async setVisibility(isVisible: boolean): Promise<void> {
    await this.page.evaluate(showAs, isVisible).catch((error: unknown) => this.#unlessClosing(error));
  }

  async #build({ world }: Opening): Promise<void> {
    this.#session.on('Runtime.bindingCalled', ({ payload, executionContextId }) =>
      this.#hear(JSON.parse(payload) as FromPage, executionContextId),
    );
    await this.#session.send('Runtime.addBinding', {
      name: BINDING,
      ...(world.contextIsolation && { executionContextName: PRELOAD_WORLD }),
    });
    for (const { source, worldName } of worldScripts(world, randomUUID())) {
      await this.#session.send('Page.addScriptToEvaluateOnNewDocument', {
        source,
        ...(worldName !== null && { worldName }),
      });
    }
  }

  #hear(message: FromPage, contextId: number): void {
    const frame = this.#frames.ofContext(contextId);
    const { windowId } = this;
    if (message.kind === 'key') {
      const { kind: _kind, ...key } = message;
      return this.#app.tell('page.key', { windowId, key });
    }
    if (frame === null) return;
    const { channel, args } = message;
    if (message.kind === 'send') return this.#app.tell('ipc.send', { windowId, frame, channel, args });
    const { id } = message;
    this.#app.ask('ipc.invoke', { windowId, frame, channel, args }).then(
      (value) => this.#deliverTo(contextId, { kind: 'answer', id, value }),
      (error: Error) => this.#deliverTo(contextId, { kind: 'refusal', id, message: error.message }),
    );
  }

  async #deliverTo(contextId: number, message: ToPage): Promise<void> {
    this.#overheard('value' in message ? message.value : 'args' in message ? message.args : message.message);
    const expression = `globalThis.${INBOX}(${JSON.stringify(JSON.stringify(message))})`;
    const { exceptionDetails } = await this.#session
      .send('Runtime.evaluate', { expression, contextId })
      // The page went away meanwhile.
      .catch(() => ({ exceptionDetails: undefined }));
    // What a listener of the preload throws is the page's uncaught error; here it must not be lost.
    if (exceptionDetails)
      throw new Error(`in the preload: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
  }

  #report(): void {
    const { page } = this;
    page.on('domcontentloaded', () => this.#changed({ event: 'dom-ready' }));
    page.on('load', () => {
      this.#changed({ event: 'did-finish-load' });
      // Where the page has gone already, there is no first picture and no title to tell of.
      const nothing = () => undefined;
      page.evaluate(nextFrame).then(() => this.#changed({ event: 'shown-first' }), nothing);
      page.title().then((title) => this.#changed({ event: 'page-title-updated', title }), nothing);
    });
    page.on('crash', () => {
      this.hasCrashed = true;
      this.#changed({ event: 'crashed' });
    });
    page.on('popup', (popup) => void this.#answerPopup(popup));
    page.on('download', (download) => {
      const [url, filename] = [this.#urls.inner(download.url()), download.suggestedFilename()];
      this.#app
        .ask('page.downloading', { windowId: this.windowId, url, filename })
        .then((mayGoOn) => (mayGoOn ? undefined : download.cancel()))
        .catch((error: unknown) => this.#unlessClosing(error));
    });
    this.#frames.onNavigated((frame, isInPage) =>
      this.#changed({
        event: isInPage ? 'did-navigate-in-page' : 'did-navigate',
        url: frame.url,
        isMainFrame: frame.parentId === null,
      }),
    );
    this.#frames.onGone((frameId) => this.#changed({ event: 'frame-gone', frameId }));
  }

  /** Chromium has opened it already, at about:blank: it is asked for, and closed before it shows anything. */
  async #answerPopup(popup: Page): Promise<void> {
    const url = this.#urls.inner(popup.url());
    const isAllowed = await this.#app.ask('page.opening', { windowId: this.windowId, url, frameName: '' });
    await popup.close();
    if (isAllowed) throw new Error('a window that a page opens is not modelled by the stand-in');
  }

  async #answerRoute(route: Route): Promise<void> {
    const request = route.request();
    const url = this.#urls.inner(request.url());
    try {
      if (request.isNavigationRequest() && !(await this.#mayNavigate(request.frame(), url)))
        return await route.abort('aborted');
      const foreign = this.#foreign.get(url);
      if (foreign !== undefined)
        return await route.fulfill({ status: 200, contentType: 'text/html', body: foreign });
      const answered = this.#urls.isApps(request.url())
        ? await this.#app.ask('scheme.request', { url, method: request.method(), headers: request.headers() })
        : null;
      if (answered === null) return await route.abort('namenotresolved');
      const { status, headers, body } = answered;
      await route.fulfill({ status, headers, body: Buffer.from(body) });
    } catch (error) {
      this.#unlessClosing(error);
    }
  }

  async #mayNavigate(frame: Frame, url: string): Promise<boolean> {
    const isTop = frame === this.page.mainFrame();
    if (isTop && this.#browserNavigations > 0) return true;
    const state = this.#frames.ofPlaywright(frame);
    return this.#app.ask('page.navigating', { windowId: this.windowId, url, frame: state, isInPlace: false });
  }

  /** What Electron's loadURL and a test's goto or reload begin is no wish of the page: no will-navigate. */
  #countBrowserNavigations(): void {
    const { page } = this;
    const counted =
      <A extends unknown[], R>(navigate: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        this.#browserNavigations++;
        try {
          return await navigate(...args);
        } finally {
          this.#browserNavigations--;
        }
      };
    page.goto = counted(page.goto.bind(page));
    page.reload = counted(page.reload.bind(page));
    page.goBack = counted(page.goBack.bind(page));
    page.goForward = counted(page.goForward.bind(page));
  }

  #changed(change: DistributiveOmit<Parameters<AppServes['page.changed']>[0], 'windowId'>): void {
    if (!this.#isClosing) this.#app.tell('page.changed', { windowId: this.windowId, ...change });
  }

  #unlessClosing(error: unknown): void {
    if (!this.#isClosing && !this.page.isClosed() && !this.#app.isCut) throw error;
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Runs in the page. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}

/** Runs in the page: what a hidden window's document tells of itself. */
function showAs(isVisible: boolean): void {
  Object.defineProperty(document, 'visibilityState', {
    value: isVisible ? 'visible' : 'hidden',
    configurable: true,
  });
  Object.defineProperty(document, 'hidden', { value: !isVisible, configurable: true });
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
}
