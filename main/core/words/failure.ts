/** One plain sentence for a failure: what, where, and what to do about it. The only place where these words are made. */
import type { Failure } from '../model.ts';

/** The sentence shown to people for `failure`; ends with a full stop. */
export function failureSentence(failure: Failure): string {
  switch (failure.code) {
    case 'not-permitted':
      return `Not permitted to ${failure.what}: it needs ${failure.needs}.`;
    case 'unsupported':
      return `${capitalised(failure.what)} is not possible here: ${ended(failure.why)}`;
    case 'system':
      return `The system refused ${failure.call}: ${failure.message}${failure.errno === null ? '' : ` (errno ${failure.errno})`}.`;
    case 'unreadable':
      return `Line ${failure.line} of ${failure.source} could not be understood: “${cut(failure.text)}”.`;
    case 'invalid':
      return invalidSentence(failure.field, failure.message);
    case 'gone':
      return `${capitalised(failure.what)} is no longer there. Try again.`;
    case 'unavailable':
      return `${capitalised(failure.what)} is not available: ${ended(failure.why)}`;
    case 'tool-missing':
      return `${failure.tool} is not installed here. ${ended(hintSentence(failure.tool, failure.hint))}`;
  }
}

/** The name of a tool keeps its letters: "ss is in the package iproute2". */
function hintSentence(tool: string, hint: string): string {
  return hint.startsWith(`${tool} `) ? hint : capitalised(hint);
}

/** A message that names its field needs no other introduction. */
function invalidSentence(field: string, message: string): string {
  const isNamed = message.toLowerCase().includes(field.toLowerCase());
  return isNamed ? capitalised(ended(message)) : `${capitalised(field)} is not valid: ${ended(message)}`;
}

/** Longest piece of foreign text quoted in a sentence. */
const MAX_QUOTED = 120;

function cut(text: string): string {
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
