/** The options of `fourtuple probe`. */
import { parseArgs } from 'node:util';
import type { Outcome } from '../core/model.ts';
import { parseFailure, usage } from './usage.ts';

export interface ProbeOptions {
  /** Null: list what there is. */
  probeId: string | null;
  parameters: { name: string; value: string }[];
  json: boolean;
  raw: boolean;
  help: boolean;
}

export const PROBE_HELP = `fourtuple probe: ask the machine in its own words

Usage: fourtuple probe                 list what can be asked, and what cannot be asked here and why
       fourtuple probe ID [options]    ask it: run the command and say what its output tells

Prints what the command printed, how it ended and what was understood, and ends with
  0  it worked, also when there was nothing to tell
  1  it ran, but failed, was stopped, or was understood only in part
  3  it was not run: wrong usage, no such probe, or its tool is not installed

Options
  --parameter NAME=VALUE   a value that the probe asks for; may be given several times
  --json                   print one JSON object (schema fourtuple.probes/1 or fourtuple.probe/1) and nothing else
  --raw                    print the command's own output, byte for byte, and nothing else
  --help                   this text

Probes read; none changes anything.
`;

/** Reads argv after the word "probe"; a failure's message is one sentence. */
export function parseProbeOptions(argv: readonly string[]): Outcome<ProbeOptions> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      options: {
        parameter: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        raw: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
      strict: true,
      allowPositionals: true,
    });
  } catch (cause) {
    return parseFailure(cause);
  }
  const { values, positionals } = parsed;
  const { parameter, json, raw, help } = values;
  const [probeId = null, more] = positionals;
  if (more !== undefined) return usage('arguments', 'one probe at a time');
  if (json && raw) return usage('arguments', '--json and --raw exclude each other');
  if (probeId === null && (raw || parameter.length > 0)) return usage('arguments', 'which probe?');
  const parameters: ProbeOptions['parameters'] = [];
  for (const text of parameter) {
    const at = text.indexOf('=');
    if (at < 1) return usage('--parameter', `--parameter takes NAME=VALUE, not "${text.slice(0, 40)}"`);
    parameters.push({ name: text.slice(0, at), value: text.slice(at + 1) });
  }
  return { ok: true, value: { probeId, parameters, json, raw, help } };
}
