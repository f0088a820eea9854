/** The report's own Markdown in blocks, to look at before it leaves. Not a reader of Markdown in general. Pure. */

export interface TextPiece {
  text: string;
  isStrong: boolean;
}
export type MarkdownBlock =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph'; pieces: TextPiece[] }
  | { kind: 'list'; isOrdered: boolean; items: string[] }
  | { kind: 'table'; rows: string[]; more: number }
  | { kind: 'output'; lines: number };

/** Rows of a table that are shown. */
const SHOWN_ROWS = 5;

export function markdownBlocks(text: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  let fence: { mark: string; lines: number } | null = null;
  for (const line of text.split('\n')) {
    if (fence) {
      if (line === fence.mark) {
        blocks.push({ kind: 'output', lines: fence.lines });
        fence = null;
      } else fence.lines++;
      continue;
    }
    const mark = /^(`{3,})/.exec(line)?.[1];
    if (mark !== undefined) fence = { mark, lines: 0 };
    else addLine(blocks, line);
  }
  // The text may have been cut within it.
  if (fence) blocks.push({ kind: 'output', lines: fence.lines });
  return blocks;
}

function addLine(blocks: MarkdownBlock[], line: string): void {
  const last = blocks.at(-1);
  const heading = /^(#{1,6}) (.*)$/.exec(line);
  const item = /^(-|\d+\.) (.*)$/.exec(line);
  if (line.trim() === '') return;
  if (heading) {
    blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: plain(heading[2] ?? '') });
  } else if (item) {
    const isOrdered = item[1] !== '-';
    const words = plain(item[2] ?? '');
    if (last?.kind === 'list' && last.isOrdered === isOrdered) last.items.push(words);
    else blocks.push({ kind: 'list', isOrdered, items: [words] });
  } else if (line.startsWith('|')) addRow(blocks, line);
  else blocks.push({ kind: 'paragraph', pieces: piecesOf(line) });
}

/** The line of dashes below a head begins the table; the head says what the caption above it has said. */
function addRow(blocks: MarkdownBlock[], line: string): void {
  const last = blocks.at(-1);
  if (/^\|[\s:|-]+\|$/.test(line)) return;
  const row = line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => plain(cell.trim()))
    .filter((cell) => cell !== '')
    .join(' · ');
  if (last?.kind !== 'table') blocks.push({ kind: 'table', rows: [row], more: 0 });
  else if (last.rows.length < SHOWN_ROWS) last.rows.push(row);
  else last.more++;
}

function piecesOf(line: string): TextPiece[] {
  return line
    .split(/(?<!\\)\*\*/)
    .map((text, index) => ({ text: plain(text), isStrong: index % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

/** Without the backslashes and joiners that keep foreign text inert. */
function plain(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])/g, '$1').replaceAll('\u2060', '');
}
