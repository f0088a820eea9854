/** The command that carries a script with the rights to change something. Pure. */
import { Buffer } from 'node:buffer';
import { quoteForSh } from '../core/fixes/quote.ts';
import type { Outcome } from '../core/model.ts';
import type { HelperCommand, HelperMode, RightsWay } from './helper.ts';

const SHELL = '/bin/sh';
/** Appears as $0: in messages of the shell, and in ps before the words that say what to do. */
const NAME = 'fourtuple';
/** Linux refuses one argument of 128 KiB and more (MAX_ARG_STRLEN); the terminal takes 96 KiB. */
const MAX_SCRIPT_BYTES = 96 * 1024;
/** ProcessStartInfo.Arguments: path and arguments less than 32,699 characters; CreateProcess takes 32,767. */
const MAX_WINDOWS_CHARACTERS = 32_000;

/**
 * What is started: `script` in `mode` with the rights of `way`. A script of sh is told by its first line. Ways that do
 * not speak run its `apply` or `undo`. Failures: 'unavailable' without a way, 'invalid' when the script is too long.
 */
export function helperCommand(way: RightsWay, script: string, mode: HelperMode): Outcome<HelperCommand> {
  if (!script.startsWith('#!/bin/sh\n')) return windowsCommand(way, script, mode);
  if (Buffer.byteLength(script) > MAX_SCRIPT_BYTES) return tooLong();
  const words = mode.kind === 'hold' ? ['hold', String(mode.seconds)] : ['take-back'];
  const shell = ['-c', script, NAME, ...words];
  switch (way) {
    case 'none':
      return speaking('sh', shell);
    case 'sudo':
      return speaking('sudo', ['-p', PROMPT, '--', SHELL, ...shell]);
    case 'doas':
      return speaking('doas', ['--', SHELL, ...shell]);
    case 'pkexec':
      return speaking('pkexec', ['--disable-internal-agent', SHELL, ...shell]);
    case 'osascript':
      return osascriptCommand(script, mode);
    default:
      return noWay();
  }
}

/** %p is the one whose password is asked for (sudo(8)). */
const PROMPT = 'Fourtuple asks for administrator rights. Password of %p: ';

function speaking(tool: string, argv: string[]): Outcome<HelperCommand> {
  return { ok: true, value: { tool, argv, speaks: true } };
}

/**
 * osascript ends with 1 whatever happened; what did stands in brackets at the end of its complaint: -128 is a dismissed
 * window, small numbers are the script's own status.
 */
const OSASCRIPT_RELAY = `said=$(/usr/bin/osascript -e "$1" 2>&1) && { printf '%s\\n' "$said"; exit 0; }
printf '%s\\n' "$said"
case $said in
  *'(-128)') exit 126 ;;
  *'(1)') exit 1 ;;
  *'(2)') exit 2 ;;
  *'(3)') exit 3 ;;
esac
exit 127
`;

function osascriptCommand(script: string, mode: HelperMode): Outcome<HelperCommand> {
  const command = [SHELL, '-c', script, NAME, personMode(mode)].map(quoteForSh).join(' ');
  const told = `do shell script ${appleText(`${command} 2>&1`)} with administrator privileges without altering line endings`;
  if (Buffer.byteLength(told) > MAX_SCRIPT_BYTES) return tooLong();
  return { ok: true, value: { tool: 'sh', argv: ['-c', OSASCRIPT_RELAY, NAME, told], speaks: false } };
}

/** A string of AppleScript: only the quote and the backslash are special in it. */
function appleText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`)}"`;
}

/** The script goes as base64 of UTF-16, in which nothing can be quoted wrongly; no file can be exchanged on the way. */
function windowsCommand(way: RightsWay, script: string, mode: HelperMode): Outcome<HelperCommand> {
  const encoded = Buffer.from(`& {\n${script}\n} ${personMode(mode)}`, 'utf16le').toString('base64');
  const argv = windowsArguments(way, encoded);
  if (argv === null) return noWay();
  if (argv.join(' ').length > MAX_WINDOWS_CHARACTERS) return tooLong();
  return { ok: true, value: { tool: 'powershell', argv, speaks: false } };
}

function windowsArguments(way: RightsWay, encoded: string): string[] | null {
  const quiet = ['-NoProfile', '-NonInteractive'];
  if (way === 'none') return [...quiet, '-EncodedCommand', encoded];
  if (way !== 'uac') return null;
  const inner = [...quiet, '-EncodedCommand', encoded].map((word) => `'${word}'`).join(',');
  // No quote but the single one: node and Windows pass others on in two ways.
  const outer = [
    `try { $helper = Start-Process -FilePath (Join-Path $PSHOME 'powershell.exe') -Verb RunAs -Wait -PassThru -ArgumentList ${inner} }`,
    'catch { [Console]::Error.WriteLine($_.Exception.Message); exit 126 }',
    'exit $helper.ExitCode',
  ];
  return [...quiet, '-Command', outer.join('\n')];
}

function personMode(mode: HelperMode): 'apply' | 'undo' {
  return mode.kind === 'hold' ? 'apply' : 'undo';
}

function noWay(): Outcome<HelperCommand> {
  const why = 'no program that gives them is known here: save the script and run it as administrator';
  return { ok: false, failure: { code: 'unavailable', what: 'the rights for it', why } };
}

function tooLong(): Outcome<HelperCommand> {
  const message =
    'the script is too long to be handed over as it is: save it, look at it and run it as administrator';
  return { ok: false, failure: { code: 'invalid', field: 'script', message } };
}
