/** What the parts of the stand-in's main process know of each other. */
import type { StandInWindow } from './browser-window.ts';

export const appState = {
  isReady: false,
  /** Between before-quit and the end, unless a window or listener stops it. */
  isQuitting: false,
  isSandboxed: false,
  /** Newest last. */
  windows: [] as StandInWindow[],
  schemes: null as { scheme: string; isSecure: boolean }[] | null,
  /** Called when the last window is gone. */
  onWindowsGone: () => {},
  /** Called when a window refused to close. */
  onCloseRefused: () => {},
  onContentsCreated: (_contents: object) => {},
  onFocusChange: (_window: StandInWindow, _isFocused: boolean) => {},
  /** What the test wants to see of what has left the app: links, notifications, images of the tray. */
  openedOutside: [] as { kind: string; what: string }[],
};

/** Electron refuses much before it is ready. */
export function onlyWhenReady(sentence: string): void {
  if (!appState.isReady) throw new Error(sentence);
}
