/** A line of output in pieces, so that socket states stand out in their colours. */
import { stateKind, type StateKind } from './states.ts';

export interface LinePiece {
  text: string;
  /** Null for everything that is no state. */
  state: StateKind | null;
}

const STATE_WORD =
  /\b(?:TIME[-_]WAIT|ESTAB(?:LISHED)?|LISTEN(?:ING)?|CLOSE[-_]WAIT|SYN[-_](?:SENT|RECV|RECEIVED)|FIN[-_]WAIT[-_]?[12])\b/g;

/** The pieces of a line, in order; together they are the line. */
export function linePieces(line: string): LinePiece[] {
  const pieces: LinePiece[] = [];
  let from = 0;
  for (const match of line.matchAll(STATE_WORD)) {
    if (match.index > from) pieces.push({ text: line.slice(from, match.index), state: null });
    pieces.push({ text: match[0], state: kindOf(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < line.length || pieces.length === 0) pieces.push({ text: line.slice(from), state: null });
  return pieces;
}

function kindOf(word: string): StateKind {
  if (word === 'ESTAB') return 'est';
  if (word === 'LISTENING') return 'listen';
  return stateKind(word === 'SYN_RECEIVED' ? 'SYN_RECV' : word);
}
