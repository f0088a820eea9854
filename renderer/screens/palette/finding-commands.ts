/** Findings, checks and the report as lines of the palette. */
import type { PaletteCommand } from '../../components/palette-commands.ts';
import type { Finding } from '../../format/findings.ts';
import { formatLevel } from '../../format/levels.ts';

/** The findings of the newest sample, each to its details; none before something is typed. */
export function findingCommands(
  findings: readonly Finding[],
  typed: string,
  open: (id: string) => void,
): PaletteCommand[] {
  if (typed.trim() === '') return [];
  return findings.map(({ id, level, title, sentence }) => ({
    id: `finding ${id}`,
    label: title,
    icon: 'flag',
    hint: formatLevel(level),
    words: `finding ${sentence}`,
    run: () => open(id),
  }));
}

export function checksCommand(run: () => void): PaletteCommand {
  return { id: 'checks', label: 'All checks', icon: 'check', words: 'findings rules passed', run };
}

export function reportCommand(run: () => void): PaletteCommand {
  return {
    id: 'report',
    label: 'Export incident report…',
    icon: 'download',
    keys: 'Ctrl E',
    words: 'html markdown json share ticket save',
    run,
  };
}
