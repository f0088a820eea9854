/**
 * Notices: each sample goes through the rules of core/watching.ts; what is worth telling is published, kept for a while
 * and marked in the history.
 */
import type { Notice, Settings } from '../../preload/contract-settings.ts';
import type { Summary } from '../core/model.ts';
import { NOTHING_TOLD, watchVerdict, type WatchNotice, type WatchState } from '../core/watching.ts';
import type { NewMark } from '../history/model.ts';
import type { Handlers } from './handlers.ts';

/** Notices that `notices.list` answers at most. */
export const NOTICES_KEPT = 50;

export interface NoticesParts {
  /** What a person wants to be told of, as it is now. */
  rules(): Settings['notifications'];
  publish(event: { name: 'notice.raised'; payload: Notice }): void;
  /** Puts a mark on the time line. */
  mark(mark: NewMark): void;
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that never step back: how long something lasted is counted in these. */
  steadyMs(): number;
}

export interface Notices {
  readonly handlers: Pick<Handlers, 'notices.list' | 'notices.test'>;
  /** Looks at a sample of this machine; what is read from files raises nothing. */
  sampled(summary: Pick<Summary, 'origin' | 'verdict' | 'takenAtMs'>): void;
}

export function createNotices({ rules, publish, mark, now, steadyMs }: NoticesParts): Notices {
  /** Newest first. */
  let kept: Notice[] = [];
  let state: WatchState = NOTHING_TOLD;
  let lastId = 0;

  function raise(notice: Omit<Notice, 'id'>): Notice {
    const raised = { id: ++lastId, ...notice };
    kept = [raised, ...kept].slice(0, NOTICES_KEPT);
    publish({ name: 'notice.raised', payload: raised });
    return raised;
  }

  function sampled({ origin, verdict, takenAtMs }: Parameters<Notices['sampled']>[0]): void {
    if (origin.kind !== 'live') return;
    const { enabled, from, quietHours } = rules();
    if (!enabled) {
      // Whoever asks for notices again wants to hear of what is so then.
      state = { ...state, told: null, betterSinceMs: null };
      return;
    }
    const moment = { verdict, atMs: steadyMs(), minuteOfDay: minuteOfDay(takenAtMs) };
    const next = watchVerdict(state, moment, { from, quietHours });
    state = next.state;
    if (!next.notice) return;
    mark(noticeMark(next.notice, takenAtMs));
    raise({ ...next.notice, atMs: takenAtMs });
  }

  return {
    sampled,
    handlers: {
      'notices.list': async () => ({ ok: true, value: { notices: kept } }),
      'notices.test': async () => ({
        ok: true,
        value: raise({
          kind: 'test',
          level: 'notice',
          title: 'A test of notifications',
          body: 'This is what it looks like when ports become scarce. Nothing is the matter.',
          poolKey: null,
          atMs: now(),
        }),
      }),
    },
  };
}

/** What was told stands on the time line beside what it was told of. */
function noticeMark({ kind, level, body }: WatchNotice, atMs: number): NewMark {
  const word = level === 'critical' ? 'critical' : 'warning';
  const text = kind === 'over' ? 'Told: it is over' : `Told: ${word}`;
  return { kind: 'notice', atMs, level, text, detail: body };
}

/** Minutes after midnight where this machine is. */
function minuteOfDay(atMs: number): number {
  const date = new Date(atMs);
  return date.getHours() * 60 + date.getMinutes();
}
