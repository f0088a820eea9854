/** JSON objects one by one, from an array, from one object, or from objects that follow each other. */

/** ConvertTo-Json makes a few kilobytes of a CIM instance. */
export const MAX_RECORD_CHARACTERS = 1024 * 1024;
/** Of a broken record, for the eye. */
const SHOWN_CHARACTERS = 300;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const NEWLINE = 0x0a;

export interface JsonVisitor {
  /** `text` is its beginning, for a problem. */
  record(fields: ReadonlyMap<string, unknown>, line: number, text: string): void;
  /** An object that is no JSON, with the line it begins on. */
  broken(line: number, text: string, why: string): void;
  /** Text between the objects that is neither "[", "," nor "]". */
  stray(line: number, text: string): void;
}

/**
 * Calls `visitor` for each object at the outermost level; one that is broken costs itself alone. Returns whether the
 * text ends inside an object, which was therefore dropped. Linear; nesting costs nothing but its characters.
 */
export function forEachJsonRecord(text: string, visitor: JsonVisitor): { isCut: boolean } {
  const scanner = new Scanner(text, visitor);
  return { isCut: scanner.run() };
}

class Scanner {
  private readonly text: string;
  private readonly visitor: JsonVisitor;
  private line = 1;
  private lineStart = 0;
  /** Whether something other than white space stood on this line, and the last such character. */
  private hasText = false;
  private lastText = 0;
  private depth = 0;
  /** Of the record that is open. */
  private start = 0;
  private startLine = 1;
  /** Its distance from the start of the line, or -1 where text stands before it. */
  private startColumn = -1;
  private strayFrom = -1;
  private strayLine = 1;
  /** After a broken record the rest of it is no stray text of its own. */
  private isRecovering = false;

  constructor(text: string, visitor: JsonVisitor) {
    this.text = text;
    this.visitor = visitor;
  }

  /** Whether the text ends inside a record. */
  run(): boolean {
    for (let at = 0; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === NEWLINE) this.endLine(at);
      else if (code === OPEN_BRACE) this.openBrace(at);
      else if (code === CLOSE_BRACE && this.depth > 0) this.closeBrace(at);
      else if (code === QUOTE && this.depth > 0) at = this.skipString(at);
      else if (this.depth === 0 && this.strayFrom < 0 && isStray(code)) at = this.beginStray(at);
      if (code > 0x20) {
        this.hasText = true;
        this.lastText = code;
      }
    }
    this.endStray(this.text.length);
    return this.depth > 0;
  }

  private endLine(at: number): void {
    this.endStray(at);
    this.line++;
    this.lineStart = at + 1;
    this.hasText = false;
  }

  private openBrace(at: number): void {
    const column = this.hasText ? -1 : at - this.lineStart;
    // A brace that begins a line no further in than the record itself, and is no value of it: the next record.
    const isNext =
      column >= 0 && column <= this.startColumn && this.lastText !== COLON && this.lastText !== OPEN_BRACKET;
    if (this.depth > 0 && isNext) this.giveUp('a brace is not closed');
    if (this.depth === 0) {
      this.endStray(at);
      this.isRecovering = false;
      this.start = at;
      this.startLine = this.line;
      this.startColumn = column;
    }
    this.depth++;
  }

  private closeBrace(at: number): void {
    this.depth--;
    if (this.depth === 0) visitRecord(this.text.slice(this.start, at + 1), this.startLine, this.visitor);
  }

  /** Where the string that begins at `open` ends. */
  private skipString(open: number): number {
    for (let at = open + 1; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === QUOTE) return at;
      if (code === BACKSLASH && this.text.charCodeAt(at + 1) !== NEWLINE) at++;
      else if (code === NEWLINE) {
        // A string holds no line end, so this record is broken; what follows may be whole again.
        this.giveUp('a quote is not closed');
        return at - 1;
      }
    }
    return this.text.length;
  }

  /** Where to go on. A line that begins with it is all stray: the command of a prompt may hold braces. */
  private beginStray(at: number): number {
    this.strayFrom = at;
    this.strayLine = this.line;
    if (this.hasText) return at;
    const end = this.text.indexOf('\n', at);
    return (end < 0 ? this.text.length : end) - 1;
  }

  private giveUp(why: string): void {
    this.visitor.broken(this.startLine, this.text.slice(this.start, this.start + SHOWN_CHARACTERS), why);
    this.depth = 0;
    this.isRecovering = true;
  }

  private endStray(at: number): void {
    if (this.strayFrom >= 0 && !this.isRecovering) {
      this.visitor.stray(this.strayLine, this.text.slice(this.strayFrom, at));
    }
    this.strayFrom = -1;
  }
}

/** Control characters, spaces and a byte order mark may stand anywhere. */
function isStray(code: number): boolean {
  return code > 0x20 && code !== COMMA && code !== OPEN_BRACKET && code !== CLOSE_BRACKET && code !== 0xfeff;
}

function visitRecord(text: string, line: number, visitor: JsonVisitor): void {
  if (text.length > MAX_RECORD_CHARACTERS) {
    visitor.broken(line, text.slice(0, SHOWN_CHARACTERS), 'the record is too long');
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What is wrong with it matters less than where it is: the caller shows the record and its line.
    visitor.broken(line, text.slice(0, SHOWN_CHARACTERS), 'this is no JSON');
    return;
  }
  if (typeof value === 'object' && value !== null) {
    visitor.record(new Map(Object.entries(value)), line, text.slice(0, SHOWN_CHARACTERS));
  }
}
