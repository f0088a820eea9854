/** Electron's permission handlers decide; Chromium is told once for each address what they said. */
import type { CDPSession, Page } from 'playwright-core';

/** Electron's name of a permission, and Chromium's. */
export const PERMISSIONS: Readonly<Record<string, { name: string }>> = {
  'clipboard-sanitized-write': { name: 'clipboard-write' },
  'clipboard-read': { name: 'clipboard-read' },
  geolocation: { name: 'geolocation' },
  notifications: { name: 'notifications' },
  midi: { name: 'midi' },
  'idle-detection': { name: 'idle-detection' },
  'window-management': { name: 'window-management' },
};

/** What they said holds as long as the session that told it: it ends with the browser. */
export async function setPermissions(
  session: CDPSession,
  page: Page,
  origin: string,
  allowed: Record<string, boolean>,
): Promise<void> {
  if (origin === 'null') return;
  const browser = page.context().browser();
  if (!browser) throw new Error('a page without a browser');
  const { targetInfo } = await session.send('Target.getTargetInfo');
  const { browserContextId } = targetInfo;
  const whole = await browser.newBrowserCDPSession();
  for (const [name, permission] of Object.entries(PERMISSIONS)) {
    const setting = allowed[name] === true ? 'granted' : 'denied';
    await whole.send('Browser.setPermission', { permission, setting, origin, browserContextId });
  }
}
