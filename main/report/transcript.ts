/** What a command printed, made fit for a report: nothing in it acts on whoever reads it (hardening T1), and it ends. */
import type { Fact, SocketReading } from '../core/readings.ts';
import { sanitiseText } from '../core/sanitise.ts';
import { MAX_TRANSCRIPT_CHARACTERS, type KnownNames } from './model.ts';

const MAX_LINE_CHARACTERS = 4000;

/**
 * The first 64 Ki characters of `text` in whole lines, tabs kept, LF line ends. A line that is too long ends at a space:
 * half a name would not be recognised as that name when names are hidden.
 */
export function cutTranscript(text: string): { output: string; isCut: boolean } {
  const lines: string[] = [];
  let length = 0;
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    // No more is looked at than is shown.
    const raw = text.slice(from, Math.min(to, from + MAX_LINE_CHARACTERS));
    const line = shownLine(raw, to - from > MAX_LINE_CHARACTERS);
    if (length + line.length + 1 > MAX_TRANSCRIPT_CHARACTERS) return { output: joined(lines), isCut: true };
    lines.push(line);
    length += line.length + 1;
    from = to + 1;
  }
  return { output: joined(lines), isCut: false };
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function shownLine(raw: string, isLonger: boolean): string {
  const bare = isLonger ? `${raw.slice(0, Math.max(0, raw.lastIndexOf(' ')))} …` : raw.replace(/\r$/, '');
  return bare
    .split('\t')
    .map((part) => sanitiseText(part, MAX_LINE_CHARACTERS * 8))
    .join('\t');
}

/** Names of processes, their units and containers that an output tells, so that they can be hidden everywhere. */
export function namesIn(
  sockets: readonly SocketReading[],
  facts: readonly Fact[],
): Pick<KnownNames, 'processes'> {
  const names = new Set<string>();
  for (const { holders } of sockets)
    for (const { process } of holders) if (process !== null) names.add(process);
  for (const fact of facts) {
    if (fact.kind === 'process') names.add(fact.name);
    if (fact.kind === 'note' && /^(?:unit|container|process)$/.test(fact.name)) names.add(fact.value);
  }
  return { processes: [...names] };
}
