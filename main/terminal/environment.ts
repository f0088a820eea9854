/** The environment of every command: built from nothing, so that nothing of ours reaches it (hardening C3). */
import { userInfo } from 'node:os';
import { checkedSystemRoot } from './programs/windows.ts';

export type Environment = Readonly<Record<string, string>>;

/** The same words and numbers everywhere, and no colours. */
const PLAIN: Environment = { LC_ALL: 'C', LANG: 'C', NO_COLOR: '1' };

export function unixEnvironment(path: string): Environment {
  return { PATH: path, ...PLAIN, HOME: homeOfUser() };
}

/** Windows programs do not start, or find no sockets (Winsock), without SystemRoot. */
export function windowsEnvironment(systemRoot: string | undefined): Environment {
  const root = checkedSystemRoot(systemRoot);
  return {
    PATH: `${root}\\System32;${root};${root}\\System32\\Wbem;${root}\\System32\\WindowsPowerShell\\v1.0`,
    ...PLAIN,
    HOME: homeOfUser(),
    SystemRoot: root,
    SystemDrive: root.slice(0, 2),
    windir: root,
    TEMP: `${root}\\Temp`,
  };
}

/** From the user database, not from $HOME, which whoever started us could set. */
function homeOfUser(): string {
  try {
    return userInfo().homedir;
  } catch {
    // A uid without an entry (containers).
    return '/';
  }
}
