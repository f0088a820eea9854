/** Keeps the window on its page and without permissions (hardening E5, E6). */
import type { App, Session, WebContents } from 'electron';
import { APP_ORIGIN, isAppUrl } from './app-protocol.ts';

/** Everything that would take a page elsewhere is prevented, for every web contents there will ever be. */
export function guardContents(contents: WebContents): void {
  const prevent = (event: { preventDefault(): void }) => event.preventDefault();
  contents.on('will-navigate', prevent);
  contents.on('will-frame-navigate', prevent);
  contents.on('will-redirect', prevent);
  contents.on('will-attach-webview', prevent);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Writing plain text to the clipboard after a click: the Copy buttons. Reading it stays denied. */
const ALLOWED_PERMISSION = 'clipboard-sanitized-write';

/** Denies every permission and device but that one, and every download but the page's own export. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(permission === ALLOWED_PERMISSION && isAppUrl(contents.getURL())),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin) =>
      permission === ALLOWED_PERMISSION && isAppUrl(`${origin.replace(/\/$/, '')}/`),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.on('will-download', (event, item) => {
    if (!isOwnExport(item.getURL())) event.preventDefault();
  });
}

/** Applies both to all there is and all that will be. */
export function guardApp(app: App): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  app.on('session-created', guardSession);
}

/** A CSV export is a blob the page itself has made. */
function isOwnExport(url: string): boolean {
  return url.startsWith(`blob:${APP_ORIGIN}/`);
}
