/** What is said of a helper that ended before it had the rights, or that was lost (hardening F10). Pure. */
import { failureSentence } from '../core/words/failure.ts';
import type { HelperEnd, RightsWay } from './helper.ts';

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
