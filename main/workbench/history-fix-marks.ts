/** Marks of fixes: each change that is carried out, kept, taken back or fails puts one on the time line. */
import type { ChangeInfo } from '../../preload/contract-fixes.ts';
import type { NewMark } from '../history/model.ts';

type Phase = ChangeInfo['phase'];

/** What a phase is called on the time line; others are on the way to one of these. */
const WORDS: Readonly<Partial<Record<Phase, string>>> = {
  holding: 'Fix',
  kept: 'Fix kept',
  undone: 'Undone',
  failed: 'Failed',
  left: 'Left half-way',
};
const MAX_CHANGES = 500;

export class FixMarks {
  readonly #startedAtMs: number;
  readonly #phases = new Map<number, Phase>();

  /** What happened before `startedAtMs` was marked then, or not at all. */
  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  /** The mark of a change that came to another phase; null where it did not, or the phase is only on the way. */
  next({ changeId, phase, phaseAtMs, title, sentence }: ChangeInfo): NewMark | null {
    if (this.#phases.get(changeId) === phase) return null;
    if (this.#phases.size >= MAX_CHANGES) this.#phases.clear();
    this.#phases.set(changeId, phase);
    const word = WORDS[phase];
    if (word === undefined || phaseAtMs < this.#startedAtMs) return null;
    return { kind: 'fix', atMs: phaseAtMs, text: `${word}: ${title}`, detail: sentence };
  }
}
