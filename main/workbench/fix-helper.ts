/** Starts the helper of a change in a terminal that the person sees and can type into. */
import type { Helper, HelperEnd, StartHelper } from '../fixes/helper.ts';
import type { EndedRun } from '../terminal/protocol.ts';
import type { RunLimits, RunRequest } from '../terminal/run.ts';
import type { TerminalLink } from './terminal-link.ts';

/**
 * A change may hold for an hour after a password was typed, and nothing is printed meanwhile: its own clock ends it before
 * these do. SIGTERM makes it take back what it did, which takes a moment for each step.
 */
export const HELPER_LIMITS: Partial<RunLimits> = {
  timeoutMs: 5_400_000,
  silenceMs: 5_400_000,
  graceMs: 15_000,
};
const COLUMNS = 120;
const ROWS = 30;

/** Begins every word of the helper to us (main/fixes/helper.ts); nothing that is printed for people has it. */
const RECORD_SEPARATOR = 0x1e;

/** What hears of every helper that is started here. */
export interface HelperWatch {
  started(): void;
  /** It has the rights: whoever asked for a password has been answered. Once for each that comes so far. */
  hasSpoken(): void;
  ended(): void;
}

export function helperStarter(terminal: Pick<TerminalLink, 'run'>, watch: HelperWatch): StartHelper {
  return ({ tool, argv, speaks }, hooks) => {
    let hasSpoken = false;
    const over = (end: HelperEnd) => {
      watch.ended();
      hooks.ended(end);
    };
    const request: RunRequest = {
      tool,
      argv,
      // A way that cannot speak asks in a window of its own; there is nothing to type.
      way: speaks ? 'visible' : 'quiet',
      limits: HELPER_LIMITS,
      columns: COLUMNS,
      rows: ROWS,
      onParentDeath: 'hang-up',
    };
    const started = terminal.run(request, {
      printed: (_stream, bytes) => {
        const speaksNow = speaks && !hasSpoken && bytes.includes(RECORD_SEPARATOR);
        hasSpoken ||= speaksNow;
        hooks.printed(bytes);
        if (speaksNow) watch.hasSpoken();
      },
      ended: (result) => over(endOf(result)),
      failed: (failure) => over({ kind: 'failed', failure }),
    });
    if (!started.ok) return started;
    watch.started();
    const { write, resize, cancel } = started.value;
    return { ok: true, value: { write, resize, cancel } satisfies Helper };
  };
}

/** However it was made to end, its exit status says what it did last; without one it was killed. */
function endOf({ exitCode, signal, end }: EndedRun): HelperEnd {
  if (exitCode !== null) return { kind: 'exited', exitCode };
  if (signal !== null) return { kind: 'signalled', signal };
  return {
    kind: 'failed',
    failure: { code: 'unavailable', what: 'how the helper ended', why: `it was ${end}` },
  };
}
