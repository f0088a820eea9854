/** A change while something is at work on it: each new state is written and synced first, then published. */
import type { Change, ChangePhase, ChangeStep, PoolFigures } from '../core/fixes/change.ts';
import type { Failure } from '../core/model.ts';
import type { ChangesMakings } from './changes-makings.ts';

type Makings = Pick<ChangesMakings, 'journal' | 'publish' | 'now'>;

export class ChangeRecord {
  #change: Change;
  #failure: Failure | null = null;
  readonly #makings: Makings;

  constructor(change: Change, makings: Makings) {
    this.#change = change;
    this.#makings = makings;
  }

  get change(): Change {
    return this.#change;
  }

  /** Why the journal could not be written, the first time that it could not; null when it always could. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** False when it is not on the disk; what is known here and published is the new state all the same. */
  set(news: Partial<Omit<Change, 'id'>>): boolean {
    this.#change = { ...this.#change, ...news };
    const written = this.#makings.journal.update(this.#change);
    if (!written.ok) this.#failure ??= written.failure;
    this.#makings.publish({ kind: 'updated', change: this.#change });
    return written.ok;
  }

  phase(phase: ChangePhase, news: Partial<Omit<Change, 'id'>> = {}): boolean {
    return this.set({ ...news, phase, phaseAtMs: this.#makings.now() });
  }

  /** Figures are written with the next state. */
  remember(after: PoolFigures): void {
    this.#change = { ...this.#change, after };
  }

  /** `index` counts from 0. */
  step(index: number, news: Partial<ChangeStep>): boolean {
    return this.set({ steps: this.stepsWith(index, news) });
  }

  stepsWith(index: number, news: Partial<ChangeStep>): ChangeStep[] {
    const atMs = this.#makings.now();
    return this.#change.steps.map((step, at) => (at === index ? { ...step, atMs, ...news } : step));
  }
}
