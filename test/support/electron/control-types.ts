/** What a test sees of the app from outside its pages, and what a person or the system does there. */
import type { DisplayPlan } from './app/start-options.ts';
import type { FrameState } from './wire.ts';

export interface WindowView {
  id: number;
  title: string;
  url: string;
  bounds: { x: number; y: number; width: number; height: number };
  normalBounds: { x: number; y: number; width: number; height: number };
  isVisible: boolean;
  isFocused: boolean;
  isMinimized: boolean;
  isMaximized: boolean;
  isFullScreen: boolean;
  zoomFactor: number;
  backgroundColor: string;
  /** As it was made, but for functions. */
  madeWith: Record<string, unknown>;
}

export interface MenuItemView {
  /** "View › Zoom In", without the mark of the key. */
  path: string;
  id: string;
  role: string | null;
  accelerator: string | null;
  isEnabled: boolean;
  isVisible: boolean;
  isChecked: boolean;
}

export interface AppView {
  windows: WindowView[];
  menu: MenuItemView[];
  trays: { toolTip: string; image: string; isTemplate: boolean; menu: MenuItemView[] }[];
  notifications: { title: string; body: string }[];
  /** Links, folders and error boxes that were opened, downloads that were prevented; oldest first. */
  outside: { kind: string; what: string }[];
  /** Channels that ipcMain handles. */
  channels: string[];
  /** Which handlers of permissions the session has. */
  sessionHandlers: Record<string, boolean>;
  themeSource: string;
  isSandboxed: boolean;
}

export type WindowDeed =
  | 'close'
  | 'minimize'
  | 'restore'
  | 'maximize'
  | 'unmaximize'
  | 'focus'
  | 'blur'
  | 'enterFullScreen'
  | 'leaveFullScreen';

/** By name: what the test gives, what it gets. */
export interface Controls {
  look(details: null): AppView;
  /** Chooses the item of this path; throws when there is none or it is disabled. */
  'menu.choose'(details: { path: string }): void;
  /** As if the keys had been pressed with no page before them; false when no item has them. */
  'menu.press'(details: { accelerator: string }): boolean;
  'tray.click'(details: { index: number }): void;
  'tray.choose'(details: { index: number; path: string }): void;
  'notification.click'(details: { index: number }): void;
  'window.do'(details: { windowId: number; deed: WindowDeed }): void;
  /** By the person's mouse. */
  'window.place'(details: { windowId: number; bounds: Partial<WindowView['bounds']> }): void;
  'displays.change'(details: { displays: DisplayPlan[] }): void;
  'theme.change'(details: { theme: 'light' | 'dark' }): void;
  /** An event of the app that the system causes: activate, open-file. */
  'app.event'(details: { name: string; args: unknown[] }): void;
  'power.event'(details: { name: 'suspend' | 'resume' }): void;
  quit(details: null): void;
  /** As a page that has taken over its own process would ask; gives the answer, or throws its message. */
  'ipc.ask'(details: {
    windowId: number;
    frame: FrameState | null;
    channel: string;
    args: unknown[];
  }): unknown;
}
