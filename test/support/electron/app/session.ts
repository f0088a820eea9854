/** `session.defaultSession`: who may do what in a page, and its downloads. */
import type * as Electron from 'electron';
import { PERMISSIONS } from '../display/permissions.ts';
import { appState, onlyWhenReady } from './app-state.ts';
import { serve } from './display-line.ts';
import { emitPreventable, ModelledEmitter } from './modelled.ts';
import { protocolPart } from './protocol.ts';

type RequestHandler = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>;
type CheckHandler = NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>;
type DeviceHandler = NonNullable<Parameters<Electron.Session['setDevicePermissionHandler']>[0]>;
type MediaHandler = NonNullable<Parameters<Electron.Session['setDisplayMediaRequestHandler']>[0]>;
type Modelled = Pick<
  Electron.Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
>;

class StandInSession extends ModelledEmitter implements Modelled {
  #request: RequestHandler | null = null;
  #check: CheckHandler | null = null;
  #device: DeviceHandler | null = null;
  #media: MediaHandler | null = null;

  constructor() {
    super('electron.Session');
  }

  get protocol(): typeof protocolPart {
    return protocolPart;
  }

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.#request = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.#check = handler;
  }

  setDevicePermissionHandler(handler: DeviceHandler | null): void {
    this.#device = handler;
  }

  setDisplayMediaRequestHandler(handler: MediaHandler | null): void {
    this.#media = handler;
  }

  /** Which of the four handlers hardening E6 wants are there. */
  handlers(): Record<string, boolean> {
    return {
      request: this.#request !== null,
      check: this.#check !== null,
      device: this.#device !== null,
      media: this.#media !== null,
    };
  }

  /** What a page of this address gets when it asks for everything: Electron grants what nobody handles. */
  async permissionsOf(contents: Electron.WebContents, url: string): Promise<Record<string, boolean>> {
    const granted: Record<string, boolean> = {};
    for (const name of Object.keys(PERMISSIONS)) {
      const permission = name as Parameters<RequestHandler>[1] & Parameters<CheckHandler>[1];
      const origin = `${new URL(url).protocol}//${new URL(url).host}/`;
      const details = { requestingUrl: url, isMainFrame: true };
      const isChecked = this.#check?.(contents, permission, origin, details as never) ?? true;
      const isGranted = await new Promise<boolean>((resolve) =>
        this.#request ? this.#request(contents, permission, resolve, details as never) : resolve(true),
      );
      granted[name] = isChecked && isGranted;
    }
    return granted;
  }

  mayDownload(contents: Electron.WebContents, url: string, filename: string): boolean {
    const item = { getURL: () => url, getFilename: () => filename } satisfies Partial<Electron.DownloadItem>;
    const isPrevented = emitPreventable(this, 'will-download', {}, item, contents);
    // A short one may have ended before Chromium could be told to cancel it.
    if (isPrevented) appState.openedOutside.push({ kind: 'download prevented', what: url });
    return !isPrevented;
  }
}

export const defaultSession = new StandInSession();

export const sessionPart = {
  get defaultSession(): StandInSession {
    onlyWhenReady('Session can only be received when app is ready');
    return defaultSession;
  },
};

serve({
  'session.permissions': ({ windowId, url }) => {
    const contents = contentsOf(windowId);
    // Asked before the page is there: the handlers ask where the contents is.
    return defaultSession.permissionsOf(
      new Proxy(contents, {
        get: (target, key) => (key === 'getURL' ? () => url : Reflect.get(target, key)),
      }),
      url,
    );
  },
  'page.downloading': ({ windowId, url, filename }) =>
    defaultSession.mayDownload(contentsOf(windowId), url, filename),
});

function contentsOf(windowId: number): Electron.WebContents {
  const window = appState.windows.find(({ id }) => id === windowId);
  if (!window) throw new Error(`there is no window ${windowId}`);
  return window.webContents as unknown as Electron.WebContents;
}
