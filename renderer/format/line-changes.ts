/** What changed between two outputs of the same command: lines as a bag, because socket listings have no order. */

export interface LineChanges {
  /** Lines only in the newer one, as often as they are new, the first of them; and how many there are in all. */
  added: string[];
  addedCount: number;
  removed: string[];
  removedCount: number;
  sameCount: number;
}

/** Lines kept of each kind. */
const MAX_KEPT = 500;

/** Linear in both. */
export function compareLines(older: readonly string[], newer: readonly string[]): LineChanges {
  const left = new Map<string, number>();
  for (const line of older) left.set(line, (left.get(line) ?? 0) + 1);
  const changes: LineChanges = { added: [], addedCount: 0, removed: [], removedCount: 0, sameCount: 0 };
  for (const line of newer) {
    const count = left.get(line) ?? 0;
    if (count > 0) {
      left.set(line, count - 1);
      changes.sameCount++;
    } else {
      changes.addedCount++;
      if (changes.added.length < MAX_KEPT) changes.added.push(line);
    }
  }
  for (const line of older) {
    const count = left.get(line) ?? 0;
    if (count === 0) continue;
    left.set(line, count - 1);
    changes.removedCount++;
    if (changes.removed.length < MAX_KEPT) changes.removed.push(line);
  }
  return changes;
}
