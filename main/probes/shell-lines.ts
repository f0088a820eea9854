/** Lines of a terminal that stand around an output when it was copied from a screen: the prompt with the command. */

/** Longer lines are output. */
const MAX_PROMPT_CHARACTERS = 400;
const PROMPT = /^[^\n]{0,200}?[$#%>❯]\s+(?<command>\S.*)$/su;
const RUNS_TOOL =
  /^(?:sudo\s+(?:-\S+\s+){0,4})?(?:[\w/.-]*\/)?(?<tool>ss|netstat|lsof|cat)(?:\.exe)?(?<rest>\s.*)?$/s;

/**
 * The words of the command that a line of a terminal shows ("root@web:~# ss -tan state time-wait", or the command
 * alone), the tool without its folder first; null for any other line.
 */
export function commandOnLine(line: string): string[] | null {
  if (line.length > MAX_PROMPT_CHARACTERS) return null;
  const command = PROMPT.exec(line)?.groups?.['command'] ?? line;
  const match = RUNS_TOOL.exec(command.trim());
  const tool = match?.groups?.['tool'];
  if (tool === undefined) return null;
  const rest = match?.groups?.['rest']?.trim() ?? '';
  return rest === '' ? [tool] : [tool, ...rest.split(/\s+/)];
}
