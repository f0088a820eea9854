/** Objects as PowerShell prints them: a table, a list, CSV or JSON. Names of properties are never translated. */
import { forEachLine } from '../lines.ts';
import type { ReadingBuilder } from '../reading-builder.ts';
import { forEachJsonRecord } from './json-records.ts';
import { PowerShellLines, whyNoRecord, type PowerShellRecord } from './powershell-lines.ts';
import { commandAfterPrompt } from './prompt.ts';

/** Where it is decided whether a text is JSON. */
const MAX_LOOK = 16_384;

/**
 * Calls `visit` with each object of the output in order. `marker` is a property (lower case) that every such output has,
 * by which the CSV header and the heading of a table are known. What is not understood goes to the builder.
 */
export function forEachPowerShellRecord(
  text: string,
  marker: string,
  builder: ReadingBuilder,
  visit: (record: PowerShellRecord) => void,
): void {
  if (looksLikeJson(text)) readJson(text, builder, visit);
  else {
    const reader = new PowerShellLines(marker, builder, visit);
    forEachLine(text, (line, number, isOpen) => reader.read(line, number, isOpen));
    reader.end();
  }
}

/** The property as a whole number from 0 to `last`; null when it is absent or something else. */
export function wholeNumber(record: PowerShellRecord, name: string, last: number): number | null {
  const value = record.fields.get(name);
  if (value === undefined || !/^\d{1,10}$/.test(value)) return null;
  return Number(value) <= last ? Number(value) : null;
}

/** A date as Windows PowerShell 5.1 writes it in JSON, "/Date(1482225153000)/" (epoch milliseconds), in ISO 8601; other text as it is. */
export function isoTime(printed: string): string {
  const epochMs = Number(/^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(printed)?.[1] ?? Number.NaN);
  return Math.abs(epochMs) <= 8.64e15 ? new Date(epochMs).toISOString() : printed;
}

/** Whether the first line that is no prompt begins an array or an object. */
export function looksLikeJson(text: string): boolean {
  let answer = false;
  let isDecided = false;
  // Only prompts and empty lines may stand before it.
  forEachLine(text.slice(0, MAX_LOOK), (line) => {
    if (isDecided || line.trim() === '' || commandAfterPrompt(line) !== null) return;
    isDecided = true;
    answer = /^\s*(?:\[\s*(?:\{|\]|$)|\{)/.test(line);
  });
  return answer;
}

function readJson(text: string, builder: ReadingBuilder, visit: (record: PowerShellRecord) => void): void {
  const { isCut } = forEachJsonRecord(text, {
    record: (values, line, piece) => {
      const fields = new Map<string, string>();
      for (const [name, value] of values) {
        const printed = printedValue(value);
        if (printed !== null) fields.set(name.toLowerCase(), printed);
      }
      visit({ line, text: piece, fields });
    },
    broken: (line, piece, why) => builder.problem(line, piece, why),
    stray: (line, piece) => {
      if (commandAfterPrompt(piece) === null) builder.problem(line, piece, whyNoRecord(piece));
    },
  });
  if (isCut) builder.cut();
}

/** A value as the other forms print it. Windows PowerShell 5.1 wraps some in an object with `value`. */
function printedValue(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'value')) return null;
  const inner = (value as { value: unknown }).value;
  return typeof inner === 'object' ? null : printedValue(inner);
}
