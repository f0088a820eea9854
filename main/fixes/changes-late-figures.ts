/** Figures that are measured after a change was kept: written now and then, not with every sample. */
import type { Change, PoolFigures } from '../core/fixes/change.ts';
import type { Outcome } from '../core/model.ts';
import type { ChangesMakings } from './changes-makings.ts';

/** Milliseconds between writes: each is synced. */
const WRITE_EVERY_MS = 10_000;

export class LateFigures {
  #writtenAtMs = -Infinity;
  readonly #makings: Pick<ChangesMakings, 'journal' | 'now'>;

  constructor(makings: Pick<ChangesMakings, 'journal' | 'now'>) {
    this.#makings = makings;
  }

  isDue(): boolean {
    const sinceMs = this.#makings.now() - this.#writtenAtMs;
    // A clock that was set back says nothing.
    return sinceMs >= WRITE_EVERY_MS || sinceMs < 0;
  }

  /** As it stands in the journal, with these figures; called under its lock. */
  write(changeId: number, after: PoolFigures): Outcome<Change> {
    this.#writtenAtMs = this.#makings.now();
    const listed = this.#makings.journal.list();
    if (!listed.ok) return listed;
    const change = listed.value.find(({ id }) => id === changeId);
    if (!change) return { ok: false, failure: { code: 'gone', what: `change ${changeId}` } };
    return this.#makings.journal.update({ ...change, after });
  }
}
