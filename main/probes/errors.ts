/** What the tools of a system print when they fail, recognised, with a sentence that says what to do about it. */
import type { SystemId } from '../core/readings.ts';
import { sanitiseText } from '../core/sanitise.ts';
import { parseErrorLine, type ErrorCode, type ErrorLine } from './error-lines.ts';
import { forEachLine } from './lines.ts';
import { recogniseWindowsError, type WindowsErrorCode } from './windows/errors.ts';

export interface RecognisedError {
  code: ErrorCode | 'nothing-found';
  /** What is missing and what helps; ends with a full stop. */
  sentence: string;
}

/** A message about a part hides less than one about the whole. */
const BY_WEIGHT: readonly ErrorCode[] = [
  'tool-missing',
  'bad-argument',
  'not-permitted',
  'unsupported',
  'not-found',
  'owners-hidden',
];
const MAX_SUBJECT_CHARACTERS = 100;

/**
 * The weightiest message of failure in what a tool or a shell printed, in any of the languages known, or null when there
 * is none. Linear in the text. Lines of data are not taken for messages: a message names its program or has a fixed form.
 * Those of Windows have neither, so they are looked for (at the start) only where `system` does not rule them out.
 */
export function recogniseError(text: string, system: SystemId | null = null): RecognisedError | null {
  let found: ErrorLine | null = null;
  forEachLine(text, (line) => {
    const error = parseErrorLine(line);
    if (error !== null && (found === null || weight(error) < weight(found))) found = error;
  });
  if (found !== null) return { code: codeOf(found), sentence: sentenceOf(found) };
  if (system !== null && system !== 'windows') return null;
  const windows = recogniseWindowsError(text);
  return windows === null ? null : { code: WINDOWS_CODES[windows.code], sentence: windows.sentence };
}

const WINDOWS_CODES: Readonly<Record<WindowsErrorCode, RecognisedError['code']>> = {
  'needs-elevation': 'not-permitted',
  'access-denied': 'not-permitted',
  'owner-not-told': 'owners-hidden',
  'command-unknown': 'tool-missing',
  'not-found': 'not-found',
  'nothing-found': 'nothing-found',
  'scripts-blocked': 'unsupported',
};

/** A line that says why something is not there to be read, as the parts of an 'absent' fact; null for any other line. */
export function absentFromError(line: string): { name: string; why: string } | null {
  const error = parseErrorLine(line);
  if (error === null || error.subject === null) return null;
  if (error.code !== 'not-found' && error.code !== 'not-permitted') return null;
  const why = error.code === 'not-found' ? 'it does not exist here' : 'reading it is not permitted';
  return { name: sanitiseText(error.subject), why };
}

function weight(error: ErrorLine): number {
  return BY_WEIGHT.indexOf(error.code);
}

function codeOf(error: ErrorLine): ErrorCode {
  return error.code;
}

function sentenceOf(error: ErrorLine): string {
  const subject = error.subject === null ? null : sanitiseText(error.subject, MAX_SUBJECT_CHARACTERS);
  switch (error.code) {
    case 'tool-missing':
      return `${subject ?? 'The tool'} is not installed there, or not where programs are looked for: install the package that brings it.`;
    case 'not-permitted':
      return permissionSentence(subject);
    case 'not-found':
      return notFoundSentence(subject);
    case 'bad-argument':
      return `This version of the tool does not know ${subject === null ? 'an option' : `“${subject}”`}: a newer version may.`;
    case 'unsupported':
      return `This kernel does not answer that question${subject === null ? '' : ` (${subject})`}.`;
    case 'owners-hidden':
      return 'Processes of other users are not named: run it as root to see them all.';
  }
}

function permissionSentence(subject: string | null): string {
  if (subject === 'SOCK_DESTROY') {
    return 'The kernel refused to end the connections: that takes root (CAP_NET_ADMIN), and nothing was changed.';
  }
  return `The system refused access${subject === null ? '' : ` to ${subject}`}: run it as root.`;
}

function notFoundSentence(subject: string | null): string {
  if (subject === null) return 'What was asked for does not exist here.';
  // Mounted with hidepid=2, /proc has no entry for what other users run.
  if (/^\/proc\/\d+\//.test(subject))
    return `Process ${subject.split('/')[2] ?? ''} has ended, or is hidden from this user (hidepid).`;
  if (subject.includes('nf_conntrack')) {
    return `${subject} does not exist here: the kernel tracks no connections (module nf_conntrack is not loaded).`;
  }
  return `${subject} does not exist here: this kernel does not have it, or not in this network namespace.`;
}
