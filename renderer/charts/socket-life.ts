/** The life of one connection as a strip: what was seen of it, where it is now, what is still to come. */
import type { SocketRow } from '../../preload/contract.ts';
import { formatDuration } from '../format/durations.ts';
import { formatState, formatStateWord, stateKind, type StateKind } from '../format/states.ts';

/** A stretch of the strip, in shares of its width. */
export interface LifeStretch {
  kind: StateKind;
  from: number;
  to: number;
  /** seen: filled. unseen: it was so, but no sample saw it. ahead: still to come. */
  certainty: 'seen' | 'unseen' | 'ahead';
  title: string;
  detail: string;
}

export interface SocketLife {
  stretches: LifeStretch[];
  /** Where "now" stands; null when the socket is gone. */
  now: number | null;
  /** What is written to the right of "now"; '' for nothing. */
  ahead: string;
  /** The whole strip as a sentence. */
  sentence: string;
}

export interface SocketLifeFacts {
  row: SocketRow;
  /** Seconds it was seen open before it closed; null when that was not seen. */
  openSeconds: number | null;
  holdSeconds: number;
  isGone: boolean;
  platform: string;
}

/** Where the strip of a closed connection changes from open to TIME_WAIT: a picture of an order, not to scale. */
const CLOSE_AT = 0.3;
const GAP = 0.012;
/** How much of the strip a socket that is still open fills. */
const OPEN_TO = 0.78;

/** The strip of a socket. */
export function socketLife(facts: SocketLifeFacts): SocketLife {
  return facts.row.state === 'TIME_WAIT' ? closedLife(facts) : openLife(facts);
}

function closedLife({ row, openSeconds, holdSeconds, isGone, platform }: SocketLifeFacts): SocketLife {
  const left = isGone ? 0 : row.timerSeconds;
  const done = left === null ? 0 : Math.min(1, Math.max(0, 1 - left / holdSeconds));
  const nowAt = CLOSE_AT + (1 - CLOSE_AT) * done;
  const open: LifeStretch = {
    kind: 'est',
    from: 0,
    to: CLOSE_AT - GAP,
    certainty: openSeconds === null ? 'unseen' : 'seen',
    title: 'Established',
    detail: openSeconds === null ? 'not seen' : formatDuration(openSeconds),
  };
  const hold = { title: formatState('TIME_WAIT', platform), detail: `${Math.round(holdSeconds)} s` };
  const stretches: LifeStretch[] = [open];
  if (done > 0) stretches.push({ kind: 'tw', from: CLOSE_AT, to: nowAt, certainty: 'seen', ...hold });
  const named = done > 0 ? { title: '', detail: '' } : hold;
  if (done < 1) stretches.push({ kind: 'tw', from: nowAt, to: 1, certainty: 'ahead', ...named });
  const ahead = isGone || left === null ? '' : `${Math.round(left)} s left`;
  const opened = openSeconds === null ? 'Not seen while open' : `Open for ${formatDuration(openSeconds)}`;
  const held = isGone ? 'its port is free again' : left === null ? 'time left not known' : ahead;
  return {
    stretches,
    now: isGone || left === null ? null : nowAt,
    ahead,
    sentence: `${opened}, then ${hold.title} for ${hold.detail}: ${held}`,
  };
}

function openLife({ row, isGone, platform }: SocketLifeFacts): SocketLife {
  const word = formatStateWord(row.state, platform);
  const age = row.ageSeconds === null ? null : formatDuration(row.ageSeconds);
  const detail =
    age === null ? 'since when is not known' : row.ageIsMinimum ? `at least ${age}` : `${age} so far`;
  const to = isGone ? 1 : OPEN_TO;
  const earlier = row.ageIsMinimum || age === null ? 0.08 : 0;
  const kind = stateKind(row.state);
  const stretches: LifeStretch[] = [{ kind, from: earlier, to, certainty: 'seen', title: word, detail }];
  if (earlier > 0) {
    stretches.unshift({ kind, from: 0, to: earlier - GAP, certainty: 'unseen', title: '', detail: '' });
  }
  return {
    stretches,
    now: isGone ? null : to,
    ahead: '',
    sentence: `${word}, ${detail}${isGone ? ', now gone' : ''}`,
  };
}
