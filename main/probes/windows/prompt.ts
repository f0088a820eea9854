/** What stands around an output in a paste from a console window: prompts, and the banner of cmd.exe. */

import type { ReadingBuilder } from '../reading-builder.ts';

/** No prompt or banner that matters is longer; the rest of a longer line is not looked at. */
const MAX_LOOK = 1000;
const CMD_OR_POWERSHELL = /^(?:\[[^\]]{1,100}\]: )?(?:PS )?[A-Za-z]:\\[^<>|"]{0,260}>\s{0,8}(.*)$/;
/** Inside netsh the context stands in the prompt: "netsh interface ipv4>". */
const NETSH = /^(netsh(?: [a-z0-9]{1,20}){0,3})>\s{0,8}(.*)$/i;
/** "Microsoft Windows [Version 10.0.19044.1766]"; the word for version is translated. */
const VERSION = /^Microsoft(?:\(R\))? Windows[^[]{0,40}\[[^\]\d]{0,40}(\d{1,3}(?:\.\d{1,6}){1,3})\]/i;

/** Below the version; in every language it names the company in Latin letters. */
const COPYRIGHT = /^(?:\(c\)|©|copyright).{0,200}Microsoft/i;

/** The command that was typed after a prompt ("" when none was), or null when the line is no prompt. */
export function commandAfterPrompt(line: string): string | null {
  const start = line.slice(0, MAX_LOOK).trimEnd();
  const netsh = NETSH.exec(start);
  if (netsh) return `${netsh[1] ?? ''} ${netsh[2] ?? ''}`.trim();
  return CMD_OR_POWERSHELL.exec(start)?.[1]?.trim() ?? null;
}

/**
 * Whether a line is of the banner of cmd.exe. The version of Windows that it names becomes the note "windows-version",
 * by which stack.ts knows a system before Vista.
 */
export function readBanner(line: string, number: number, builder: ReadingBuilder): boolean {
  const trimmed = line.slice(0, MAX_LOOK).trim();
  const version = versionInBanner(trimmed);
  if (version === null) return COPYRIGHT.test(trimmed);
  builder.fact({ line: number, kind: 'note', name: 'windows-version', value: version });
  return true;
}

/** "10.0.19044.1766" from the banner of cmd.exe, or null when the line is none. */
function versionInBanner(trimmed: string): string | null {
  return VERSION.exec(trimmed)?.[1] ?? null;
}

/** The family that a netsh command asks about, or null when it is no such command. */
export function familyOfNetshCommand(command: string): 4 | 6 | null {
  if (!/\bnetsh\b/i.test(command)) return null;
  const family = /\bipv([46])\b/i.exec(command)?.[1];
  return family === undefined ? null : family === '4' ? 4 : 6;
}
