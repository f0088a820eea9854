/** Where each platform keeps the logs of its programs. */
import { posix, win32 } from 'node:path';

export interface LogFolderInput {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** Of the user. */
  home: string;
}

/**
 * ~/Library/Logs on macOS, %LOCALAPPDATA% on Windows, else below XDG_STATE_HOME (XDG Base Directory Specification:
 * logs are state; a relative value is ignored). Null: no home to put it in.
 */
export function logFolder({ platform, env, home }: LogFolderInput): string | null {
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] ?? '';
    const base = win32.isAbsolute(local) ? local : win32.join(home, 'AppData', 'Local');
    return win32.isAbsolute(base) ? win32.join(base, 'Fourtuple', 'logs') : null;
  }
  if (platform === 'darwin') return below(home, 'Library', 'Logs', 'Fourtuple');
  const state = env['XDG_STATE_HOME'] ?? '';
  return posix.isAbsolute(state)
    ? posix.join(state, 'fourtuple', 'logs')
    : below(home, '.local', 'state', 'fourtuple', 'logs');
}

function below(home: string, ...names: string[]): string | null {
  return posix.isAbsolute(home) ? posix.join(home, ...names) : null;
}
