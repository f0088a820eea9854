/** Whether there is a place on this desktop where a tray icon would be seen. */
import { askNameHasOwner } from './dbus.ts';

export interface TrayHostInput {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** Undefined where the system has none. */
  uid: number | undefined;
}

/** Owned by whatever draws StatusNotifierItem icons (freedesktop.org); GNOME has none without an extension. */
const WATCHER = 'org.kde.StatusNotifierWatcher';
/** Nobody waits for it but the tray; a session that is just starting is slow. */
const TIMEOUT_MS = 3000;

/**
 * Windows and macOS always have one. Elsewhere the session bus is asked, because Electron makes a tray icon that nobody
 * sees without a word: what is not known to be there counts as missing.
 */
export async function hasTrayHost({ platform, env, uid }: TrayHostInput): Promise<boolean> {
  if (platform === 'win32' || platform === 'darwin') return true;
  const runtime = env['XDG_RUNTIME_DIR'];
  // An address in the environment may hold spaces and commas escaped; a folder of ours does not.
  const address = env['DBUS_SESSION_BUS_ADDRESS'] ?? (runtime ? `unix:path=${runtime}/bus` : '');
  if (address === '' || uid === undefined) return false;
  return (await askNameHasOwner({ address, uid, name: WATCHER, timeoutMs: TIMEOUT_MS })) === true;
}
