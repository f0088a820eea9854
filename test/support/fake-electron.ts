/** Electron's parts as far as the desktop host uses them; nothing here starts Electron. */
import { EventEmitter } from 'node:events';
import type { IpcRenderer } from 'electron';
import type { ElectronParts } from '../../main/hosts/desktop/electron-parts.ts';
import {
  FakeDesktop,
  FakeNotification,
  FakeScreen,
  FakeTheme,
  FakeTray,
  type MenuItem,
} from './fake-desktop.ts';

/** A frame as webContents' senderFrame gives it. */
export interface FakeFrame {
  url: string;
  parent: object | null;
  detached: boolean;
  isDestroyed(): boolean;
}

export function fakeFrame(change: Partial<FakeFrame> = {}): FakeFrame {
  return {
    url: 'app://fourtuple/index.html',
    parent: null,
    detached: false,
    isDestroyed: () => false,
    ...change,
  };
}

type InvokeHandler = (event: unknown, ...args: unknown[]) => unknown;

/** Both ends of the IPC: the main process registers, and a page invokes from a frame of the test's choice. */
export class FakeIpc {
  readonly handlers = new Map<string, InvokeHandler>();
  readonly listeners = new EventEmitter();

  handle(channel: string, handler: InvokeHandler): void {
    if (this.handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.handlers.set(channel, handler);
  }

  on(channel: string, listener: (...args: unknown[]) => void): this {
    this.listeners.on(channel, listener);
    return this;
  }

  /** What ipcRenderer.invoke does, with Electron's cloning on the way there and back. */
  async invoke(
    sender: FakeContents,
    frame: FakeFrame | null,
    channel: string,
    ...args: unknown[]
  ): Promise<unknown> {
    const handler = this.handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    const cloned = args.map((arg) => structuredClone(arg));
    return structuredClone(await handler({ sender, senderFrame: frame }, ...cloned));
  }

  /** The page's ipcRenderer. */
  rendererOf(
    contents: FakeContents,
    frame: FakeFrame = fakeFrame(),
  ): Pick<IpcRenderer, 'invoke' | 'on' | 'send'> {
    const renderer = {
      invoke: (channel: string, ...args: unknown[]) => this.invoke(contents, frame, channel, ...args),
      on: (channel: string, listener: (event: unknown, payload: unknown) => void) =>
        contents.toPage.on(channel, (payload: unknown) => listener({ sender: 'secret' }, payload)),
      send: (channel: string) => void this.listeners.emit(channel, { sender: contents, senderFrame: frame }),
    };
    return renderer as unknown as Pick<IpcRenderer, 'invoke' | 'on' | 'send'>;
  }
}

export class FakeContents extends EventEmitter {
  /** What was sent to the page. */
  readonly toPage = new EventEmitter();
  sentCount = 0;
  reloads = 0;
  zoomLevels: number[] = [];
  url = 'app://fourtuple/index.html';
  windowOpen: ((details: { url: string }) => { action: string }) | null = null;

  send(channel: string, payload: unknown): void {
    this.sentCount++;
    this.toPage.emit(channel, structuredClone(payload));
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpen = handler;
  }

  reload(): void {
    this.reloads++;
  }

  getURL(): string {
    return this.url;
  }
  isDestroyed(): boolean {
    return false;
  }
  setZoomLevel(level: number): void {
    this.zoomLevels.push(level);
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly options: unknown;
  loaded: string[] = [];
  isShown = false;
  isMax = false;
  isMin = false;
  isFull = false;
  isGone = false;
  isInFront = false;
  focuses = 0;
  colours: string[] = [];
  bounds = { x: 10, y: 20, width: 1200, height: 800 };

  constructor(options: unknown) {
    super();
    this.options = options;
    FakeWindow.made.push(this);
  }

  /** Every window since the last reset, oldest first. */
  static made: FakeWindow[] = [];

  loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    return Promise.resolve();
  }
  show(): void {
    this.isShown = true;
  }
  hide(): void {
    this.isShown = false;
  }
  isVisible(): boolean {
    return this.isShown;
  }
  focus(): void {
    this.focuses++;
  }
  isFocused(): boolean {
    return this.isInFront;
  }
  setFullScreen(isFull: boolean): void {
    this.isFull = isFull;
    this.emit(isFull ? 'enter-full-screen' : 'leave-full-screen');
  }
  isFullScreen(): boolean {
    return this.isFull;
  }
  setBackgroundColor(colour: string): void {
    this.colours.push(colour);
  }
  getBounds() {
    return this.bounds;
  }
  setBounds(bounds: FakeWindow['bounds']): void {
    this.bounds = bounds;
  }
  minimize(): void {
    this.isMin = true;
  }
  restore(): void {
    this.isMin = false;
  }
  isMinimized(): boolean {
    return this.isMin;
  }
  maximize(): void {
    this.isMax = true;
  }
  unmaximize(): void {
    this.isMax = false;
  }
  isMaximized(): boolean {
    return this.isMax;
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  getNormalBounds() {
    return this.bounds;
  }
  /** As a person closes it: listeners may keep it. */
  close(): void {
    let isKept = false;
    this.emit('close', { preventDefault: () => (isKept = true) });
    if (isKept) return;
    this.isGone = true;
    this.emit('closed');
  }
}

export class FakeSession extends EventEmitter {
  permissionRequest: ((contents: unknown, permission: string, answer: (ok: boolean) => void) => void) | null =
    null;
  permissionCheck: ((contents: unknown, permission: string, origin: string) => boolean) | null = null;
  devicePermission: (() => boolean) | null = null;
  displayMedia: ((request: unknown, answer: (streams: unknown) => void) => void) | null = null;

  setPermissionRequestHandler(handler: FakeSession['permissionRequest']): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: FakeSession['permissionCheck']): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: FakeSession['devicePermission']): void {
    this.devicePermission = handler;
  }
  setDisplayMediaRequestHandler(handler: FakeSession['displayMedia']): void {
    this.displayMedia = handler;
  }
}

export class FakeUtilityProcess extends EventEmitter {
  pid: number | undefined = 4711;
  readonly posted: unknown[] = [];
  kills = 0;

  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  kill(): boolean {
    this.kills++;
    return true;
  }
}

export class FakeApp extends EventEmitter {
  isPackaged = true;
  hasLock = true;
  /** What a second start gives to the first. */
  handedOver: unknown = null;
  /** Names of what was done, in order. */
  readonly steps: string[] = [];
  readonly userData: string;

  constructor(userData: string) {
    super();
    this.userData = userData;
  }
  requestSingleInstanceLock(handed: unknown): boolean {
    this.steps.push('lock');
    this.handedOver = handed;
    return this.hasLock;
  }
  setAppUserModelId(id: string): void {
    this.steps.push(`app id ${id}`);
  }
  exit(status: number): void {
    this.steps.push(`exit ${status}`);
  }
  enableSandbox(): void {
    this.steps.push('enableSandbox');
  }
  whenReady(): Promise<void> {
    this.steps.push('whenReady');
    return Promise.resolve();
  }
  getPath(): string {
    return this.userData;
  }
  quit(): void {
    this.steps.push('quit');
    this.emit('before-quit');
    this.emit('will-quit', { preventDefault: () => this.steps.push('quit prevented') });
  }
}

export interface FakeElectron {
  parts: ElectronParts;
  app: FakeApp;
  ipc: FakeIpc;
  session: FakeSession;
  /** Sampler processes, oldest first. */
  utilities: FakeUtilityProcess[];
  /** Handlers by scheme. */
  protocols: Map<string, (request: Request) => Promise<Response>>;
  screen: FakeScreen;
  theme: FakeTheme;
  desktop: FakeDesktop;
  /** The application menu. */
  menu(): MenuItem[];
}

export function fakeElectron(userData: string): FakeElectron {
  FakeWindow.made = [];
  FakeTray.made = [];
  FakeNotification.made = [];
  const app = new FakeApp(userData);
  const ipc = new FakeIpc();
  const session = new FakeSession();
  const utilities: FakeUtilityProcess[] = [];
  const protocols: FakeElectron['protocols'] = new Map();
  const screen = new FakeScreen();
  const theme = new FakeTheme();
  const desktop = new FakeDesktop();
  let menu: MenuItem[] = [];
  const parts = {
    app,
    BrowserWindow: FakeWindow,
    ipcMain: ipc,
    Menu: {
      buildFromTemplate: (template: unknown) => template,
      setApplicationMenu: (next: MenuItem[]) => {
        app.steps.push('menu');
        menu = next;
      },
    },
    nativeTheme: theme,
    Tray: FakeTray,
    Notification: FakeNotification,
    nativeImage: { createFromPath: (path: string) => ({ path }) },
    dialog: { showOpenDialog: async () => desktop.chosen },
    shell: {
      openExternal: async (url: string) => {
        if (desktop.fails) throw new Error('no browser');
        desktop.opened.push(url);
      },
      showItemInFolder: (path: string) => desktop.shownFiles.push(path),
    },
    protocol: {
      registerSchemesAsPrivileged: () => app.steps.push('schemes'),
      handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
        protocols.set(scheme, handler),
    },
    screen,
    session: { defaultSession: session },
    utilityProcess: {
      fork: () => {
        const child = new FakeUtilityProcess();
        utilities.push(child);
        return child;
      },
    },
  };
  return {
    parts: parts as unknown as ElectronParts,
    app,
    ipc,
    session,
    utilities,
    protocols,
    screen,
    theme,
    desktop,
    menu: () => menu,
  };
}
