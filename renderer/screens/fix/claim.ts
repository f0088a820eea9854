/** A text in its claim, to be set bold, and the rest. Pure. */

/** Longest claim that is still one. */
const MOST = 70;

/** Cut after the first sentence, or the first clause before a colon; a long one is all rest. */
export function claimOf(text: string): { claim: string; rest: string } {
  const end = /[.:](?= )/.exec(text)?.index ?? -1;
  if (end < 0 || end > MOST) return { claim: '', rest: text };
  return { claim: text.slice(0, end + 1), rest: text.slice(end + 2) };
}
