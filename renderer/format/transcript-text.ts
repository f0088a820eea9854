/** What a command printed, as lines for the eye (hardening T1): nothing in them can move, hide or turn the text. */

/** Characters shown of one line; the rest is counted. */
export const MAX_LINE_CHARACTERS = 1000;

/** Control, format and bidi characters, lone surrogates, separators, and whatever a font draws as nothing. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** The lines of a text, numbered as the parsers number them: LF or CRLF ends a line, a last empty one is none. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A line with tabs kept, hidden characters as escapes and an overlong end counted. */
export function visibleLine(line: string): string {
  const whole = line.endsWith('\r') ? line.slice(0, -1) : line;
  const cut = whole.length > MAX_LINE_CHARACTERS ? whole.slice(0, MAX_LINE_CHARACTERS) : whole;
  const shown = cut.replace(HIDDEN, (character) => (character === '\t' ? character : escapeOf(character)));
  const left = whole.length - cut.length;
  return left === 0 ? shown : `${shown}… (${left.toLocaleString('en-US')} more characters)`;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** A command's output as a text file: how it came about, then what was printed. */
export interface TranscriptFile {
  command: string;
  startedAtMs: number;
  asUser: string;
  endSentence: string | null;
  exitCode: number | null;
  sha256: string | null;
  /** What is missing, in a sentence; null when nothing is. */
  missing: string | null;
  text: string;
}

/** The text of the file, with lines that begin with "#" before the output. */
export function printTranscript(file: TranscriptFile): string {
  const head = [
    `# command: ${visibleLine(file.command)}`,
    `# time: ${new Date(file.startedAtMs).toISOString()}`,
    `# as: ${file.asUser}`,
    ...(file.endSentence === null ? [] : [`# ended: ${file.endSentence}`]),
    ...(file.exitCode === null ? [] : [`# exit: ${file.exitCode}`]),
    ...(file.sha256 === null ? [] : [`# sha256 of the output: ${file.sha256}`]),
    ...(file.missing === null ? [] : [`# ${file.missing}`]),
  ];
  return `${head.join('\n')}\n\n${file.text}`;
}
