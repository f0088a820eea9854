/** How the rights to change a setting are had on a system, and what is said when they were not (hardening F10). Pure. */
import type { Outcome } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import type { HelperEnd, RightsWay } from './helper.ts';

export interface Rights {
  way: RightsWay;
  /** Who asks, and where. */
  sentence: string;
  /** Null when a plan can be carried out; else why not, and what to do instead. */
  obstacle: string | null;
}

/** Finds a tool of the table of programs (main/terminal/programs.ts). */
export type FindTool = (tool: string) => Outcome<string>;

const SENTENCES: Record<Exclude<RightsWay, 'missing'>, string> = {
  none: 'Fourtuple has the rights already: nobody asks for a password.',
  sudo: 'sudo asks for your password in the terminal; Fourtuple keeps nothing of what you type.',
  doas: 'doas asks for your password in the terminal; Fourtuple keeps nothing of what you type.',
  pkexec: 'A window of your desktop asks for a password (polkit); Fourtuple does not see it.',
  uac: 'Windows asks whether to go on (User Account Control).',
  osascript: 'A window of macOS asks for a password; Fourtuple does not see it.',
};

/** Best first: those that ask in the terminal the person looks at; pkexec needs a desktop with an agent. */
const POSIX_WAYS = ['sudo', 'doas', 'pkexec'] as const;
const MACOS_WAYS = ['sudo', 'osascript'] as const;

export function chooseRights(platform: NodeJS.Platform, isElevated: boolean, findTool: FindTool): Rights {
  if (isElevated) return { way: 'none', sentence: SENTENCES.none, obstacle: null };
  const has = (tool: string) => findTool(tool).ok;
  if (platform === 'win32') return has('powershell') ? chosen('uac') : missing('powershell is not here');
  const ways = platform === 'darwin' ? MACOS_WAYS : POSIX_WAYS;
  const way = ways.find(has);
  return way === undefined ? missing(`Neither ${listed(ways)} can be used here`) : chosen(way);
}

function chosen(way: Exclude<RightsWay, 'missing'>): Rights {
  return { way, sentence: SENTENCES[way], obstacle: null };
}

function missing(why: string): Rights {
  const obstacle = `${why}, so the rights cannot be had from here: save the script and run it as administrator.`;
  return { way: 'missing', sentence: obstacle, obstacle };
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} nor ${names.at(-1)}`;
}

const UNCHANGED = 'Nothing was changed.';
const BY_HAND = 'Save the script and run it as administrator, or ask whoever administers this machine.';

/**
 * One or two sentences: what happened and what to do. `sawReady`: it had the rights; then values may be changed, and
 * the journal says which. `printed`: the end of what it printed, which tells apart what sudo ends alike (LC_ALL=C).
 */
export function sayHelperEnd(way: RightsWay, end: HelperEnd, sawReady: boolean, printed = ''): string {
  if (sawReady) return sayLost(end);
  switch (end.kind) {
    case 'failed':
      return `${failureSentence(end.failure)} ${UNCHANGED}`;
    case 'signalled':
      return `The helper was ended (${end.signal}) before it had the rights. ${UNCHANGED} Apply again.`;
    case 'exited':
      return `${sayDenied(way, end.exitCode, printed)}`;
  }
}

function sayLost(end: HelperEnd): string {
  const what =
    end.kind === 'failed'
      ? failureSentence(end.failure)
      : end.kind === 'signalled'
        ? `The helper was killed (${end.signal}) before it could put anything back.`
        : `The helper ended in an unexpected way (exit status ${end.exitCode}).`;
  return `${what} What it had changed may be in force still: the journal shows it and takes it back.`;
}

function sayDenied(way: RightsWay, exitCode: number, printed: string): string {
  switch (way) {
    case 'sudo':
      return saySudo(exitCode, printed);
    case 'doas':
      return `doas did not give the rights: the password was wrong, or doas.conf does not allow it. ${UNCHANGED} Apply again, or: ${BY_HAND}`;
    case 'pkexec':
      return sayPkexec(exitCode, printed);
    case 'uac':
      return exitCode === 126
        ? `The question of User Account Control was dismissed. ${UNCHANGED} Apply again and choose Yes.`
        : sayOther('PowerShell', exitCode);
    case 'osascript':
      return exitCode === 126
        ? `The window that asks for a password was dismissed. ${UNCHANGED} Apply again and give it.`
        : sayOther('osascript', exitCode);
    case 'none':
    case 'missing':
      return sayOther('The shell', exitCode);
  }
}

/** sudo ends with 1 in each of these cases. */
function saySudo(exitCode: number, printed: string): string {
  if (/is not in the sudoers file|not allowed to (?:execute|run)/.test(printed)) {
    return `This account may not use sudo for it. ${UNCHANGED} ${BY_HAND}`;
  }
  if (/no new privileges/.test(printed)) {
    return `sudo cannot give rights here: this program was started without the right to gain any (a container or a sandbox). ${UNCHANGED} ${BY_HAND}`;
  }
  if (/incorrect password attempt|Sorry, try again/.test(printed)) {
    return `The password was wrong too often. ${UNCHANGED} Apply again.`;
  }
  if (/a terminal is required|no tty present|a password is required/.test(printed)) {
    return `sudo got no password. ${UNCHANGED} Apply again and type it where sudo asks.`;
  }
  if (exitCode !== 1) return sayOther('sudo', exitCode);
  return `sudo did not give the rights: the password was wrong, or this account may not use sudo. ${UNCHANGED} Apply again, or: ${BY_HAND}`;
}

/** pkexec(1): 126 dismissed or not authorised, 127 no agent to ask, or another error. */
function sayPkexec(exitCode: number, printed: string): string {
  if (exitCode === 126 && /not authorized/i.test(printed)) {
    return `polkit does not give this account the rights. ${UNCHANGED} ${BY_HAND}`;
  }
  if (exitCode === 126)
    return `The window that asks for a password was dismissed. ${UNCHANGED} Apply again and give it.`;
  if (exitCode === 127) {
    return `Nothing on this desktop can ask for a password: polkit found no agent. ${UNCHANGED} ${BY_HAND}`;
  }
  return sayOther('pkexec', exitCode);
}

function sayOther(who: string, exitCode: number): string {
  return `${who} ended with ${exitCode} before anything began. ${UNCHANGED} ${BY_HAND}`;
}
