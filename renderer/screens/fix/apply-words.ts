/** What Apply says of a change as it is carried out. Pure. */
import type { ProgressRow } from '../../components/ProgressList.vue';
import { formatClock, formatDuration } from '../../format/durations.ts';
import type { ChangeInfo } from '../../stores/changes.ts';

type StepInfo = ChangeInfo['steps'][number];
type RightsWay = ChangeInfo['rightsWay'];

/** Who asks for the rights, as a person knows it; null where nobody does. */
const ASKERS: Record<RightsWay, string | null> = {
  none: null,
  missing: null,
  sudo: 'sudo',
  doas: 'doas',
  pkexec: 'polkit',
  uac: 'Windows',
  osascript: 'macOS',
};

/** "sudo waits for your password …"; null where nothing is to be typed. */
export function typingWords({ wantsTyping, rightsWay }: ChangeInfo): { claim: string; rest: string } | null {
  if (!wantsTyping) return null;
  const asker = ASKERS[rightsWay] ?? 'The command';
  return {
    claim: `${asker} waits for your password.`,
    rest: `Type it into the terminal and press Enter: it goes to ${asker === 'The command' ? 'the command' : asker} and is kept nowhere.`,
  };
}

/** Everything that is done, in its order. `offsetMs` turns the host's clock into the page's. */
export function progressRows(change: ChangeInfo, offsetMs: number): ProgressRow[] {
  const clock = (atMs: number | null) => (atMs === null ? null : formatClock(atMs + offsetMs));
  return [
    {
      key: 'undo plan',
      title: 'Save the undo plan',
      detail: 'The journal has what was before, written to the disk.',
      when: clock(change.preparedAtMs),
      state: 'done',
    },
    ...rightsRows(change),
    ...change.steps.map((step, index) => stepRow(change, step, index, clock)),
    ...measureRows(change, clock),
  ];
}

/** "step 3 of 5"; null when nothing is being done. */
export function progressWords(rows: readonly ProgressRow[]): string | null {
  const at = rows.findIndex(({ state }) => state === 'now');
  return at < 0 ? null : `step ${at + 1} of ${rows.length}`;
}

function hadRights({ phase, steps }: ChangeInfo): boolean {
  if (['holding', 'kept', 'undoing', 'undone', 'left'].includes(phase)) return true;
  return steps.some(({ status, note }) => status !== 'waiting' || note !== null);
}

function rightsRows(change: ChangeInfo): ProgressRow[] {
  const asker = ASKERS[change.rightsWay];
  if (asker === null) return [];
  const base = { key: 'rights', title: 'Ask for admin rights', when: null };
  if (hadRights(change)) {
    return [{ ...base, detail: `Given by ${asker} for the commands shown, nothing else.`, state: 'done' }];
  }
  if (change.phase === 'failed' || change.phase === 'refused')
    return [{ ...base, detail: `${asker} did not give them.`, state: 'failed' }];
  const detail = change.wantsTyping
    ? `${asker} waits for your password in the terminal.`
    : `${asker} is asked, for the commands shown and nothing else.`;
  return [{ ...base, detail, when: 'waiting', state: 'now' }];
}

function stepRow(
  change: ChangeInfo,
  step: StepInfo,
  index: number,
  clock: (atMs: number | null) => string | null,
): ProgressRow {
  const hasEnded = change.phase === 'failed' || change.phase === 'refused';
  const isCulprit = hasEnded && step.note !== null && step.status !== 'done' && step.status !== 'left';
  const state = isCulprit ? 'failed' : STATES[step.status];
  const row = {
    key: `step ${index}`,
    title: step.state === 'no-value' ? capital(step.title) : `Set ${step.title}`,
    detail: stepWords(step, isCulprit),
    state,
  };
  return { ...row, when: state === 'now' ? 'running' : clock(step.atMs) };
}

const STATES: Record<StepInfo['status'], ProgressRow['state']> = {
  waiting: 'ahead',
  started: 'now',
  done: 'done',
  undone: 'undone',
  left: 'left',
};

function stepWords({ status, state, before, after, present, note }: StepInfo, isCulprit: boolean): string {
  const short = (text: string) => (text.includes('\n') ? `${text.split('\n').length} lines` : text);
  if (isCulprit) {
    const now = present === null ? '' : ` It is ${short(present)} now.`;
    return `${capital(note ?? 'it failed')}.${now}`;
  }
  if (state === 'no-value') return status === 'done' ? 'Done; there is no value to read back.' : 'A command.';
  switch (status) {
    case 'waiting':
      return `${short(before)} → ${short(after)}`;
    case 'started':
      return `To ${short(after)}. Reading it back.`;
    case 'done':
      return note ?? `Read back: ${short(after)}.`;
    case 'undone':
      return note ?? `Back to ${short(before)}.`;
    case 'left':
      return note ?? `Left as it is${present === null ? '' : `: ${short(present)}`}.`;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function measureRows(change: ChangeInfo, clock: (atMs: number | null) => string | null): ProgressRow[] {
  const { phase, undoAfterSeconds, outcome } = change;
  if (['failed', 'refused', 'undoing', 'undone', 'left'].includes(phase)) return [];
  const row = { key: 'measure', title: 'Measure' };
  const undo =
    undoAfterSeconds === null
      ? 'It is kept at once.'
      : `It undoes itself after ${formatDuration(undoAfterSeconds)} unless you keep it.`;
  if (phase === 'holding' || phase === 'kept') {
    const measured = outcome === null ? null : `Measured for ${formatDuration(outcome.measuredSeconds)}.`;
    const state = phase === 'kept' ? 'done' : 'now';
    const detail = measured ?? (phase === 'kept' ? 'Kept.' : 'The first samples are being taken.');
    return [{ ...row, detail, when: state === 'now' ? 'running' : clock(change.phaseAtMs), state }];
  }
  return [{ ...row, detail: undo, when: null, state: 'ahead' }];
}
