/** A piece of a text, and whether it is what was searched for. */
export interface MatchedPiece {
  text: string;
  isMatch: boolean;
}

/**
 * The text cut where the words of a search stand in it, whatever their case; null when one of them is missing. Without
 * a search the text is one piece.
 */
export function matchWords(text: string, search: string): MatchedPiece[] | null {
  const haystack = text.toLowerCase();
  const marked = new Array<boolean>(text.length).fill(false);
  for (const word of search.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = haystack.indexOf(word);
    if (at < 0) return null;
    marked.fill(true, at, at + word.length);
  }
  const pieces: MatchedPiece[] = [];
  for (let at = 0; at < text.length; at++) {
    const isMatch = marked[at] ?? false;
    const last = pieces.at(-1);
    if (last && last.isMatch === isMatch) last.text += text[at] ?? '';
    else pieces.push({ text: text[at] ?? '', isMatch });
  }
  return pieces;
}
