/** Sentences of the settings: what became of their file. */

/** What there is to say about the file. */
export type SettingsCondition =
  /** There is no folder to keep it in; `why` is a whole sentence. */
  | { code: 'not-kept'; why: string }
  /** It could not be used and is kept under `keptAs`; `why` is a clause. What is in force instead. */
  | { code: 'set-aside'; why: string; keptAs: string; instead: 'defaults' | 'before' }
  /** It could not be used, and not be moved out of the way either. */
  | { code: 'in-the-way'; why: string; instead: 'defaults' | 'before' }
  /** Somebody wrote it while it was in use, and it cannot be used. */
  | { code: 'unusable'; why: string }
  | { code: 'newer' }
  /** It could not be written; `why` is a whole sentence. */
  | { code: 'not-saved'; why: string };

export function saySettingsCondition(condition: SettingsCondition): string {
  switch (condition.code) {
    case 'not-kept':
      return `Settings last until Fourtuple ends. ${condition.why}`;
    case 'set-aside':
      return `The settings file could not be used: ${condition.why}. It is kept as ${condition.keptAs}, and ${INSTEAD[condition.instead]}.`;
    case 'in-the-way':
      return `The settings file can be neither used nor moved out of the way: ${condition.why}. ${capitalised(INSTEAD[condition.instead])}, and changes last until Fourtuple ends.`;
    case 'unusable':
      return `The settings file was changed and cannot be used: ${condition.why}. What was in force before stays so; the next change here sets the file aside.`;
    case 'newer':
      return 'The settings file was written by a newer Fourtuple: what this one understands of it is used, nothing is written to it, and changes last until Fourtuple ends.';
    case 'not-saved':
      return `The settings could not be saved, so changes last until Fourtuple ends. ${condition.why}`;
  }
}

const INSTEAD = { defaults: 'the defaults were taken', before: 'what was in force before stays so' } as const;

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
