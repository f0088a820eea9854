/** Outputs that were understood, kept for paging as long as there is room: the one not asked for longest goes first. */
import { MAX_KEPT_ROWS_TOGETHER, type ParsedPage } from './parse-protocol.ts';
import type { UnderstoodOutput } from './understand.ts';

export class KeptOutputs {
  readonly #outputs = new Map<string, UnderstoodOutput>();
  readonly #maxRows: number;

  constructor(maxRows = MAX_KEPT_ROWS_TOGETHER) {
    this.#maxRows = maxRows;
  }

  keep(runId: string, output: UnderstoodOutput): void {
    this.#outputs.delete(runId);
    this.#outputs.set(runId, output);
    let rows = 0;
    for (const kept of this.#outputs.values()) rows += rowsOf(kept);
    for (const [id, kept] of this.#outputs) {
      if (rows <= this.#maxRows || id === runId) break;
      rows -= rowsOf(kept);
      this.#outputs.delete(id);
    }
  }

  /** Null when it is not kept (any more). */
  page(runId: string, offset: number, limit: number): ParsedPage | null {
    const output = this.#outputs.get(runId);
    if (!output) return null;
    this.#outputs.delete(runId);
    this.#outputs.set(runId, output);
    return {
      ...output,
      sockets: output.sockets.slice(offset, offset + limit),
      facts: output.facts.slice(offset, offset + limit),
    };
  }
}

function rowsOf({ sockets, facts, restsOn, problems }: UnderstoodOutput): number {
  return 1 + sockets.length + facts.length + restsOn.length + problems.length;
}
