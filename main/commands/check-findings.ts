/** What `fourtuple check --verbose` prints below its line: each finding with what it rests on. Pure. */
import type { Finding, Level } from '../core/model.ts';

const WIDTH = 100;
const INDENT = '  ';
const WORDS: Record<Level, string> = {
  ok: 'OK',
  notice: 'NOTICE',
  warning: 'WARNING',
  critical: 'CRITICAL',
  unknown: 'UNKNOWN',
};

/** Lines, worst finding first, an empty one before each; none when nothing was found. */
export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ level, title, sentence, evidence, remedies }) => {
    const [first] = remedies;
    return [
      '',
      ...wrapped(`${WORDS[level]}: ${title}`, ''),
      ...wrapped(sentence, INDENT),
      ...wrapped(`Evidence: ${evidence}`, INDENT),
      ...(first ? wrapped(`First: ${first.label} (${first.why}).`, INDENT) : []),
    ].map(withoutPipe);
  });
}

/** A pipe in any line would start perfdata (monitoring-plugins guidelines, "Plugin output"). */
export function withoutPipe(line: string): string {
  return line.replaceAll('|', '/');
}

/** A word longer than the line has one of its own. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const isFirst = line === indent;
    if (!isFirst && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else {
      line += isFirst ? word : ` ${word}`;
    }
  }
  return [...lines, line];
}
