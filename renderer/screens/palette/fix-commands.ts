/** What the palette offers about fixes. Each leads to the wizard, where nothing runs before it was previewed. */
import type { PaletteCommand } from '../../components/palette-commands.ts';
import { needsFix, type Finding } from '../../format/findings.ts';
import { formatLevel } from '../../format/levels.ts';
import type { FixList } from '../../stores/fixes.ts';
import type { NavigationParams } from '../../stores/navigation.ts';

export interface FixCommandParts {
  findings: readonly Finding[];
  /** Null until it was asked for. */
  list: FixList | null;
  /** The change that waits to be kept; null when there is none. */
  holding: { changeId: number; title: string } | null;
  typed: string;
  go(params: NavigationParams): void;
  fix(finding: Finding): void;
}

/** Before something is typed, what is suggested; then every finding that something helps with and every fix. */
export function fixCommands({ findings, list, holding, typed, go, fix }: FixCommandParts): PaletteCommand[] {
  const isTyping = typed.trim() !== '';
  const held: PaletteCommand[] = holding
    ? [
        {
          id: `change ${holding.changeId}`,
          label: `Keep or undo: ${holding.title}`,
          icon: 'undo',
          hint: 'it holds',
          words: 'change verify',
          run: () => go({ changeId: holding.changeId }),
        },
      ]
    : [];
  const suggested = findings
    .filter((finding) => (isTyping ? finding.remedies.length > 0 : needsFix(finding)))
    .map((finding): PaletteCommand => ({
      id: `fix finding ${finding.id}`,
      label: `Fix: ${finding.title}`,
      icon: 'wrench',
      hint: formatLevel(finding.level),
      words: `wizard ${finding.sentence}`,
      run: () => fix(finding),
    }));
  if (!isTyping) return [...held, ...suggested];
  const known = (list?.fixes ?? []).map((one): PaletteCommand => ({
    id: `fix ${one.fixId}`,
    label: `Fix: ${one.title}`,
    icon: 'wrench',
    hint: one.refused === null ? one.takesEffect : 'not as things are',
    words: `catalogue ${one.kind} ${one.does}`,
    run: () => go({ fixId: one.fixId }),
  }));
  return [...held, ...suggested, ...known];
}

/** The other two views of Fix. */
export function fixPlaces(go: (params: NavigationParams) => void): PaletteCommand[] {
  return [
    {
      id: 'fix catalogue',
      label: 'Catalogue of fixes',
      icon: 'wrench',
      words: 'fix recipes advice keep-alive',
      run: () => go({ fixView: 'catalogue' }),
    },
    {
      id: 'fix journal',
      label: 'Journal of changes',
      icon: 'undo',
      words: 'fix undo history changed',
      run: () => go({ fixView: 'journal' }),
    },
  ];
}
