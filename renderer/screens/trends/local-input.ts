/** Times of `<input type="datetime-local">`: local, to the second. */

export function toLocalInput(atMs: number): string {
  const at = new Date(Math.floor(atMs / 1000) * 1000);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** Epoch milliseconds; null for what is no time. */
export function fromLocalInput(text: string): number | null {
  const atMs = text === '' ? NaN : new Date(text).getTime();
  return Number.isFinite(atMs) ? atMs : null;
}
