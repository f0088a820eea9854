/** How far the figures of imported files can be trusted: what they tell, and what had to be assumed. Pure. */
import type { Degradation, SummaryOrigin } from '../core/model.ts';
import type { Trust } from '../core/words/verdict.ts';

/** Codes of degradations that weigh on the figures of an import; main/sampling/imported gives them. */
export const ImportDegradation = {
  /** The port range is the system's default, not read. */
  rangeAssumed: 'range-assumed',
  systemAssumed: 'import:system-assumed',
  incompleteRows: 'import:incomplete-rows',
  /** So many rows with unknown ports that they could fill a pool. */
  tooIncomplete: 'import:too-incomplete',
  cutOff: 'import:cut-off',
  problems: 'import:lines-not-understood',
  /** More lines were not understood than sockets were. */
  mostlyUnread: 'import:mostly-not-understood',
  /** TIME_WAIT cannot be in such a list. */
  heldOnly: 'import:held-sockets-only',
  /** Nothing but listening sockets: how ports are used is not in it. */
  listenersOnly: 'import:listening-sockets-only',
  /** A list without a single socket: which command made it, and of what, is not known from it. */
  noSockets: 'import:no-sockets',
  /** A table without its heading: perhaps a part of one. */
  noHeading: 'import:no-heading',
} as const;

/** Null for what is no import. */
export function trustOfImport(origin: SummaryOrigin, degradations: readonly Degradation[]): Trust | null {
  if (origin.kind !== 'imported') return null;
  const has = (code: string) => degradations.some((degradation) => degradation.code === code);
  const formats = origin.files.flatMap(({ format }) => (format === null ? [] : format.split(', ')));
  const sources = [...new Set(formats)];
  if (has(ImportDegradation.systemAssumed)) {
    return { confidence: 'low', reason: 'the system is assumed', sources };
  }
  if (has(ImportDegradation.mostlyUnread)) {
    return { confidence: 'low', reason: 'most lines could not be read', sources };
  }
  if (has(ImportDegradation.heldOnly)) {
    return { confidence: 'low', reason: 'TIME_WAIT is not in the list', sources };
  }
  if (has(ImportDegradation.noHeading)) {
    return { confidence: 'low', reason: 'the list may be a part of one', sources };
  }
  if (has(ImportDegradation.cutOff)) return { confidence: 'low', reason: 'a file is cut off', sources };
  if (has(ImportDegradation.rangeAssumed)) {
    return { confidence: 'medium', reason: 'the port range is the default, not read', sources };
  }
  if (has(ImportDegradation.incompleteRows) || has(ImportDegradation.problems)) {
    return { confidence: 'medium', reason: 'not every line could be read', sources };
  }
  return { confidence: 'medium', reason: 'one dump from files', sources };
}
