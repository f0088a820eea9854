/** Events as text: `wevtutil qe … /f:text`, what Event Viewer copies, and rows of an exported or pasted table. */
import { sanitiseText } from '../../core/sanitise.ts';
import type { ReadingBuilder } from '../reading-builder.ts';
import { forEachWholeLine } from '../whole-lines.ts';
import { recogniseWindowsError } from './errors.ts';
import { NO_EVENT_TEXT, portEventId } from './event-ids.ts';
import { commandAfterPrompt, readBanner } from './prompt.ts';

const MAX_LINE = 16_384;
/** Characters of a description that are kept while it is read. */
const MAX_TEXT = 2000;
const MAX_LABELS = 100;
/** Begins a record of wevtutil; the word is not translated. */
const NUMBERED = /^Event\[\d{1,9}\]:?\s*$/;
/** A label in any language. */
const LABEL = /^\s{0,40}([^\s:：<][^:：]{0,39})[:：]\s*(.*)$/;
/** Event Viewer copies the event as XML, too, below this. */
const XML_LABEL = /^\S{0,20}[ -]?XML[:：]$/i;
/** A value longer than this is the description, wherever it stands. */
const LONGEST_SHORT_VALUE = 60;
const DATE =
  /\d{4}-\d\d-\d\dT[\d:.]{5,20}Z?|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}[ ,]{1,2}\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: [AP]M)?/i;
const ID_LABEL = /\bid\b|-id\b|イベント ?id|事件 ?id/i;

interface OpenEvent {
  line: number;
  firstText: string;
  id: string | null;
  at: string | null;
  labels: Set<string>;
  text: string;
  isInText: boolean;
}

export function readEventText(text: string, builder: ReadingBuilder): void {
  const reader = new EventTextReader(builder);
  forEachWholeLine(text, builder, (line, number) => reader.read(line, number));
  reader.end();
}

class EventTextReader {
  private readonly builder: ReadingBuilder;
  private event: OpenEvent | null = null;

  constructor(builder: ReadingBuilder) {
    this.builder = builder;
  }

  read(line: string, number: number): void {
    if (line.length > MAX_LINE) {
      this.builder.problem(number, line, 'too long a line');
      return;
    }
    const trimmed = line.trim();
    if (trimmed === '') this.endText();
    else if (NUMBERED.test(trimmed)) this.begin(line, number);
    else if (commandAfterPrompt(line) !== null || readBanner(line, number, this.builder)) this.end();
    else if (this.readTableRow(trimmed, number)) return;
    else if (trimmed.startsWith('<') || XML_LABEL.test(trimmed)) this.endText();
    else this.readField(line, trimmed, number);
  }

  end(): void {
    const { event } = this;
    this.event = null;
    if (event === null) return;
    const id = event.id === null ? null : portEventId(event.id);
    const { line, at } = event;
    if (id !== null) {
      const text = sanitiseText(event.text.trim() || NO_EVENT_TEXT);
      this.builder.fact({ line, kind: 'event', id, at: at === null ? null : sanitiseText(at, 60), text });
    } else if (event.id !== null) this.builder.skip('other events');
    else
      this.builder.problem(
        line,
        event.firstText,
        recogniseWindowsError(event.firstText)?.sentence ?? 'no event',
      );
  }

  private begin(line: string, number: number): OpenEvent {
    this.end();
    this.event = {
      line: number,
      firstText: line,
      id: null,
      at: null,
      labels: new Set(),
      text: '',
      isInText: false,
    };
    return this.event;
  }

  private endText(): void {
    if (this.event?.isInText && this.event.text !== '') this.event.isInText = false;
  }

  private readField(line: string, trimmed: string, number: number): void {
    const match = LABEL.exec(line);
    const label = match?.[1]?.trim().toLowerCase() ?? null;
    const isAgain = label !== null && this.event?.labels.has(label) === true;
    if (this.event?.isInText && !isAgain) this.addText(this.event, trimmed);
    else if (label === null) this.readUnlabelled(line, trimmed, number);
    else {
      const event = this.event === null || isAgain ? this.begin(line, number) : this.event;
      this.readLabelled(event, label, match?.[2]?.trim() ?? '');
    }
  }

  private readLabelled(event: OpenEvent, label: string, value: string): void {
    if (event.labels.size < MAX_LABELS) event.labels.add(label);
    if (value.length > LONGEST_SHORT_VALUE) {
      this.addText(event, value);
      event.isInText = true;
    } else if (
      portEventId(value) !== null ||
      (event.id === null && ID_LABEL.test(label) && /^\d{1,6}$/.test(value))
    ) {
      event.id = value;
    } else if (event.at === null && DATE.test(value)) event.at = value;
    // "Description:" with the text below; should the next line be a label, it was not that.
    event.isInText ||= value === '' && event.id !== null;
  }

  private readUnlabelled(line: string, trimmed: string, number: number): void {
    if (this.event !== null && this.event.id !== null) {
      this.addText(this.event, trimmed);
      this.event.isInText = true;
    } else {
      this.end();
      this.builder.problem(number, line, recogniseWindowsError(line)?.sentence ?? 'no line of an event');
    }
  }

  private addText(event: OpenEvent, piece: string): void {
    if (event.text.length < MAX_TEXT) event.text += `${event.text === '' ? '' : ' '}${piece}`;
  }

  /** "4231 | Tcpip | text" or a row of a CSV export: a cell is the source, another the id. */
  private readTableRow(trimmed: string, number: number): boolean {
    const cells = trimmed.split(/[|\t,;]/).map((cell) => cell.trim().replace(/^"|"$/g, ''));
    if (cells.length < 3) return false;
    const isHeading = cells.some((cell) => ID_LABEL.test(cell)) && !/\d/.test(trimmed);
    const idAt = cells.findIndex((cell) => portEventId(cell) !== null);
    const isOurs = idAt >= 0 && cells.some((cell) => cell.toLowerCase() === 'tcpip');
    if (!isOurs) return isHeading;
    this.end();
    const after = cells.slice(idAt + 1).filter((cell) => cell.toLowerCase() !== 'tcpip');
    const text = /[,;\t]"([^"]{1,4000})"?$/.exec(trimmed)?.[1] ?? after.join(', ');
    this.builder.fact({
      line: number,
      kind: 'event',
      id: Number(cells[idAt]),
      at: DATE.exec(trimmed)?.[0] ?? null,
      text: sanitiseText(text.trim() || NO_EVENT_TEXT),
    });
    return true;
  }
}
