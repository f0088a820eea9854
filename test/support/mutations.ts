/** Recordings damaged as the world damages them, for parser properties. */
import fc from 'fast-check';

/** Pieces that parsers stumble over: control and hidden characters, brackets, quotes, long runs, words of the trade. */
const HOSTILE = [
  ...[
    '\0',
    '\x1b[2J',
    '\x1b]0;x\x07',
    '\r',
    '\t',
    '\v',
    '\u202e',
    '\u2028',
    '\ufeff',
    '\ud800',
    '"',
    "'",
    '\\',
  ],
  ...[
    '(',
    ')',
    '((',
    '))',
    '[',
    ']',
    ':',
    '::',
    '*',
    '%',
    '.',
    ',',
    '/',
    '-',
    '->',
    '<->',
    '=',
    '0',
    '99999999999',
  ],
  ...[
    'users:((',
    '",pid=1,fd=2))',
    'timer:(on,',
    'cgroup:',
    'tcp',
    'TCP',
    'ESTAB',
    'LISTEN',
    'IPv4',
    'PID/',
    '(LISTEN)',
  ],
  ...['ÖÄÜ', '受信', ' '.repeat(300), 'x'.repeat(300)],
] as const;

/** Any text: mostly pieces that look like something, in lines. */
export function hostileText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(' ', ' ', '\n', '\r\n'),
  );
  return fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
}

export interface Mutation {
  /** Index of the line that was changed. */
  lineIndex: number;
  lines: string[];
}

/** `text` with hostile pieces put into one line (any but the first `spared`), or with that line's end cut off. */
export function mutatedLine(text: string, spared: number): fc.Arbitrary<Mutation> {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return fc
    .tuple(
      fc.integer({ min: spared, max: lines.length - 1 }),
      fc.nat({ max: 400 }),
      fc.nat({ max: 30 }),
      fc.constantFrom(...HOSTILE.filter((piece) => !piece.includes('\n'))),
    )
    .map(([lineIndex, at, removed, piece]) => {
      const line = lines[lineIndex] ?? '';
      const where = at % (line.length + 1);
      const changed = line.slice(0, where) + piece + line.slice(where + removed);
      return { lineIndex, lines: lines.with(lineIndex, changed) };
    });
}
