/** What the display tells of the pages, passed on to their windows. */
import { appState } from './app-state.ts';
import type { StandInWindow } from './browser-window.ts';
import { serve } from './display-line.ts';

function windowOf(windowId: number): StandInWindow | null {
  return appState.windows.find(({ id }) => id === windowId) ?? null;
}

serve({
  'page.changed': ({ windowId, ...change }) => {
    const contents = windowOf(windowId)?.webContents;
    if (!contents) return;
    if (change.event === 'did-finish-load') contents.finishedLoading();
    else if (change.event === 'dom-ready') contents.happened('dom-ready');
    else if (change.event === 'shown-first') contents.happened('-shown-first');
    else if (change.event === 'did-navigate' || change.event === 'did-navigate-in-page')
      contents.navigated(change.url, change.event === 'did-navigate-in-page', change.isMainFrame);
    else if (change.event === 'did-fail-load')
      contents.happened('did-fail-load', -2, change.description, change.url, true);
    else if (change.event === 'page-title-updated') contents.titled(change.title);
    else if (change.event === 'frame-gone') contents.forgetFrame(change.frameId);
    else contents.crashed();
  },
  'page.navigating': ({ windowId, url, frame }) =>
    windowOf(windowId)?.webContents.mayNavigate(url, frame) ?? false,
  'page.opening': ({ windowId, url, frameName }) =>
    windowOf(windowId)?.webContents.mayOpen(url, frameName) ?? false,
});
