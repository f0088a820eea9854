/** The end of the app: nothing is left running, nothing that was changed is left behind. */
import { performance } from 'node:perf_hooks';
import type { App } from 'electron';
import type { Workbench } from '../../workbench/workbench.ts';

/**
 * One Ctrl-C comes several times: from the terminal, which sends it to all that run in it, and from npm and `npm start`,
 * which pass it on; the end of a session is SIGTERM and SIGHUP. Within so many milliseconds they are one.
 */
const ECHO_MS = 1000;

export interface QuitOptions {
  app: Pick<App, 'on' | 'quit' | 'exit'>;
  workbench: Pick<Workbench, 'stop'>;
  /** Calls back on SIGINT, SIGTERM and SIGHUP. */
  onSignal(listener: () => void): void;
  log(line: string): void;
}

/** Electron ends its utility processes the hard way; the terminal's gets the time to end its commands first. */
export function endWithApp({ app, workbench, onSignal, log }: QuitOptions): void {
  let hasStopped = false;
  let stopping: Promise<void> | null = null;
  let askedAtMs: number | null = null;
  app.on('will-quit', (event) => {
    if (hasStopped) return;
    event.preventDefault();
    stopping ??= workbench
      .stop()
      .catch((error: unknown) => {
        log(`Not everything could be stopped: ${error instanceof Error ? error.message : String(error)}`);
      })
      .then(() => {
        hasStopped = true;
        app.quit();
      });
  });
  onSignal(() => {
    const nowMs = performance.now();
    if (askedAtMs === null) {
      askedAtMs = nowMs;
      return app.quit();
    }
    // A second one is meant: whoever sends it does not want to wait.
    if (nowMs - askedAtMs >= ECHO_MS) app.exit(1);
  });
}
