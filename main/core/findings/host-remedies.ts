/** What helps where ports count for the whole host, in order of worth. Pure. */
import type { Remedy } from '../model.ts';
import type { SystemId } from '../readings.ts';
import type { FindingEvidence } from './evidence.ts';
import { remedy } from './remedies.ts';

/** The fix that widens the port range of a system. */
export function rangeRemedy(system: SystemId, why: string): Remedy {
  if (system === 'linux') return remedy('linux-widen-range', why);
  return remedy(system === 'windows' ? 'windows-widen-range' : 'macos-widen-range', why);
}

/** Remedies that name no pool. */
export function poolRemediesOfHost({ system }: FindingEvidence): Remedy[] {
  const first = remedy('app-keep-alive', 'removes the cause: fewer connections are opened');
  if (system === 'windows') {
    return [first, remedy('windows-widen-range', 'buys time: more ports, at once and without a restart')];
  }
  if (system === 'linux') return [first, remedy('linux-widen-range', 'buys time: more ports in every pool')];
  return [first, remedy('macos-widen-range', 'buys time: more ports, at once')];
}
