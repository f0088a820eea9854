/** The account of a change in words. Pure. */
import { sanitiseText } from '../sanitise.ts';
import type { SayMoment } from './account.ts';
import { OPEN_PHASES, type Change, type StepState } from './change.ts';
import { sayKnown } from './known.ts';
import type { Known } from './model.ts';

export interface AccountFacts {
  change: Change;
  present: readonly { known: Known; state: StepState }[];
  situation: 'elsewhere' | 'at work' | 'interrupted' | 'ended';
  canFinish: boolean;
  /** The system has been restarted since it was made. */
  isRestarted: boolean;
}

/** Steps of a change by what became of them, as indexes. Those that were not begun, or are undone, are `others`. */
interface Groups {
  force: number[];
  unread: number[];
  back: number[];
  foreign: number[];
  gone: number[];
  commands: number[];
  others: number[];
}

const GROUP_OF: Record<StepState, keyof Groups> = {
  after: 'force',
  unknown: 'unread',
  before: 'back',
  other: 'foreign',
  void: 'gone',
  'no-value': 'commands',
};

export function sayAccount(facts: AccountFacts, sayMoment: SayMoment): string {
  const groups = groupsOf(facts);
  const main = sayMain(facts, groups, sayMoment);
  // That it is elsewhere says all that can be said from here.
  if (facts.situation === 'elsewhere') return main;
  return [main, ...asides(facts, groups)].join(' ');
}

function groupsOf({ change, present }: AccountFacts): Groups {
  const groups: Groups = { force: [], unread: [], back: [], foreign: [], gone: [], commands: [], others: [] };
  for (const [index, step] of change.steps.entries()) {
    const state = present[index]?.state;
    const isBegun = step.status !== 'waiting' && step.status !== 'undone';
    groups[isBegun && state !== undefined ? GROUP_OF[state] : 'others'].push(index);
  }
  return groups;
}

function sayMain(facts: AccountFacts, groups: Groups, sayMoment: SayMoment): string {
  switch (facts.situation) {
    case 'elsewhere':
      return sayElsewhere(facts);
    case 'at work':
      return sayAtWork(facts.change, groups, sayMoment);
    case 'interrupted':
      return `${sayInterrupted(facts.change, groups)} ${sayChoice(facts)}`;
    case 'ended':
      return sayEnded(facts, groups, sayMoment);
  }
}

function sayElsewhere({ change }: AccountFacts): string {
  const where = `in another network namespace (${change.place.networkNamespace ?? 'not known'})`;
  return OPEN_PHASES.includes(change.phase)
    ? `Interrupted ${where}: finish it or take it back from there; from here neither is possible.`
    : `Made ${where}: it can be taken back from there, and not from here.`;
}

function sayAtWork(change: Change, { force }: Groups, sayMoment: SayMoment): string {
  const all = change.steps.length;
  switch (change.phase) {
    case 'prepared':
      return 'About to begin; nothing is changed yet.';
    case 'applying':
      return `Being carried out: ${sayOf(force.length, all)} in force.`;
    case 'undoing':
      return [`Being taken back: ${sayOf(force.length, all)} still in force.`, change.sentence ?? []]
        .flat()
        .join(' ');
    default: {
      const at =
        change.undoesAtMs === null || sayMoment === null ? '' : ` at ${sayMoment(change.undoesAtMs)}`;
      return `${sayForce(change, force, sayMoment)}; undoes itself${at} unless kept.`;
    }
  }
}

function sayInterrupted(change: Change, { force, back, others, commands }: Groups): string {
  const titles = titlesOf(change);
  const not = [...back, ...others].sort((a, b) => a - b);
  const done = force.length + commands.length;
  if (change.phase === 'undoing') {
    if (force.length === 0)
      return 'Interrupted while it was being taken back, and nothing of it is in force.';
    const rest = not.length === 0 ? '' : `, ${titles(not)} ${isAre(not)} as before`;
    return `Interrupted while it was being taken back: ${titles(force)} ${isAre(force)} still changed${rest}.`;
  }
  if (done === 0) return 'Interrupted, and nothing of it is in force.';
  if (done === change.steps.length)
    return `Interrupted before it was kept: ${sayOf(done, change.steps.length)} in force.`;
  const changed =
    force.length === 0
      ? `${titles(commands)} ${isAre(commands)} done`
      : `${titles(force)} ${isAre(force)} changed`;
  const rest = not.length === 0 ? '' : `, ${titles(not)} ${isAre(not)} not`;
  return `Interrupted after ${done} of ${sayChanges(change.steps.length)}: ${changed}${rest}.`;
}

function sayChoice({ change, canFinish }: AccountFacts): string {
  if (canFinish) return 'Finish it or take it back.';
  return change.phase === 'undoing' ? 'Take back the rest.' : 'Take it back.';
}

function sayEnded({ change, isRestarted }: AccountFacts, groups: Groups, sayMoment: SayMoment): string {
  const { force, commands } = groups;
  switch (change.phase) {
    case 'undone':
      return change.sentence ?? 'Taken back; everything is as before.';
    case 'failed':
      return change.sentence ?? 'It failed, and what was done has been taken back.';
    case 'refused':
      return change.sentence ?? 'Refused, and nothing was changed.';
    case 'left':
      if (force.length > 0)
        return `Not all of it was put back: ${titlesOf(change)(force)} ${isAre(force)} still changed.`;
      return 'Not all of it could be put back.';
    case 'kept':
      if (force.length > 0) return `${sayForce(change, force, sayMoment)}; kept.`;
      if (commands.length > 0)
        return `Done${sayMoment === null ? '' : ` at ${sayMoment(sinceMs(change, commands))}`}; there is nothing to take back.`;
      return 'Kept, and no longer in force.';
    default:
      // An open phase without a process, which is no interruption: it went with the system's run.
      return isRestarted
        ? 'Gone with the last restart of the system: nothing is left of it.'
        : 'It has ended.';
  }
}

/** "2 changes are in force since 14:33", "1 of 2 changes is in force". */
function sayForce(change: Change, force: readonly number[], sayMoment: SayMoment): string {
  const since = sayMoment === null || force.length === 0 ? '' : ` since ${sayMoment(sinceMs(change, force))}`;
  return `${capitalised(sayOf(force.length, change.steps.length))} in force${since}`;
}

function sinceMs({ steps, phaseAtMs }: Change, indexes: readonly number[]): number {
  const moments = indexes.flatMap((index) => steps[index]?.atMs ?? []);
  return moments.length === 0 ? phaseAtMs : Math.max(...moments);
}

/** What else is to be known, a sentence each. */
function asides({ change, present, situation, isRestarted }: AccountFacts, groups: Groups): string[] {
  const { foreign, gone, unread, back } = groups;
  const titles = titlesOf(change);
  const said: string[] = [];
  for (const index of foreign)
    said.push(sayForeign(titles([index]), present[index]?.known, change.plan.steps[index]?.target.kind));
  for (const index of unread) {
    const known = present[index]?.known;
    said.push(
      `Whether ${titles([index])} is changed is not known${known?.kind === 'unknown' ? `: ${known.why}` : ''}.`,
    );
  }
  if (gone.length > 0 && (situation !== 'ended' || !OPEN_PHASES.includes(change.phase))) {
    const why = isRestarted ? 'with the last restart of the system' : 'with its process';
    said.push(`${capitalisedTitle(titles(gone))} ${isAre(gone)} gone ${why}.`);
  }
  const isToBeInForce = change.phase === 'kept' || change.phase === 'left';
  if (situation === 'ended' && isToBeInForce && back.length > 0) {
    said.push(`${capitalisedTitle(titles(back))} ${isAre(back)} as before again.`);
  }
  return said;
}

const LONGEST_VALUE = 60;

function sayForeign(title: string, known: Known | undefined, kind: string | undefined): string {
  const subject = capitalisedTitle(title);
  if (known?.kind === 'absent') return `${subject} has been removed since; it is left alone.`;
  if (known?.kind !== 'value' || kind === 'file')
    return `${subject} has been changed since; it is left alone.`;
  const value = sanitiseText(sayKnown(known), LONGEST_VALUE);
  return `${subject} has been set to ${value} since; it is left alone.`;
}

function titlesOf({ plan }: Change): (indexes: readonly number[]) => string {
  return (indexes) => {
    const names = indexes.map((index) => plan.steps[index]?.title ?? `step ${index + 1}`);
    const last = names.pop() ?? '';
    return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
  };
}

/** "2 changes are", "1 of 2 changes is". */
function sayOf(count: number, all: number): string {
  const verb = count === 1 ? 'is' : 'are';
  if (count === all) return `${sayChanges(all)} ${verb}`;
  return `${count === 0 ? 'none' : count} of ${sayChanges(all)} ${verb}`;
}

function sayChanges(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}

function isAre({ length }: readonly number[]): string {
  return length === 1 ? 'is' : 'are';
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The name of a setting or a path keeps its letters. */
function capitalisedTitle(title: string): string {
  return /^[a-z]+ /.test(title) ? capitalised(title) : title;
}
