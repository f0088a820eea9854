/** Socket states in a transcript, coloured as everywhere else, where the output brings no colours of its own. */

/** Indices of xterm's extended palette, from 16 on; see readTheme for what they are. */
const COLOURS: readonly (readonly [RegExp, number])[] = [
  [/\bTIME[-_]WAIT\b/g, 16],
  [/\bESTAB(?:LISHED)?\b/g, 17],
  [/\bLISTEN(?:ING)?\b/g, 18],
  [/\bCLOSE[-_]WAIT\b/g, 19],
  [/\bSYN[-_](?:SENT|RECV|RECEIVED)\b/g, 20],
];

/** The text with its states coloured; the same text where it holds an escape sequence. */
export function colourStates(text: string): string {
  if (text.includes('\x1b')) return text;
  return COLOURS.reduce(
    (coloured, [word, index]) => coloured.replace(word, `\x1b[38;5;${index}m$&\x1b[39m`),
    text,
  );
}
