/** What Verify and the journal say of a change. Pure. */
import type { OutcomeRow } from '../../components/OutcomeTable.vue';
import { formatClock, formatDuration } from '../../format/durations.ts';
import type { Level } from '../../format/levels.ts';
import { formatCountOf } from '../../format/numbers.ts';
import type { ChangeInfo } from '../../stores/changes.ts';

export interface ChangeVerdict {
  level: Level;
  sentence: string;
  /** What it rests on, a few words each. */
  meta: string[];
}

/** The answer: whether it works while it holds, what became of it after. `offsetMs` turns the host's clock into the page's. */
export function verdictOf(change: ChangeInfo, offsetMs: number): ChangeVerdict {
  const { phase, outcome, sentence, level } = change;
  const measured = outcome === null ? [] : measuredWords(outcome, offsetMs);
  switch (phase) {
    case 'holding':
      if (outcome === null)
        return { level: 'unknown', sentence: 'It is done and read back. Measuring what it does…', meta: [] };
      return { level: outcome.level, sentence: outcome.sentence, meta: measured };
    case 'kept':
      if (outcome === null) return { level, sentence, meta: [] };
      return { level: outcome.level, sentence: outcome.sentence, meta: [sentence, ...measured] };
    case 'undoing':
      return { level: 'notice', sentence, meta: [] };
    case 'undone':
      return { level, sentence, meta: backWords(change) };
    default:
      return { level, sentence, meta: [...leftWords(change), ...backWords(change)] };
  }
}

function measuredWords(outcome: NonNullable<ChangeInfo['outcome']>, offsetMs: number): string[] {
  const { level, rows, measuredSeconds, fromMs, untilMs } = outcome;
  const missed = rows.filter(({ state }) => state === 'missed').length;
  const waiting = rows.filter(({ state }) => state === 'waiting').length;
  const said = rows.length - rows.filter(({ state }) => state === 'unknown').length;
  const held =
    missed > 0
      ? `${missed} of ${formatCountOf(said, 'prediction')} did not hold`
      : waiting > 0
        ? `${said - waiting} of ${formatCountOf(said, 'prediction')} held so far`
        : said > 0 && level !== 'unknown'
          ? 'Every prediction held'
          : null;
  const period = `Measured for ${formatDuration(measuredSeconds)}, ${formatClock(fromMs + offsetMs)} to ${formatClock(untilMs + offsetMs)}`;
  return [...(measuredSeconds > 0 ? [period] : []), ...(held === null ? [] : [held])];
}

/** "net.ipv4.ip_local_port_range is 32768 60999 again". */
export function backWords({ steps }: ChangeInfo): string[] {
  const back = steps.filter(({ status, state }) => status === 'undone' && state === 'before');
  return back.slice(0, 3).map(({ title, before }) => `${title} is ${short(before)} again`);
}

function leftWords({ steps }: ChangeInfo): string[] {
  const left = steps.filter(({ status }) => status === 'left');
  return left.map(({ title, present, note }) =>
    present === null
      ? `${title} was left as it is${note === null ? '' : `: ${note}`}`
      : `${title} is ${short(present)} now and was left alone`,
  );
}

function short(text: string): string {
  return text.includes('\n') ? `as before (${text.split('\n').length} lines)` : text;
}

/** What did not hold, a clause each: "Usable ports: 28,232 instead of 62,948". */
export function missedWords(rows: readonly OutcomeRow[]): string[] {
  return rows
    .filter(({ state }) => state === 'missed')
    .map(({ title, measured, predicted }) => `${title}: ${measured} instead of ${predicted}`);
}

/** The word for how far a change came. */
export const PHASE_WORDS: Record<ChangeInfo['phase'], string> = {
  prepared: 'Prepared',
  applying: 'Being applied',
  holding: 'Holds',
  kept: 'Kept',
  undoing: 'Being taken back',
  undone: 'Undone',
  failed: 'Failed',
  refused: 'Refused',
  left: 'Partly left',
};

/** What a step's target is, beside what was before and what was intended. */
const STATE_WORDS: Record<ChangeInfo['steps'][number]['state'], string> = {
  before: 'as before',
  after: 'as changed',
  other: 'changed since',
  unknown: 'not read',
  void: 'gone with a restart',
  'no-value': 'no value to read',
};

/** What was taken back, or never begun, is the change's no more: whatever the value has become since. */
export function stateWords({ status, state }: ChangeInfo['steps'][number]): string {
  if (state === 'before' || state === 'no-value' || isOurs(status)) return STATE_WORDS[state];
  return status === 'undone' ? 'taken back' : 'not begun';
}

/** Whether somebody else's hand is in what this change has set. */
export function isDisturbed({ status, state }: ChangeInfo['steps'][number]): boolean {
  return state === 'other' && isOurs(status);
}

function isOurs(status: ChangeInfo['steps'][number]['status']): boolean {
  return status !== 'undone' && status !== 'waiting';
}

/** "Undo" and what it does, for the question before it. */
export function undoQuestion(
  change: ChangeInfo,
  steps: readonly number[] | null,
): { title: string; lines: string[] } {
  const chosen = change.steps.filter((_, index) => steps === null || steps.includes(index));
  const lines = chosen
    .filter(({ canUndo, state, status }) => canUndo || (state === 'after' && isOurs(status)))
    .map(({ title, before }) => `${title} goes back to ${short(before)}`);
  return { title: `Undo change ${change.changeId}?`, lines };
}
