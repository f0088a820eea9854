import type { EventPayload } from '../../preload/contract.ts';

export type Level = EventPayload<'summary.updated'>['verdict']['level'];

/** The shapes of SeverityIcon. */
export type SeverityKind = 'crit' | 'warn' | 'note' | 'ok' | 'unknown';

const KINDS: Record<Level, SeverityKind> = {
  critical: 'crit',
  warning: 'warn',
  notice: 'note',
  ok: 'ok',
  unknown: 'unknown',
};
const WORDS: Record<Level, string> = {
  critical: 'Critical',
  warning: 'Warning',
  notice: 'Notice',
  ok: 'OK',
  unknown: 'Cannot say yet',
};

/** The shape that goes with a severity. */
export function severityKind(level: Level): SeverityKind {
  return KINDS[level];
}

/** The word that goes with a severity, on screen and in the document title. */
export function formatLevel(level: Level): string {
  return WORDS[level];
}
