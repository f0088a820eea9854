/** One line that a tool or a shell prints when it fails, taken apart. Data lines are not mistaken for one. */
import { reasonOfWords } from './error-words.ts';

export type ErrorCode =
  'tool-missing' | 'not-permitted' | 'not-found' | 'bad-argument' | 'unsupported' | 'owners-hidden';

export interface ErrorLine {
  code: ErrorCode;
  /** What it is about, raw: a tool, a file, a setting, an option. Null when the line does not say. */
  subject: string | null;
}

/** A program speaking: "ss: ", "-bash: ", "/usr/bin/cat: ", "conntrack v1.4.7 (conntrack-tools): ". */
const SPEAKER = /^(-?[\w./+-]{1,200})(?: v[\d.]{1,20} \([\w-]{1,40}\))? ?: /;
const SHELLS: ReadonlySet<string> = new Set([
  'sh',
  'bash',
  'dash',
  'ash',
  'ksh',
  'mksh',
  'zsh',
  'fish',
  'busybox',
]);
/** Longer lines are no message of a tool; hostile ones must not cost more than this. */
const MAX_MESSAGE_CHARACTERS = 2000;
const QUOTED = /^['"‘“`](.{1,400})['"’”`]$/;

/** Null for any line that is no message of a failure known here. */
export function parseErrorLine(line: string): ErrorLine | null {
  if (line.length > MAX_MESSAGE_CHARACTERS) return null;
  return parseSpoken(line) ?? parseUnspoken(line);
}

/** "tool: … : reason". */
function parseSpoken(line: string): ErrorLine | null {
  const speaker = SPEAKER.exec(line);
  if (speaker === null) return null;
  const tool = (speaker[1] ?? '').split('/').at(-1)?.replace(/^-/, '') ?? '';
  const message = line.slice(speaker[0].length).trimEnd();
  return (
    parseShellMessage(tool, message) ??
    parseReason(message) ??
    parseKeyMessage(message) ??
    parseUsage(message)
  );
}

/** What a shell says of a program that is not there; dash says only "not found". */
function parseShellMessage(tool: string, message: string): ErrorLine | null {
  if (!SHELLS.has(tool)) return null;
  const zsh = /^(?:command not found|Unknown command): (\S{1,200})$/i.exec(message);
  if (zsh !== null) return { code: 'tool-missing', subject: zsh[1] ?? null };
  const parts = message.split(': ');
  const words = parts.at(-1) ?? '';
  const isMissing =
    reasonOfWords(words) === 'tool-missing' || words === 'not found' || words === 'applet not found';
  if (!isMissing) return null;
  const subject = (parts.at(-2) ?? '').trim();
  return { code: 'tool-missing', subject: subject === '' ? null : subject };
}

/** "cannot open '/proc/1/fd': Permission denied", "/proc/x: No such file or directory", "permission denied on key 'x'". */
function parseReason(message: string): ErrorLine | null {
  const colon = message.lastIndexOf(': ');
  const reason = reasonOfWords(colon < 0 ? message : message.slice(colon + 2));
  if (reason === null) return null;
  return { code: reason, subject: colon < 0 ? null : subjectOf(message.slice(0, colon)) };
}

/** sysctl of procps, busybox and BSD; conntrack. */
function parseKeyMessage(message: string): ErrorLine | null {
  const denied = /^permission denied on key ['"](.{1,300})['"]/i.exec(message);
  if (denied !== null) return { code: 'not-permitted', subject: denied[1] ?? null };
  const unreadable = /^reading key ['"](.{1,300})['"]/.exec(message);
  if (unreadable !== null) return { code: 'not-permitted', subject: unreadable[1] ?? null };
  const unknown =
    /^(?:error: )?['"](.{1,300})['"] is an unknown key$/.exec(message) ??
    /^unknown oid ['"](.{1,300})['"]$/.exec(message);
  if (unknown !== null) return { code: 'not-found', subject: unknown[1] ?? null };
  if (/\byou must be root\b|\bCAP_NET_ADMIN\b/.test(message)) return { code: 'not-permitted', subject: null };
  return null;
}

function parseUsage(message: string): ErrorLine | null {
  const option =
    /^(?:unrecognized|invalid|unknown|illegal) option(?: character)?[: ]*(?:-- )?['"`]?([^'"`]{1,100})['"]?$/.exec(
      message,
    );
  if (option !== null) return { code: 'bad-argument', subject: option[1]?.trim() ?? null };
  const state = /^wrong state name: (.{1,100})$/.exec(message);
  return state === null ? null : { code: 'bad-argument', subject: state[1] ?? null };
}

/** First letters of the messages below: rows of data are many, and few begin so. */
const UNSPOKEN_START = /^(?:SOCK|RTNE|Cannot|error|Option|Device|SELinux|\()/;

/** Messages that do not begin with the name of their program. */
function parseUnspoken(line: string): ErrorLine | null {
  if (!UNSPOKEN_START.test(line)) return null;
  const answer = /^(SOCK_DESTROY|RTNETLINK) answers: (.{1,100})$/.exec(line);
  if (answer !== null) {
    return { code: reasonOfWords(answer[2] ?? '') ?? 'unsupported', subject: answer[1] ?? null };
  }
  const netlink = /^Cannot open netlink socket: (.{1,100})$/.exec(line);
  if (netlink !== null) return { code: reasonOfWords(netlink[1] ?? '') ?? 'unsupported', subject: 'netlink' };
  const key = /^error: (.{1,300})$/.exec(line);
  if (key !== null) return parseKeyMessage(key[1] ?? '');
  const option = /^Option "(.{1,100})" is unknown, try "ip -help"\.$/.exec(line);
  if (option !== null) return { code: 'bad-argument', subject: option[1] ?? null };
  const device = /^(?:Device|Cannot find device) "(.{1,100})"(?: does not exist\.)?$/.exec(line);
  if (device !== null) return { code: 'not-found', subject: device[1] ?? null };
  if (line === 'SELinux is not enabled on this machine.') return { code: 'unsupported', subject: 'SELinux' };
  if (OWNERS_HIDDEN.test(line)) return { code: 'owners-hidden', subject: null };
  return null;
}

/** net-tools in any language names the call in its notice; its second wording is English only. busybox has its own. */
const OWNERS_HIDDEN =
  /^\(.{0,80}geteuid\(\)=\d{1,10} .{1,80}\)$|^\(Not all processes could be identified|^\(.{0,80}geteuid\(\)=\d{1,10}\b/;

/** What a message is about: what it quotes, else its last word. */
function subjectOf(message: string): string {
  const text = message.trim();
  const quote = /['"‘“`]([^'"’”`]{1,400})['"’”`]$/.exec(text);
  const subject = quote?.[1] ?? text.slice(text.lastIndexOf(' ') + 1);
  return QUOTED.exec(subject)?.[1] ?? subject;
}
