/** Whether a plan can be carried out from here, and who asks for the rights. Pure. */
import type { PlanInfo } from '../../preload/contract-fixes.ts';
import type { Plan } from '../core/fixes/model.ts';
import type { RightsWay } from '../fixes/helper.ts';

export interface RightsView {
  plan: Plan;
  /** Of this machine (chooseRights). */
  rights: { way: RightsWay; sentence: string; obstacle: string | null };
  /** Sockets and settings are of files. */
  isImported: boolean;
  /** Why no change can be begun at all (a damaged journal, another one at work); null when it can. */
  obstacle: string | null;
}

const IMPORTED =
  'What is shown is of files, not of this machine as it is now. Save the script, take it to that machine and run it there.';

export function rightsInfo({ plan, rights, isImported, obstacle }: RightsView): PlanInfo['rights'] {
  if (isImported) return { way: 'none', sentence: 'Nothing is changed from here.', obstacle: IMPORTED };
  // The limit of one's own process takes none; everything else says so.
  if (!plan.steps.some(({ needsAdmin }) => needsAdmin)) {
    return { way: 'none', sentence: 'It needs no administrator rights.', obstacle };
  }
  return { way: rights.way, sentence: rights.sentence, obstacle: obstacle ?? rights.obstacle };
}
