/** The sentences of an import: what a file holds, what to do about one that holds nothing. */
import { recogniseError } from '../../probes/errors.ts';
import { FORMATS } from '../../probes/formats.ts';

export interface FileFacts {
  name: string;
  format: string | null;
  isText: boolean;
  text: string;
  sockets: number;
  factCount: number;
  problemCount: number;
  truncated: boolean;
}

/** A short message of a tool says why a file holds nothing else; a long text is no message. */
const MAX_MESSAGE_CHARACTERS = 4000;

/** One sentence or two: what was read from the file, or why nothing was and what to do. */
export function sayFile(facts: FileFacts): string {
  const { name, format, isText, text } = facts;
  if (text.length === 0) return `${name} is empty: write the output of a command into it and open it again.`;
  if (!isText) return `${name} is not text: open the output of a command such as ss -tano or netstat -ano.`;
  if (format === null) return sayNothingRead(name, text);
  const parts: string[] = [];
  if (facts.sockets > 0 || facts.factCount === 0) parts.push(countOf(facts.sockets, 'TCP socket'));
  if (facts.factCount > 0) parts.push(countOf(facts.factCount, 'fact'));
  if (facts.problemCount > 0) parts.push(`${countOf(facts.problemCount, 'line')} not understood`);
  const cut = facts.truncated ? ' The last line is cut off and was left out.' : '';
  return `${name}: ${parts.join(', ')} (${format}).${cut}`;
}

function sayNothingRead(name: string, text: string): string {
  const error = text.length > MAX_MESSAGE_CHARACTERS ? null : recogniseError(text);
  if (error !== null) return `${name} holds only a message of a tool that failed. ${error.sentence}`;
  return `${name} holds no output that can be read. These can: ${readableFormats()}.`;
}

/** "ss of Linux, netstat of Windows, …" */
export function readableFormats(): string {
  return [...new Set(FORMATS.map(({ title }) => title))].join('; ');
}

/** "1 line", "27,743 TCP sockets". */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
