/** The windows of an app as pages of Chromium, and its dialogs: the display's end of the line. */
import type { BrowserContext } from 'playwright-core';
import type { AppServes, DisplayServes, WirePort } from '../wire.ts';
import { Line } from '../wire.ts';
import { WindowPage, type AppLine } from './window-page.ts';

export interface ShownDialog {
  kind: string;
  options: unknown;
  /** What the person chose, as Electron's dialog resolves. */
  answer(value: unknown): void;
}

export interface AppWindowsOptions {
  context: BrowserContext;
  /** Pages of elsewhere that exist, by address: their HTML. */
  foreign: ReadonlyMap<string, string>;
  /** The size of the pages is the test's business. */
  keepsViewport?: boolean;
}

type Opening = Parameters<DisplayServes['window.open']>[0];

export class AppWindows {
  readonly line: AppLine;
  readonly dialogs: ShownDialog[] = [];
  readonly #options: AppWindowsOptions;
  readonly #windows = new Map<number, Promise<WindowPage>>();
  readonly #openings = new Map<number, Opening>();
  readonly #listeners = new Set<(text: string) => void>();
  #resizing: Promise<void> = Promise.resolve();

  constructor(options: AppWindowsOptions, port: WirePort) {
    this.#options = options;
    this.line = new Line<DisplayServes, AppServes>(port, {
      'window.open': async (opening) => {
        this.#openings.set(opening.windowId, opening);
        await this.#openPage(opening);
      },
      'window.load': async ({ windowId, url }) => (await this.#windowOf(windowId)).load(url),
      'window.reload': ({ windowId }) => this.#reload(windowId),
      'window.close': ({ windowId }) => this.#close(windowId),
      'window.resize': (size) => this.#resize(size),
      'window.visibility': async ({ windowId, isVisible }) =>
        (await this.#windowOf(windowId)).setVisibility(isVisible),
      'page.send': async ({ windowId, channel, args }) =>
        (await this.#windowOf(windowId)).deliver({ kind: 'message', channel, args }),
      'theme.change': async ({ colorScheme }) => {
        for (const page of options.context.pages()) await page.emulateMedia({ colorScheme });
      },
      'dialog.show': ({ kind, options: shown }) => this.#show(kind, shown),
    });
  }

  /** The oldest; undefined while there is none. */
  first(): Promise<WindowPage> | undefined {
    return this.#windows.values().next().value;
  }

  overhear(listener: (text: string) => void): void {
    this.#listeners.add(listener);
  }

  async closeAll(): Promise<void> {
    for (const window of this.#windows.values()) {
      await window.then(
        (opened) => opened.close(),
        () => undefined,
      );
    }
    this.#windows.clear();
  }

  #windowOf(windowId: number): Promise<WindowPage> {
    return this.#windows.get(windowId) ?? Promise.reject(new Error(`there is no window ${windowId}`));
  }

  #openPage(opening: Opening): Promise<WindowPage> {
    const { context, foreign, keepsViewport } = this.#options;
    const overheard = (text: string) => this.#listeners.forEach((listener) => listener(text));
    const opened = WindowPage.open({ context, app: this.line, opening, foreign, overheard }).then(
      async (window) => {
        const { width, height } = opening;
        if (!keepsViewport) await window.page.setViewportSize({ width, height });
        return window;
      },
    );
    this.#windows.set(opening.windowId, opened);
    return opened;
  }

  async #close(windowId: number): Promise<void> {
    const window = await this.#windowOf(windowId);
    this.#windows.delete(windowId);
    await window.close();
  }

  /** A page whose process died cannot be loaded again: its place is taken by a new one. */
  async #reload(windowId: number): Promise<void> {
    const window = await this.#windowOf(windowId);
    const opening = this.#openings.get(windowId);
    if (!window.hasCrashed || !opening) return window.reload();
    const { url } = await window.forget();
    const next = await this.#openPage(opening);
    await next.load(url);
  }

  /** One after the other: of two under way at once the earlier may end last. */
  #resize({
    windowId,
    width,
    height,
    zoomFactor,
  }: Parameters<DisplayServes['window.resize']>[0]): Promise<void> {
    this.#resizing = this.#resizing
      .then(() => this.#windowOf(windowId))
      .then(({ page }) =>
        page.setViewportSize({
          width: Math.round(width / zoomFactor),
          height: Math.round(height / zoomFactor),
        }),
      )
      // Of a window that went meanwhile.
      .catch(() => undefined);
    return this.#resizing;
  }

  #show(kind: string, options: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      const dialog: ShownDialog = {
        kind,
        options,
        answer: (value) => {
          this.dialogs.splice(this.dialogs.indexOf(dialog), 1);
          resolve(value);
        },
      };
      this.dialogs.push(dialog);
    });
  }
}
