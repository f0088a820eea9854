/** `wevtutil qe … /f:xml` and /f:RenderedXml: <Event> elements one after the other, without a root. */
import { sanitiseText } from '../../core/sanitise.ts';
import type { ReadingBuilder } from '../reading-builder.ts';
import { NO_EVENT_TEXT, portEventId } from './event-ids.ts';

const BEGIN = /<Event[\s>]/g;
const END = '</Event>';
/** An event has a few kilobytes. */
const MAX_EVENT = 64 * 1024;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

export function isEventXml(text: string): boolean {
  return /<Event[\s>]/.test(text) && /<EventID[\s>]/.test(text);
}

/** Hands the events about ports to the builder; a broken element costs itself alone. */
export function readEventXml(text: string, builder: ReadingBuilder): void {
  const begins = [...text.matchAll(BEGIN)].map((match) => match.index);
  let line = 1;
  let countedTo = 0;
  for (const [index, begin] of begins.entries()) {
    line += newlinesBetween(text, countedTo, begin);
    countedTo = begin;
    const piece = text.slice(begin, begins[index + 1] ?? text.length);
    const end = piece.indexOf(END);
    if (end >= 0 && end <= MAX_EVENT) readEvent(piece.slice(0, end), line, builder);
    else if (end < 0 && index === begins.length - 1) builder.cut();
    else
      builder.problem(line, piece.slice(0, 300), end < 0 ? 'the event has no end' : 'the event is too long');
  }
}

function readEvent(xml: string, line: number, builder: ReadingBuilder): void {
  const id = /<EventID(?:\s[^>]{0,200})?>\s{0,20}(\d{1,6})\s{0,20}<\/EventID>/.exec(xml)?.[1];
  if (id === undefined) {
    builder.problem(line, xml.slice(0, 300), 'the event has no EventID');
    return;
  }
  const provider = /<Provider\s[^>]{0,200}?\bName=['"]([^'"]{1,100})['"]/.exec(xml)?.[1];
  const known = portEventId(id);
  if (known === null || (provider !== undefined && provider.toLowerCase() !== 'tcpip')) {
    builder.skip('other events');
    return;
  }
  const at = /<TimeCreated\s[^>]{0,100}?\bSystemTime=['"]([^'"]{1,60})['"]/.exec(xml)?.[1];
  builder.fact({
    line,
    kind: 'event',
    id: known,
    at: at === undefined ? null : sanitiseText(at, 60),
    text: sanitiseText(textOf(xml)),
  });
}

/** The rendered message, or the data that would be put into it. */
function textOf(xml: string): string {
  const message = /<Message>([^<]{1,8000})<\/Message>/.exec(xml)?.[1];
  if (message !== undefined) return withoutEntities(message).trim();
  const data = [...xml.matchAll(/<Data(?:\s[^>]{0,200})?>([^<]{1,500})<\/Data>/g)].map(
    (match) => match[1] ?? '',
  );
  return withoutEntities(data.join(', ').slice(0, 1000)) || NO_EVENT_TEXT;
}

function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,6})|([a-z]{2,5}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES.get(name) ?? whole;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function newlinesBetween(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
