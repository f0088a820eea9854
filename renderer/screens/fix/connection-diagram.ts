/** One connection from start to end as phases and arrows, placed on a picture of a given size. Pure. */
import type { Understanding } from '../../../preload/contract-fixes.ts';
import { formatDuration, formatHold } from '../../format/durations.ts';
import { formatState, formatStateWord } from '../../format/states.ts';

export type DiagramInput = Pick<
  Understanding,
  'target' | 'client' | 'localAddress' | 'closesFirst' | 'openSeconds' | 'waitSeconds' | 'waitSource'
> & {
  platform: string;
  /** One pool for the whole host: a port that waits serves no destination at all. */
  isHostWide: boolean;
};

/** A time in one state; `from` and `to` are shares of the picture's height. */
export interface DiagramPhase {
  side: 'here' | 'there';
  state: string;
  title: string;
  notes: string[];
  from: number;
  to: number;
  /** Whether it certainly comes to this on this side. */
  isSure: boolean;
}

export interface DiagramArrow {
  at: number;
  to: 'here' | 'there';
  label: string;
  kind: 'plain' | 'closes' | 'open';
}

export interface Diagram {
  phases: DiagramPhase[];
  arrows: DiagramArrow[];
  /** What the wait means, the first line the claim. */
  moral: string[];
  /** Beside the other side's line, where it keeps nothing. */
  aside: string | null;
  /** All of it as one sentence. */
  label: string;
}

const NOT_MEASURED = 'not measured';
/** Where the connection ends and where the wait begins, as shares of the height. */
const CLOSE_AT = 0.5;
const WAIT_AT = 0.6;

/** Phases and arrows by who closes first, who keeps TIME_WAIT for it (RFC 9293, 3.6). */
export function connectionDiagram(input: DiagramInput): Diagram {
  const { closesFirst } = input;
  const opening: DiagramArrow[] = [
    { at: 0.02, to: 'there', label: 'SYN', kind: 'plain' },
    { at: 0.075, to: 'here', label: 'SYN, ACK', kind: 'plain' },
    { at: 0.17, to: 'there', label: 'request', kind: 'plain' },
    { at: 0.36, to: 'here', label: 'answer', kind: 'plain' },
  ];
  const closing: Record<Understanding['closesFirst'], DiagramArrow[]> = {
    'this side': [
      { at: CLOSE_AT, to: 'there', label: 'FIN: this side closes first', kind: 'closes' },
      { at: 0.565, to: 'here', label: 'FIN, ACK', kind: 'plain' },
    ],
    'the other side': [
      { at: CLOSE_AT, to: 'here', label: 'FIN: the other side closes first', kind: 'closes' },
      { at: 0.565, to: 'there', label: 'FIN, ACK', kind: 'plain' },
    ],
    both: [
      { at: CLOSE_AT, to: 'there', label: 'FIN: this side closes first, at times the other', kind: 'closes' },
      { at: 0.565, to: 'here', label: 'FIN, ACK', kind: 'plain' },
    ],
    unknown: [{ at: CLOSE_AT, to: 'there', label: 'FIN: no close was seen yet', kind: 'open' }],
  };
  return {
    phases: phasesOf(input),
    arrows: [...opening, ...closing[closesFirst]],
    moral: moralOf(input),
    aside: closesFirst === 'this side' ? 'closed, keeps nothing' : null,
    label: labelOf(input),
  };
}

function phasesOf({ closesFirst, platform, ...input }: DiagramInput): DiagramPhase[] {
  const here = (state: string, notes: string[], from: number, to: number): DiagramPhase => {
    return { side: 'here', state, title: formatStateWord(state, platform), notes, from, to, isSure: true };
  };
  const life =
    input.openSeconds === null ? 'length not known yet' : `${formatDuration(input.openSeconds)} on average`;
  const wait = { ...here('TIME_WAIT', waitNotes(input), WAIT_AT, 1), isSure: closesFirst !== 'unknown' };
  const away: DiagramPhase = { ...wait, side: 'there', notes: ['as long as its system keeps it'] };
  const phases = [here('SYN_SENT', [NOT_MEASURED], 0.01, 0.09), here('ESTABLISHED', [life], 0.09, CLOSE_AT)];
  switch (closesFirst) {
    case 'this side':
      return [...phases, here('FIN_WAIT', [NOT_MEASURED], CLOSE_AT, WAIT_AT), wait];
    case 'the other side':
      return [...phases, here('LAST_ACK', [NOT_MEASURED], CLOSE_AT + 0.02, WAIT_AT), away];
    case 'both':
      return [
        ...phases,
        here('FIN_WAIT', [NOT_MEASURED], CLOSE_AT, WAIT_AT),
        wait,
        { ...away, isSure: false },
      ];
    case 'unknown':
      return [...phases, wait, away];
  }
}

function waitNotes({ waitSeconds, waitSource }: Pick<DiagramInput, 'waitSeconds' | 'waitSource'>): string[] {
  return waitSeconds === null ? ['length not known'] : [formatHold(waitSeconds), waitSource];
}

function moralOf({ closesFirst, target, waitSeconds, isHostWide }: DiagramInput): string[] {
  const what = target === null || isHostWide ? 'cannot be used' : `cannot be used for ${target}`;
  const span = waitSeconds === null ? 'until its timer ends' : `for ${formatHold(waitSeconds)}`;
  switch (closesFirst) {
    case 'this side':
      return [
        `Its port ${what}`,
        `${span}, although nothing is sent any more. Had the server closed first, the wait would be on its side.`,
      ];
    case 'the other side':
      return [
        'Its port is free at once',
        'The wait is on the side that closes first, and that is the other one.',
      ];
    case 'both':
      return [
        `Its port ${what}`,
        `${span} where this side closed first. Where the other side did, the wait is there and the port is free at once.`,
      ];
    case 'unknown':
      return [
        'Nobody can say yet where the wait will be',
        `It stands on the side that closes first. If that is this one, the port ${what} ${span}.`,
      ];
  }
}

function labelOf({ closesFirst, openSeconds, waitSeconds, platform }: DiagramInput): string {
  const timeWait = formatState('TIME_WAIT', platform);
  const life = openSeconds === null ? 'is open' : `is open for ${formatDuration(openSeconds)} on average`;
  const wait =
    waitSeconds === null ? `waits in ${timeWait}` : `waits ${formatHold(waitSeconds)} in ${timeWait}`;
  const end = {
    'this side': `this side sends FIN first, and then its port ${wait}`,
    'the other side': `the other side sends FIN first, so ${timeWait} is on its side and the port here is free at once`,
    both: `at times this side sends FIN first, and then its port ${wait}, at times the other side`,
    unknown: `no close was seen yet; on the side that closes first the port ${wait}`,
  }[closesFirst];
  return `Sequence: a connection opens, ${life} for a request and its answer; ${end}`;
}

/** Where things stand on a picture of this size, in pixels. */
export interface DiagramFrame {
  hereX: number;
  thereX: number;
  top: number;
  y(share: number): number;
}

const TOP = 48;
const BOTTOM = 12;

export function diagramFrame({ width, height }: { width: number; height: number }): DiagramFrame {
  const span = Math.max(1, height - TOP - BOTTOM);
  return {
    hereX: Math.round(Math.min(212, Math.max(150, width * 0.27))),
    thereX: Math.round(width - Math.min(150, Math.max(116, width * 0.18))),
    top: TOP,
    y: (share) => Math.round(TOP + share * span),
  };
}
