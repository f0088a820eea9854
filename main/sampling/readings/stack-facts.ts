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
  /** Those of the notes that a measured hold makes void. */
  holdNotes: string[];
  /** Why the hold is not certain to end at all (a Mac's TCP clock); null or absent where nothing speaks against it. */
  clockNote?: string | null;
}
