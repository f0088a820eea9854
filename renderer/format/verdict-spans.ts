import type { EventPayload } from '../../preload/contract.ts';

type Span = EventPayload<'summary.updated'>['verdict']['spans'][number];

/** Pids stand back, addresses with a port are code, figures with their unit and states stand out. */
const PARTS =
  /(?<soft>\(pid \d+\))|(?<mono>(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.%]+\])(?::\d+)?)|(?<strong>\b(?:CLOSE|TIME|FIN|SYN|LAST)[-_](?:WAIT(?:[-_][12])?|SENT|RECV|ACK)\b|(?<![\w.:-])\d(?:[\d,.]*\d)?%?(?:\/s)?(?![\w:-]))/gi;

/**
 * A sentence that came as one plain piece, set like those that came in pieces: a finding speaks in its own words, which
 * carry no marks. Sentences in several pieces stay as they are.
 */
export function emphasised(spans: readonly Span[]): Span[] {
  const [only] = spans;
  if (spans.length !== 1 || only?.kind !== 'text') return [...spans];
  const found: Span[] = [];
  let from = 0;
  for (const match of only.text.matchAll(PARTS)) {
    if (match.index > from) found.push({ text: only.text.slice(from, match.index), kind: 'text' });
    const { soft, mono } = match.groups ?? {};
    const kind = soft !== undefined ? 'soft' : mono !== undefined ? 'mono' : 'strong';
    found.push({ text: match[0], kind });
    from = match.index + match[0].length;
  }
  if (from < only.text.length) found.push({ text: only.text.slice(from), kind: 'text' });
  return found;
}
