/** Blocks of text for a terminal. Pure. */

const WIDTH = 100;

export function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

/** Lines of at most WIDTH characters, each begun with `margin`, the first with `first`. */
export function wrap(text: string, margin: string, first = margin): string {
  const begin = first.length > margin.length ? ' '.repeat(first.length) : margin;
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = begin + word;
    } else {
      line += isEmpty ? word : ` ${word}`;
    }
    isEmpty = false;
  }
  return `${[...lines, line.trimEnd()].join('\n')}\n`;
}
