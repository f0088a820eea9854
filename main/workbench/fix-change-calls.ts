/** Answers the calls about changes: the journal, keeping, taking back, finishing, and the terminal of one at work. */
import { Buffer } from 'node:buffer';
import type { Change } from '../core/fixes/change.ts';
import type { Outcome } from '../core/model.ts';
import type { BeforePictures } from './fix-before.ts';
import type { ChangeDesk } from './fix-desk.ts';
import type { PrintedByChanges } from './fix-printed.ts';
import type { FixHandlers } from './fixes.ts';
import type { Handler } from './handlers.ts';

type ChangeCalls = Pick<
  FixHandlers,
  | 'changes.list'
  | 'changes.before'
  | 'changes.keep'
  | 'changes.undo'
  | 'changes.finish'
  | 'changes.type'
  | 'changes.resize'
  | 'changes.transcript'
>;

/** Most changes that a page is told; a journal of years has more. */
const MAX_LISTED = 200;

export interface ChangeCallParts {
  desk: ChangeDesk;
  printed: PrintedByChanges;
  pictures: BeforePictures;
  /** Where the journal lies; null where there is no such place. */
  folder: string | null;
}

export function changeHandlers({ desk, printed, pictures, folder }: ChangeCallParts): ChangeCalls {
  const shown = (outcome: Outcome<Change>): Awaited<ReturnType<Handler<'changes.keep'>>> =>
    outcome.ok ? { ok: true, value: desk.info(outcome.value) } : outcome;
  return {
    'changes.list': async () => {
      const listed = await desk.list();
      const changes = listed.ok ? listed.value.reverse().slice(0, MAX_LISTED) : [];
      return { ok: true, value: { changes, obstacle: desk.obstacle(), folder: folder ?? '' } };
    },
    'changes.before': async ({ changeId }) => {
      const change = await desk.find(changeId);
      return change.ok ? { ok: true, value: pictures.of(change.value) } : change;
    },
    'changes.keep': async ({ changeId }) =>
      shown(await desk.begin(async (changes) => changes.keep(changeId))),
    'changes.undo': async ({ changeId, steps }) =>
      shown(await desk.begin((changes) => changes.undo(changeId, steps))),
    'changes.finish': async ({ changeId }) => shown(await desk.begin((changes) => changes.finish(changeId))),
    // Goes straight to the terminal: it may be a password, and is kept, logged and told nowhere (hardening F11).
    'changes.type': async ({ changeId, data }) => {
      const engine = desk.engine();
      if (!engine.ok) return engine;
      const bytes = Buffer.from(data, 'utf8');
      const typed = engine.value.type(changeId, bytes);
      return { ok: true, value: { typed } };
    },
    'changes.resize': async ({ changeId, columns, rows }) => {
      const engine = desk.engine();
      if (!engine.ok) return engine;
      return { ok: true, value: { resized: engine.value.resize(changeId, columns, rows) } };
    },
    'changes.transcript': async ({ changeId, offset, limit }) => printed.read(changeId, offset, limit),
  };
}
