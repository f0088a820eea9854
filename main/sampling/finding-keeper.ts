/** Runs the rules on each sample and keeps what they found from flapping. */
import type { FindingEvidence } from '../core/findings/evidence.ts';
import { findAll } from '../core/findings/rules.ts';
import { newMemory, settle, type SettledFinding } from '../core/findings/settle.ts';

export class FindingKeeper {
  #memory = newMemory();

  /** What to show after a sample; `nowMs` goes forward only. */
  judge(evidence: FindingEvidence, nowMs: number): SettledFinding[] {
    const { settled, memory } = settle(this.#memory, findAll(evidence), nowMs);
    this.#memory = memory;
    return settled;
  }
}
