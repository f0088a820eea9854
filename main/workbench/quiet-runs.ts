/** Commands run quietly in the terminal's process and handed back whole, for those who read settings through tools. */
import { Buffer } from 'node:buffer';
import type { OutputStream, RunCommand } from '../terminal/run.ts';
import type { TerminalLink } from './terminal-link.ts';

/** What `Runner.run` is, over the link. An abort ends the run as 'cancelled'; other hooks are not heard. */
export function quietRuns(terminal: Pick<TerminalLink, 'run'>): RunCommand {
  return (request, hooks = {}) =>
    new Promise((resolve) => {
      const pieces: Record<OutputStream, Uint8Array[]> = { out: [], err: [] };
      const started = terminal.run(
        { ...request, way: 'quiet' },
        {
          printed: (stream, bytes) => pieces[stream].push(bytes),
          ended: ({ stdoutBytes: _out, stderrBytes: _err, ...result }) =>
            resolve({
              ok: true,
              value: { ...result, stdout: Buffer.concat(pieces.out), stderr: Buffer.concat(pieces.err) },
            }),
          failed: (failure) => resolve({ ok: false, failure }),
        },
      );
      if (!started.ok) return resolve(started);
      const { cancel } = started.value;
      if (hooks.signal?.aborted) cancel();
      else hooks.signal?.addEventListener('abort', () => cancel(), { once: true });
    });
}
