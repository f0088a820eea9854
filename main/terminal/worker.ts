/** Entry of the terminal's child process: owns every command that runs, and leaves none behind (hardening C8). */
import { performance } from 'node:perf_hooks';
import { connectParent } from './parent-port.ts';
import { choosePrograms } from './programs.ts';
import { TERMINAL_BEAT_MS, type FromTerminal } from './protocol.ts';
import { createRunner } from './runner.ts';
import { TerminalService } from './service.ts';

/** Ending the runs takes a grace and a second at most; a run asked for more grace does not keep us longer. */
const END_LIMIT_MS = 5000;

function main(): void {
  const parent = connectParent<FromTerminal>();
  if (!parent) {
    process.stderr.write(
      'This file is the terminal process of Fourtuple; run `fourtuple probe` or `fourtuple serve`.\n',
    );
    process.exit(3);
  }
  const monotonicMs = () => performance.now();
  const runner = createRunner({ programs: choosePrograms(process.platform), now: Date.now, monotonicMs });
  const service = new TerminalService({
    runner,
    monotonicMs,
    post: (message, taken) => parent.post(message, taken),
  });
  let isEnding = false;
  const end = (isHeard: boolean) => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(0), END_LIMIT_MS);
    void service.end(isHeard).finally(() => process.exit(0));
  };
  // Ctrl-C in the terminal that serves reaches this process as well as its parent.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(true));
  parent.onEnd(() => end(false));
  parent.post({ type: 'ready', pid: process.pid });
  setInterval(() => {
    if (!parent.isConnected()) end(false);
    else parent.post({ type: 'beat' });
  }, TERMINAL_BEAT_MS);
  parent.onMessage((raw) => {
    if (service.receive(raw)) end(true);
  });
}

main();
