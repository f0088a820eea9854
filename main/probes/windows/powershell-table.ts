/** The tables of PowerShell's Format-Table: a heading over one or more lines, a line of dashes, then the rows. */

interface Column {
  /** Name in lower case; the pieces of a heading that was broken over several lines, joined. */
  name: string;
  /** Where its dashes begin and end. */
  start: number;
  end: number;
}

/** A table whose columns are known. */
export class PowerShellTable {
  private readonly columns: readonly Column[];

  /** `dashes` is the line of dashes, `heading` the lines above it from the top. */
  constructor(dashes: string, heading: readonly string[]) {
    const columns: Column[] = [];
    for (const match of dashes.matchAll(/-+/g)) {
      columns.push({ name: '', start: match.index, end: match.index + match[0].length });
    }
    this.columns = columns;
    for (const line of heading) {
      for (const { text, start, end } of tokensOf(line)) {
        const column = this.columnAt(start, end);
        if (column !== undefined) column.name += text.toLowerCase();
      }
    }
  }

  /** Whether there is a column of this name (lower case). */
  has(name: string): boolean {
    return this.columns.some((column) => column.name === name);
  }

  /** The values of a row by the names of their columns; a column without one is absent. */
  read(row: string): Map<string, string> {
    const values = new Map<string, string>();
    for (const { text, start, end } of tokensOf(row)) {
      const name = this.columnAt(start, end)?.name;
      if (name === undefined) continue;
      const before = values.get(name);
      values.set(name, before === undefined ? text : `${before} ${text}`);
    }
    return values;
  }

  /**
   * Whose dashes lie under the text: a value keeps to the left or to the right end of its heading. Text beside all of
   * them (the end of a date) goes with the column before it.
   */
  private columnAt(start: number, end: number): Column | undefined {
    let before: Column | undefined;
    for (const column of this.columns) {
      if (start < column.end && column.start < end) return column;
      if (column.start <= start) before = column;
    }
    return before ?? this.columns[0];
  }
}

/** Whether a line is the one below a heading: two or more groups of dashes and nothing else. */
export function isDashLine(line: string): boolean {
  return line.length <= 4096 && /^ *-+(?: +-+)+ *$/.test(line);
}

function tokensOf(line: string): { text: string; start: number; end: number }[] {
  return [...line.matchAll(/\S+/g)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}
