/** Commands as a person would type them. */
import type { SystemId } from '../readings.ts';

/** Words that the system's shell would take apart or change stand in quotes. */
export function commandLine(system: SystemId, tool: string, argv: readonly string[]): string {
  const quoted = system === 'windows' ? quotedForWindows : quotedForShell;
  return [tool, ...argv].map(quoted).join(' ');
}

function quotedForWindows(word: string): string {
  return /^[^\s"&|<>^()]+$/.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`;
}

function quotedForShell(word: string): string {
  // As settings are written: net.ipv4.ip_local_port_range="2048 65000".
  const setting = /^([\w.-]+=)([\w@%+:,./ {}-]+)$/.exec(word);
  if (setting?.[2]?.includes(' ')) return `${setting[1]}"${setting[2]}"`;
  if (/^[\w@%+=:,./{}-]+$/.test(word)) return word;
  return word.includes("'") ? `"${word.replaceAll(/(["$`\\])/g, '\\$1')}"` : `'${word}'`;
}
