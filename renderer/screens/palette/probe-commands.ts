/** Probes as lines of the palette: each goes to Evidence and runs there. */
import type { PaletteCommand } from '../../components/palette-commands.ts';
import type { ProbeInfo } from '../../stores/evidence.ts';

/** Those that can run here and need no value filled in; none before something is typed: they are many. */
export function probeCommands(
  probes: readonly ProbeInfo[],
  typed: string,
  run: (probeId: string) => void,
): PaletteCommand[] {
  if (typed.trim() === '') return [];
  return probes
    .filter(
      ({ unavailable, parameters }) =>
        unavailable === null && parameters.every(({ preset }) => preset !== null),
    )
    .map((probe) => ({
      id: `run ${probe.id}`,
      label: `Run ${probe.folklore?.command ?? probe.command}`,
      icon: 'term',
      isCode: true,
      hint: probe.title,
      words: `${probe.group} evidence probe`,
      copies: probe.command,
      run: () => run(probe.id),
    }));
}
