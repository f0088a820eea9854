/** Programs of Windows, all below %SystemRoot%\System32. */
import type { ProgramEntry, ProgramTable } from './table.ts';

const DEFAULT_ROOT = 'C:\\Windows';
const TOOLS = ['netstat', 'netsh', 'reg', 'tasklist', 'wevtutil', 'sc', 'whoami'];

export function windowsPrograms(systemRoot: string | undefined): ProgramTable {
  const system = `${checkedSystemRoot(systemRoot)}\\System32`;
  const entryOf = (tool: string, path: string): [string, ProgramEntry] => [
    tool,
    { candidates: [path], hint: `${tool} is a part of Windows that is missing here` },
  ];
  return new Map([
    ...TOOLS.map((tool) => entryOf(tool, `${system}\\${tool}.exe`)),
    entryOf('powershell', `${system}\\WindowsPowerShell\\v1.0\\powershell.exe`),
  ]);
}

/** %SystemRoot% where it has the shape of one; whoever starts us can set it to anything. */
export function checkedSystemRoot(systemRoot: string | undefined): string {
  return systemRoot !== undefined && /^[A-Za-z]:\\[\w .\\-]{1,200}$/.test(systemRoot)
    ? systemRoot.replace(/\\+$/, '')
    : DEFAULT_ROOT;
}
