/** Cuts a filter text into tokens: separated by white space, with double quotes for text that holds any. */

/** A stretch of a token, with quotes and escapes resolved. */
export interface TokenPart {
  text: string;
  quoted: boolean;
}

export interface Token {
  /** UTF-16 indices into the filter text; `end` is after the last character. */
  start: number;
  end: number;
  negated: boolean;
  parts: TokenPart[];
  /** False when a quote was opened and not closed. */
  closed: boolean;
}

/** All tokens of a text, in order. Inside quotes a backslash takes the next character literally. */
export function splitTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (isSpace(text, at)) {
      at++;
      continue;
    }
    const token = readToken(text, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** Splits the parts at commas that stand outside quotes. An item is quoted when any of it was. */
export function splitList(parts: readonly TokenPart[]): TokenPart[] {
  const items: TokenPart[] = [{ text: '', quoted: false }];
  for (const part of parts) {
    const pieces = part.quoted ? [part.text] : part.text.split(',');
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) items.push({ text: '', quoted: false });
      const last = items[items.length - 1];
      if (last === undefined) continue;
      last.text += piece;
      last.quoted ||= part.quoted;
    }
  }
  return items;
}

/** A value as it must be written: plain where it can only mean itself, else in quotes. */
export function quoteValue(text: string): string {
  if (/^[a-z0-9_.][a-z0-9_.\-/]*$/i.test(text)) return text;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function readToken(text: string, start: number): Token {
  const negated = text[start] === '-';
  const token: Token = { start, end: start, negated, parts: [], closed: true };
  let at = negated ? start + 1 : start;
  while (at < text.length && !isSpace(text, at)) {
    at = text[at] === '"' ? readQuoted(text, at, token) : readPlain(text, at, token);
  }
  token.end = at;
  return token;
}

function readPlain(text: string, start: number, token: Token): number {
  let at = start;
  while (at < text.length && text[at] !== '"' && !isSpace(text, at)) at++;
  token.parts.push({ text: text.slice(start, at), quoted: false });
  return at;
}

function readQuoted(text: string, start: number, token: Token): number {
  let value = '';
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    if (text[at] === '\\' && at + 1 < text.length) at++;
    value += text[at];
    at++;
  }
  token.parts.push({ text: value, quoted: true });
  token.closed = at < text.length;
  return token.closed ? at + 1 : at;
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text[at] ?? '');
}
