/** Notifications of the desktop: what the workbench has to tell while nobody looks at the window. */
import type { BrowserWindow, Notification } from 'electron';
import type { Notice } from '../../../preload/contract-settings.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import type { ElectronParts } from './electron-parts.ts';
import { showWindow } from './main-window.ts';

export interface NotifyOptions {
  electron: Pick<ElectronParts, 'Notification'>;
  window: BrowserWindow;
  workbench: Pick<Workbench, 'subscribe' | 'publish'>;
  log(line: string): void;
}

/** The centre of notifications keeps them; a click on one that was collected as garbage would do nothing. */
const MAX_KEPT = 20;

/** Shows each notice that is raised while the window is not in front. */
export function notifyOnDesktop({ electron, window, workbench, log }: NotifyOptions): void {
  const kept = new Set<Notification>();
  workbench.subscribe((event) => {
    if (event.name !== 'notice.raised' || !isWorthShowing(event.payload, window)) return;
    if (!electron.Notification.isSupported()) return log('This desktop shows no notifications.');
    const { title, body, level } = event.payload;
    const notification = new electron.Notification({
      title,
      body,
      urgency: level === 'critical' ? 'critical' : 'normal',
    });
    const forget = () => void kept.delete(notification);
    notification.on('click', () => {
      forget();
      showWindow(window);
      workbench.publish({ name: 'navigate.requested', payload: destination(event.payload) });
    });
    notification.on('close', forget);
    notification.on('failed', (_event, error) => {
      forget();
      log(`A notification could not be shown: ${error}`);
    });
    kept.add(notification);
    const [oldest] = kept;
    if (kept.size > MAX_KEPT && oldest) kept.delete(oldest);
    notification.show();
  });
}

/** Who looks at the window sees it there; a test is asked for from there. */
function isWorthShowing({ kind }: Notice, window: BrowserWindow): boolean {
  return kind === 'test' || window.isDestroyed() || !window.isFocused();
}

function destination({ kind, poolKey }: Notice) {
  const to = kind === 'worse' ? 'fix' : kind === 'test' ? 'settings' : 'headroom';
  return { to, poolKey: kind === 'test' ? null : poolKey } as const;
}
