/** Programs of macOS: all are part of the system. */
import { toolsOf, type ProgramTable } from './table.ts';

const FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const TOOLS = ['netstat', 'lsof', 'sysctl', 'ps', 'route', 'cat', 'uname', 'sh', 'sudo', 'osascript'];

export const MACOS_PROGRAMS: ProgramTable = new Map(
  toolsOf(FOLDERS, TOOLS, (tool) => `${tool} is a part of macOS that is missing here`),
);
