/** One line of comma-separated values as Export-Csv, ConvertTo-Csv and `tasklist /fo csv` write it. */

/** No listing that is read here has more columns. */
const MAX_CELLS = 200;

/** The cells, with their quotes taken off, or null when a quote is not closed or stands in the middle of a cell. */
export function splitCsvRow(line: string, delimiter: string): string[] | null {
  const cells: string[] = [];
  for (let at = 0; cells.length < MAX_CELLS;) {
    if (line.charAt(at) === '"') {
      const quoted = readQuoted(line, at);
      if (quoted === null) return null;
      cells.push(quoted.value);
      if (quoted.end === line.length) return cells;
      if (!line.startsWith(delimiter, quoted.end)) return null;
      at = quoted.end + delimiter.length;
    } else {
      const end = line.indexOf(delimiter, at);
      cells.push(line.slice(at, end < 0 ? line.length : end));
      if (end < 0) return cells;
      at = end + delimiter.length;
    }
  }
  return null;
}

/** The text between quotes that begin at `from`, doubled quotes being one, and where what follows begins. */
function readQuoted(line: string, from: number): { value: string; end: number } | null {
  for (let at = from + 1; ; at += 2) {
    at = line.indexOf('"', at);
    if (at < 0) return null;
    if (line.charAt(at + 1) !== '"') {
      return { value: line.slice(from + 1, at).replaceAll('""', '"'), end: at + 1 };
    }
  }
}
