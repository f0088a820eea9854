/** A rule: evidence in, findings or nothing out. One rule a file; all of them are listed in rules.ts. */
import type { Finding } from '../model.ts';
import type { SystemId } from '../readings.ts';
import type { FindingEvidence } from './evidence.ts';

export interface Rule {
  /** "pool-exhausted"; also the start of its findings' ids. */
  id: string;
  /** What is checked, for the list of all checks: "Ports left in each pool". */
  title: string;
  /** Systems that it can say anything about; all when absent. */
  systems?: readonly SystemId[];
  /** Pure and quick; never throws. Empty when there is nothing to say. */
  find(evidence: FindingEvidence): Finding[];
}
