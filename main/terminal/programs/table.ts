/** What a table of programs holds. */

export interface ProgramEntry {
  /** Absolute paths, best first. */
  candidates: readonly string[];
  /** What brings it where it is missing, as a clause. */
  hint: string;
}

/** Programs by the name of the tool. */
export type ProgramTable = ReadonlyMap<string, ProgramEntry>;

/** Entries for tools that all come with the same package. */
export function toolsOf(
  folders: readonly string[],
  tools: readonly string[],
  hintOf: (tool: string) => string,
): [string, ProgramEntry][] {
  return tools.map((tool) => [
    tool,
    { candidates: folders.map((folder) => `${folder}/${tool}`), hint: hintOf(tool) },
  ]);
}
