/** The end of the app: nothing is left running, nothing that was changed is left behind. */
import type { App } from 'electron';
import type { Workbench } from '../../workbench/workbench.ts';

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
  let signals = 0;
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
  // A second one is meant: whoever sends it does not want to wait.
  onSignal(() => (++signals === 1 ? app.quit() : app.exit(1)));
}
