/** `webContents` of a window, and its frames. What happens in the page is told by the display. */
import type * as Electron from 'electron';
import type { FrameState } from '../wire.ts';
import type { StandInWindow } from './browser-window.ts';
import { display } from './display-line.ts';
import { emitPreventable, ModelledEmitter } from './modelled.ts';
import { defaultSession } from './session.ts';
import { ipcValues } from './ipc-main.ts';
import { StandInFrame } from './web-frame.ts';

type Modelled = Pick<
  Electron.WebContents,
  | 'id'
  | 'loadURL'
  | 'reload'
  | 'send'
  | 'getURL'
  | 'getTitle'
  | 'isDestroyed'
  | 'isCrashed'
  | 'isLoading'
  | 'focus'
  | 'setZoomFactor'
  | 'getZoomFactor'
  | 'setZoomLevel'
  | 'getZoomLevel'
  | 'setBackgroundThrottling'
  | 'setVisualZoomLevelLimits'
>;
type OpenHandler = (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse;

let nextId = 1;
/** Of Chromium: a level is a step of a fifth. */
const ZOOM_STEP = 1.2;

export class StandInContents extends ModelledEmitter implements Modelled {
  readonly id = nextId++;
  readonly #window: StandInWindow;
  readonly #preferences: Electron.WebPreferences;
  readonly #frames = new Map<string, StandInFrame>();
  #openHandler: OpenHandler | null = null;
  #url = '';
  #title = '';
  #zoomLevel = 0;
  #size: Electron.Size | null = null;
  #isLoading = false;
  #isCrashed = false;
  #isDestroyed = false;

  constructor(window: StandInWindow, preferences: Electron.WebPreferences) {
    super('electron.webContents');
    this.#window = window;
    this.#preferences = preferences;
  }

  get session(): typeof defaultSession {
    return defaultSession;
  }

  get mainFrame(): StandInFrame {
    this.#alive();
    const top = [...this.#frames.values()].find(({ parent }) => parent === null);
    return top ?? this.frameOf({ id: 'top', url: this.#url, parentId: null });
  }

  async loadURL(url: string): Promise<void> {
    this.#alive();
    this.#isLoading = true;
    await display.ask('window.load', { windowId: this.#window.id, url });
  }

  reload(): void {
    this.#alive();
    this.#isCrashed = false;
    display.tell('window.reload', { windowId: this.#window.id });
  }

  send(channel: string, ...args: unknown[]): void {
    this.#alive();
    display.tell('page.send', { windowId: this.#window.id, channel, args: ipcValues.encode(args) });
  }

  getURL(): string {
    this.#alive();
    return this.#url;
  }

  getTitle(): string {
    this.#alive();
    return this.#title;
  }

  getLastWebPreferences(): Electron.WebPreferences {
    return this.#preferences;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  isCrashed(): boolean {
    return this.#isCrashed;
  }

  isLoading(): boolean {
    return this.#isLoading;
  }

  focus(): void {
    this.#alive();
    this.#window.focus();
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#alive();
    this.#openHandler = handler;
  }

  setZoomFactor(factor: number): void {
    this.setZoomLevel(Math.log(factor) / Math.log(ZOOM_STEP));
  }

  getZoomFactor(): number {
    this.#alive();
    return ZOOM_STEP ** this.#zoomLevel;
  }

  setZoomLevel(level: number): void {
    this.#alive();
    this.#zoomLevel = level;
    const { width, height } = this.#window.getBounds();
    this.#tellSize(width, height);
  }

  getZoomLevel(): number {
    this.#alive();
    return this.#zoomLevel;
  }

  setBackgroundThrottling(_allowed: boolean): void {
    this.#alive();
  }

  async setVisualZoomLevelLimits(_minimum: number, _maximum: number): Promise<void> {
    this.#alive();
  }

  /** By the window. */
  resize(width: number, height: number): void {
    if (this.#size?.width !== width || this.#size.height !== height) this.#tellSize(width, height);
  }

  destroy(): void {
    this.#isDestroyed = true;
    for (const frame of this.#frames.values()) frame.destroy();
    this.emit('destroyed');
  }

  /** The same object for the same frame, as long as it is there. */
  frameOf({ id, url, parentId }: FrameState): StandInFrame {
    const known = this.#frames.get(id);
    if (known) {
      known.move(url);
      return known;
    }
    const parent = parentId === null ? null : (this.#frames.get(parentId) ?? this.mainFrame);
    const frame = new StandInFrame(url, parent);
    this.#frames.set(id, frame);
    return frame;
  }

  forgetFrame(id: string): void {
    this.#frames.get(id)?.destroy();
    this.#frames.delete(id);
  }

  happened(event: string, ...args: unknown[]): void {
    if (!this.#isDestroyed) this.emit(event, {}, ...args);
  }

  navigated(url: string, isInPage: boolean, isMainFrame: boolean): void {
    if (isMainFrame) this.#url = url;
    if (isInPage) this.happened('did-navigate-in-page', url, isMainFrame);
    else if (isMainFrame) this.happened('did-navigate', url, 200, 'OK');
    else this.happened('did-frame-navigate', url, 200, 'OK', false);
  }

  finishedLoading(): void {
    this.#isLoading = false;
    this.happened('did-finish-load');
  }

  titled(title: string): void {
    this.#title = title;
    emitPreventable(this, 'page-title-updated', {}, title, true);
  }

  crashed(): void {
    this.#isCrashed = true;
    this.happened('render-process-gone', { reason: 'crashed', exitCode: 139 });
  }

  /** Whether a navigation that the page began may go on. */
  mayNavigate(url: string, frame: FrameState): boolean {
    const isMainFrame = frame.parentId === null;
    const details = { url, isMainFrame, isSameDocument: false, frame: this.frameOf(frame), initiator: null };
    if (emitPreventable(this, 'will-frame-navigate', details)) return false;
    if (!isMainFrame) return true;
    return !emitPreventable(this, 'will-navigate', details, url, false, true, 0, 0);
  }

  mayOpen(url: string, frameName: string): boolean {
    if (!this.#openHandler) return true;
    const details = {
      url,
      frameName,
      features: '',
      disposition: 'foreground-tab',
      referrer: { url: '', policy: 'no-referrer' },
    };
    return this.#openHandler(details as Electron.HandlerDetails).action === 'allow';
  }

  #tellSize(width: number, height: number): void {
    this.#size = { width, height };
    display.tell('window.resize', {
      windowId: this.#window.id,
      width,
      height,
      zoomFactor: this.getZoomFactor(),
    });
  }

  #alive(): void {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed');
  }
}
