/** `BrowserWindow`: its size, state and events here, its page at the display. */
import type * as Electron from 'electron';
import { appState, onlyWhenReady } from './app-state.ts';
import { display } from './display-line.ts';
import { emitPreventable, ModelledEmitter } from './modelled.ts';
import { checkWebPreferences } from './web-preferences.ts';
import { chosenTheme, pageWorld } from './page-world.ts';
import { StandInContents } from './web-contents.ts';
import { WindowPlace } from './window-place.ts';

type Modelled = Pick<
  Electron.BrowserWindow,
  | 'id'
  | 'title'
  | 'loadURL'
  | 'reload'
  | 'close'
  | 'destroy'
  | 'isDestroyed'
  | 'show'
  | 'showInactive'
  | 'hide'
  | 'isVisible'
  | 'focus'
  | 'blur'
  | 'isFocused'
  | 'minimize'
  | 'isMinimized'
  | 'restore'
  | 'maximize'
  | 'unmaximize'
  | 'isMaximized'
  | 'setFullScreen'
  | 'isFullScreen'
  | 'getBounds'
  | 'setBounds'
  | 'getNormalBounds'
  | 'getContentBounds'
  | 'getSize'
  | 'setSize'
  | 'getMinimumSize'
  | 'setMinimumSize'
  | 'setBackgroundColor'
  | 'getBackgroundColor'
  | 'setTitle'
  | 'getTitle'
  | 'setTitleBarOverlay'
  | 'setMenuBarVisibility'
  | 'setAutoHideMenuBar'
>;

let nextId = 1;

export class StandInWindow extends ModelledEmitter implements Modelled {
  readonly id = nextId++;
  readonly webContents: StandInContents;
  /** As it was made, for the test. */
  readonly madeWith: Electron.BrowserWindowConstructorOptions;
  title: string;
  readonly #place: WindowPlace;
  #backgroundColor: string;
  #isVisible: boolean;
  #isFocused = false;
  #isMinimized = false;
  #isDestroyed = false;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super('electron.BrowserWindow');
    onlyWhenReady('Cannot create BrowserWindow before app is ready');
    const preferences = checkWebPreferences(options.webPreferences ?? {});
    this.madeWith = options;
    this.title = options.title ?? 'Electron';
    this.#backgroundColor = options.backgroundColor ?? '#FFFFFF';
    this.#isVisible = options.show !== false;
    this.#place = new WindowPlace(
      options,
      (name) => this.emit(name),
      () => this.#resizePage(),
    );
    this.webContents = new StandInContents(this, preferences);
    appState.windows.push(this);
    const { width, height } = this.#place.bounds;
    display.tell('window.open', {
      windowId: this.id,
      world: pageWorld(preferences),
      width,
      height,
      backgroundColor: this.#backgroundColor,
      colorScheme: chosenTheme(),
      schemes: appState.schemes ?? [],
    });
    appState.onContentsCreated(this.webContents);
    this.webContents.on('-shown-first', () => this.emit('ready-to-show'));
    this.webContents.on('page-title-updated', (event: { preventDefault(): void }, title: string) => {
      if (!emitPreventable(this, 'page-title-updated', {}, title, true)) this.title = title;
      void event;
    });
    if (this.#isVisible) this.focus();
  }

  static getAllWindows(): StandInWindow[] {
    return [...appState.windows];
  }

  static getFocusedWindow(): StandInWindow | null {
    return appState.windows.find((window) => window.isFocused()) ?? null;
  }

  static fromWebContents(contents: object): StandInWindow | null {
    return appState.windows.find((window) => window.webContents === contents) ?? null;
  }

  static fromId(id: number): StandInWindow | null {
    return appState.windows.find((window) => window.id === id) ?? null;
  }

  loadURL(url: string): Promise<void> {
    this.#alive();
    return this.webContents.loadURL(url);
  }

  reload(): void {
    this.#alive();
    this.webContents.reload();
  }

  /** Asks: a listener of 'close' can prevent it. */
  close(): void {
    this.#alive();
    if (emitPreventable(this, 'close')) return appState.onCloseRefused();
    this.destroy();
  }

  /** Does not ask. */
  destroy(): void {
    if (this.#isDestroyed) return;
    this.#setFocus(false);
    this.#isDestroyed = true;
    appState.windows.splice(appState.windows.indexOf(this), 1);
    this.webContents.destroy();
    this.emit('closed');
    display.tell('window.close', { windowId: this.id });
    // As Electron does it: not within the event of the window itself.
    if (appState.windows.length === 0)
      setImmediate(() => appState.windows.length === 0 && appState.onWindowsGone());
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  show(): void {
    this.#alive();
    this.#setVisible(true);
    this.#setFocus(true);
  }

  showInactive(): void {
    this.#alive();
    this.#setVisible(true);
  }

  hide(): void {
    this.#alive();
    this.#setFocus(false);
    this.#setVisible(false);
  }

  isVisible(): boolean {
    this.#alive();
    return this.#isVisible;
  }

  focus(): void {
    this.#alive();
    if (this.#isVisible && !this.#isMinimized) this.#setFocus(true);
  }

  blur(): void {
    this.#alive();
    this.#setFocus(false);
  }

  isFocused(): boolean {
    this.#alive();
    return this.#isFocused;
  }

  minimize(): void {
    this.#alive();
    if (this.#isMinimized) return;
    this.#setFocus(false);
    this.#isMinimized = true;
    this.#showPage();
    this.emit('minimize');
  }

  isMinimized(): boolean {
    this.#alive();
    return this.#isMinimized;
  }

  restore(): void {
    this.#alive();
    if (!this.#isMinimized) return;
    this.#isMinimized = false;
    this.#showPage();
    this.emit('restore');
    this.#setFocus(true);
  }

  maximize(): void {
    this.#alive();
    this.#place.maximize();
    // Also shows it, as documented.
    this.#setVisible(true);
  }

  unmaximize(): void {
    this.#alive();
    this.#place.unmaximize();
  }

  isMaximized(): boolean {
    this.#alive();
    return this.#place.isMaximized;
  }

  setFullScreen(flag: boolean): void {
    this.#alive();
    this.#place.setFullScreen(flag);
  }

  isFullScreen(): boolean {
    this.#alive();
    return this.#place.isFullScreen;
  }

  getBounds(): Electron.Rectangle {
    this.#alive();
    return { ...this.#place.bounds };
  }

  getContentBounds(): Electron.Rectangle {
    return this.getBounds();
  }

  getNormalBounds(): Electron.Rectangle {
    this.#alive();
    return { ...this.#place.normal };
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#alive();
    this.#place.setBounds(bounds);
  }

  getSize(): number[] {
    const { width, height } = this.getBounds();
    return [width, height];
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  getMinimumSize(): number[] {
    this.#alive();
    return [this.#place.minimum.width, this.#place.minimum.height];
  }

  setMinimumSize(width: number, height: number): void {
    this.#alive();
    this.#place.setMinimum({ width, height });
  }

  setBackgroundColor(color: string): void {
    this.#alive();
    this.#backgroundColor = color;
  }

  getBackgroundColor(): string {
    this.#alive();
    return this.#backgroundColor;
  }

  setTitle(title: string): void {
    this.#alive();
    this.title = title;
  }

  getTitle(): string {
    this.#alive();
    return this.title;
  }

  setTitleBarOverlay(options: Electron.TitleBarOverlayOptions): void {
    this.#alive();
    if (!this.madeWith.titleBarOverlay) throw new Error('Titlebar overlay is not enabled');
    appState.openedOutside.push({ kind: 'title bar', what: JSON.stringify(options) });
  }

  /** No menu bar is drawn here: its items are chosen by the test. */
  setMenuBarVisibility(_visible: boolean): void {
    this.#alive();
  }

  setAutoHideMenuBar(_hide: boolean): void {
    this.#alive();
  }

  #setVisible(isVisible: boolean): void {
    if (this.#isVisible === isVisible) return;
    this.#isVisible = isVisible;
    this.#showPage();
    this.emit(isVisible ? 'show' : 'hide');
  }

  #setFocus(isFocused: boolean): void {
    if (this.#isFocused === isFocused) return;
    this.#isFocused = isFocused;
    this.emit(isFocused ? 'focus' : 'blur');
    appState.onFocusChange(this, isFocused);
  }

  #showPage(): void {
    display.tell('window.visibility', {
      windowId: this.id,
      isVisible: this.#isVisible && !this.#isMinimized,
    });
  }

  #resizePage(): void {
    const { width, height } = this.#place.bounds;
    this.webContents.resize(width, height);
  }

  #alive(): void {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed');
  }
}
