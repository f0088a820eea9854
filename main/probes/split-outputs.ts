/** A file or paste often holds several outputs, one after the other: where each begins, and what it is. */
import { detectFormat } from './formats.ts';
import type { OutputFormat } from './probe.ts';
import { commandAfterPrompt } from './windows/prompt.ts';

export interface OutputSection {
  /** Line of the whole text on which it begins, from 1. */
  firstLine: number;
  /** Its lines with their ends, the prompt above the output among them. */
  text: string;
  /** Line of the whole text on which the prompt stands, from 1; null where there is none. */
  promptLine: number | null;
  /** Null when it is nothing that can be read. */
  format: OutputFormat | null;
}

const HEAD_CHARACTERS = 16_384;
/** Each tries every format; a text with more blank lines than that is one output with blank lines. */
const MAX_DETECTIONS = 2000;
const MAX_PROMPT_CHARACTERS = 400;
/** "user@host:~$ ss", "[root@host ~]# ss", "bash-5.1# ss", with or without a command; "$ ss". */
const UNIX_PROMPT =
  /^(?:(?:\[?[\w.-]{1,64}@[\w.-]{1,64}[^#$%>❯]{0,200}|(?:ba|da|z|k)?sh-[\d.]{1,8})[#$%❯](?:\s|$)|[#$%❯]\s+\S)/;

/** Headings that begin an output whatever stands above them. */
const HEADING = new RegExp(
  [
    '^(?:Netid\\s+)?State\\s+Recv-Q\\s+Send-Q\\s',
    '^Recv-Q\\s+Send-Q\\s+Local Address:Port',
    '^Active Internet connections',
    '^Proto\\s+Recv-Q\\s+Send-Q\\s',
    '^\\s*sl\\s+local_address\\s',
    '^COMMAND\\s+PID\\s',
    '^USER\\s+COMMAND\\s+PID\\s',
    '^Ip: Forwarding\\s',
    '^TcpExt: SyncookiesSent\\s',
    '^sockets: used \\d',
    '^Total: \\d',
    '^#kernel$',
    '^HKEY_LOCAL_MACHINE\\\\',
  ].join('|'),
);
/** Rows whose kind is plain: where it changes, another output has begun after the last row of the kind before. */
const ROW_KINDS: readonly RegExp[] = [
  /^\s{1,6}(?:TCP|UDP)\s+\S+:/,
  /^(?:tcp|udp)\w*\s+\d+\s+\d+\s/,
  /^(?:(?:tcp|udp)\s+)?(?:ESTAB|LISTEN|UNCONN|CLOSING|[A-Z]{3,5}-(?:WAIT(?:-[12])?|SENT|RECV|ACK))\s+\d+\s+\d+\s/,
  /^\s*\d+: [0-9A-F]{8,32}:[0-9A-F]{4} /,
  /^(?:net|kern|kernel|fs|vm|hw)\.[\w./%-]+ ?[=:]/,
];

/**
 * Parts a text by prompts, headings, changes of row and blank lines; neighbours of one format stay together. Linear.
 * What stands above an output that is recognised belongs to it; line numbers are those of the whole text.
 */
export function splitOutputs(text: string): OutputSection[] {
  const splitter = new Splitter(text);
  let previousKind = -1;
  /** Start of the first line after the last row of a plain kind. */
  let afterRow = { at: 0, line: 1 };
  let isAfterBlank = false;
  forEachLineStart(text, (at, end, line) => {
    const content = text.slice(at, Math.min(end, at + MAX_PROMPT_CHARACTERS));
    const isBlank = content.trim() === '';
    if (isPrompt(content)) splitter.begin(at, line, true);
    else if ((isAfterBlank && !isBlank) || HEADING.test(content)) splitter.begin(at, line, false);
    isAfterBlank = isBlank;
    const kind = ROW_KINDS.findIndex((row) => row.test(content));
    if (kind < 0) return;
    if (previousKind >= 0 && kind !== previousKind) splitter.begin(afterRow.at, afterRow.line, false);
    previousKind = kind;
    afterRow = { at: end, line: line + 1 };
  });
  return splitter.finish();
}

/** Visits each line by where it begins and ends, its end included, without making it a string. */
function forEachLineStart(text: string, visit: (at: number, end: number, line: number) => void): void {
  let line = 1;
  for (let at = 0; at < text.length; line++) {
    const end = text.indexOf('\n', at) + 1 || text.length;
    visit(at, end, line);
    at = end;
  }
}

function isPrompt(line: string): boolean {
  return UNIX_PROMPT.test(line) || commandAfterPrompt(line.trimEnd()) !== null;
}

interface Start {
  at: number;
  line: number;
}

class Splitter {
  private readonly text: string;
  private readonly sections: OutputSection[] = [];
  private block: (Start & { isPrompt: boolean }) | null = null;
  private current: (Start & Pick<OutputSection, 'format' | 'promptLine'>) | null = null;
  /** Where lines began that nothing has recognised yet: they go with what follows, or with what stands above. */
  private pending: Start | null = null;
  private detections = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** A block of lines begins; the one before it ends. */
  begin(at: number, line: number, isPrompt: boolean): void {
    if (this.block && at <= this.block.at) return;
    this.endBlock(at);
    this.block = { at, line, isPrompt };
  }

  finish(): OutputSection[] {
    this.block ??= { at: 0, line: 1, isPrompt: false };
    this.endBlock(this.text.length);
    this.close(this.text.length);
    return this.sections;
  }

  private endBlock(end: number): void {
    const block = this.block ?? { at: 0, line: 1, isPrompt: false };
    if (end <= block.at) return;
    if (block.isPrompt) {
      const start = this.isBanner() ? (this.current ?? block) : block;
      if (start === block) this.close(block.at);
      this.current = { at: start.at, line: start.line, format: null, promptLine: block.line };
    }
    const head = this.text.slice(block.at, Math.min(end, block.at + HEAD_CHARACTERS));
    const body = block.isPrompt ? head.slice(head.indexOf('\n') + 1 || head.length) : head;
    if (body.trim() === '') return;
    this.place(block, this.detect(body));
  }

  private place(block: Start, format: OutputFormat | null): void {
    const { current } = this;
    if (current === null) {
      this.current = { at: block.at, line: block.line, format, promptLine: null };
    } else if (format === null) {
      this.pending ??= block;
    } else if (current.format === null || current.format === format) {
      current.format = format;
      this.pending = null;
    } else {
      const start = this.pending ?? block;
      this.close(start.at);
      this.current = { at: start.at, line: start.line, format, promptLine: null };
    }
  }

  /** What a console prints before its first prompt. */
  private isBanner(): boolean {
    const { current } = this;
    return (
      this.sections.length === 0 && current !== null && current.format === null && current.promptLine === null
    );
  }

  /** Most blocks are more of the same: that is asked first. */
  private detect(head: string): OutputFormat | null {
    const known = this.current?.format ?? null;
    if (known && known.recognises(head) > 0.5) return known;
    return ++this.detections > MAX_DETECTIONS ? null : detectFormat(head);
  }

  private close(end: number): void {
    const { current } = this;
    this.current = null;
    this.pending = null;
    if (current === null || end <= current.at) return;
    const text = this.text.slice(current.at, end);
    if (text.trim() === '') return;
    const { line, format, promptLine } = current;
    this.sections.push({ firstLine: line, text, promptLine, format });
  }
}
