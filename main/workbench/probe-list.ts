/** The probes of this machine, as the contract shows them, and whether each can run here. */
import type { ProbeInfo } from '../../preload/contract-evidence.ts';
import type { Outcome } from '../core/model.ts';
import { commandLine } from '../core/words/command-line.ts';
import { failureSentence } from '../core/words/failure.ts';
import type { Probe } from '../probes/probe.ts';

/** Answers the path of a tool of the terminal's table, or why there is none. */
export type FindProgram = (tool: string) => Outcome<string>;

export function describeProbe(probe: Probe, findProgram: FindProgram): ProbeInfo {
  const found = findProgram(probe.tool);
  const { id, group, title, proves, needs, figures, parameters, folklore } = probe;
  return {
    id,
    group,
    title,
    command: commandLine(probe.platform, probe.tool, probe.argv),
    proves,
    needs,
    figures: [...figures],
    parameters: parameters.map(({ name, type, label, preset }) => ({ name, type, label, preset })),
    unavailable: found.ok ? null : failureSentence(found.failure),
    folklore: folklore ? { command: folklore.command, takenFor: folklore.takenFor, why: folklore.why } : null,
  };
}
