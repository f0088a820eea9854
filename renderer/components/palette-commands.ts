import type { IconName } from './icon-names.ts';

/** A line of the command palette. */
export interface PaletteCommand {
  id: string;
  label: string;
  icon: IconName;
  /** Beside the label, quietly: what it leads to, or what became of it. */
  hint?: string;
  /** Words it is found by although it does not show them. */
  words?: string;
  /** The key that does the same. */
  keys?: string;
  /** What Ctrl C copies; absent where there is nothing to copy. */
  copies?: string;
  /** The label is a command or a filter, set in the mono face. */
  isCode?: boolean;
  /** Shown whatever is typed: it was made from what is typed. */
  always?: boolean;
  /** The palette stays to say what became of it. */
  staysOpen?: boolean;
  run: () => void;
}

export interface PaletteGroup {
  title: string;
  commands: PaletteCommand[];
}
