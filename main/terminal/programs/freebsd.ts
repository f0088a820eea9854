/** Programs of FreeBSD and its relatives; what is not part of the system comes from ports, in /usr/local. */
import { toolsOf, type ProgramTable } from './table.ts';

const FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const TOOLS = ['netstat', 'sockstat', 'sysctl', 'ps', 'route', 'cat', 'uname', 'sh'];

export const FREEBSD_PROGRAMS: ProgramTable = new Map([
  ...toolsOf(FOLDERS, TOOLS, (tool) => `${tool} is a part of the base system that is missing here`),
  ...toolsOf(['/usr/local/sbin', '/usr/local/bin'], ['lsof'], () => 'lsof comes with pkg install lsof'),
  // doas is part of OpenBSD's base system.
  ...toolsOf(
    ['/usr/local/bin', '/usr/bin'],
    ['sudo', 'doas', 'pkexec'],
    (tool) => `${tool} comes with a package`,
  ),
]);
