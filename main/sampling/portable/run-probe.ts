/** Runs a probe for its output, quietly. */
import type { Outcome } from '../../core/model.ts';
import { judgeRun } from '../../probes/verdict-of-run.ts';
import type { Probe } from '../../probes/probe.ts';
import { endedWell, type RunCommand, type RunLimits } from '../../terminal/run.ts';

export interface ProbeOutput {
  text: string;
  tookMs: number;
}

/** A listing of 250,000 sockets in the widest layout; a machine under load takes its time. */
const LIMITS: Partial<RunLimits> = {
  timeoutMs: 20_000,
  silenceMs: 20_000,
  outputBytes: 64 * 1024 * 1024,
};

/**
 * The output of a run that ended well. Failures: what the run itself gives (the tool is missing or may not be run), and
 * 'unavailable' with a sentence when it ended otherwise.
 */
export async function runProbe(
  run: RunCommand,
  probe: Probe,
  signal: AbortSignal,
): Promise<Outcome<ProbeOutput>> {
  const outcome = await run({ tool: probe.tool, argv: probe.argv, way: 'quiet', limits: LIMITS }, { signal });
  if (!outcome.ok) return outcome;
  const result = outcome.value;
  // States and numbers are ASCII but for a few words, whose damaged forms the parsers know.
  const decode = (bytes: Uint8Array) => new TextDecoder('utf-8').decode(bytes);
  const text = decode(result.stdout);
  if (endedWell(result, probe.goodExits)) return { ok: true, value: { text, tookMs: result.tookMs } };
  const { exitCode, signal: endedBy, end, tookMs } = result;
  const judged = judgeRun(probe, {
    exitCode,
    signal: endedBy,
    end,
    tookMs,
    text,
    stderr: decode(result.stderr),
  });
  const what = [probe.tool, ...probe.argv].join(' ');
  return { ok: false, failure: { code: 'unavailable', what, why: judged.sentence } };
}
