import type { StackSettings } from '../../core/model.ts';

/** What the facts of one system tell; a part that they do not tell is that system's default. */
export interface StackFacts {
  /** The profile whose defaults stand for what is not told. */
  profileId: string;
  profileName: string;
  values: Pick<
    StackSettings,
    'range' | 'reserved' | 'timeWaitSeconds' | 'timeWaitBasis' | 'reuse' | 'scope' | 'maxTimeWaitSockets'
  >;
  isRangeTold: boolean;
  isTimeWaitTold: boolean;
  /** One sentence each: what was assumed. The one about the range is not among them. */
  notes: string[];
}
