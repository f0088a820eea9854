/** Pieces of a sentence. */
import type { Span } from '../model.ts';

export const text = (value: string): Span => ({ text: value, kind: 'text' });
export const strong = (value: string): Span => ({ text: value, kind: 'strong' });
export const mono = (value: string): Span => ({ text: value, kind: 'mono' });

/** The pieces and the plain text they make. */
export function joined(spans: Span[]): { sentence: string; spans: Span[] } {
  return { sentence: spans.map((span) => span.text).join(''), spans };
}

/** "a", "a or b", "a, b and c" with the pieces of each. */
export function listed(items: readonly Span[][], lastWord: 'and' | 'or'): Span[] {
  return items.flatMap((item, index) => {
    if (index === 0) return item;
    return [text(index === items.length - 1 ? ` ${lastWord} ` : ', '), ...item];
  });
}
