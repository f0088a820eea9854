/** Requests to open files, from the command line, a second start, the system or the menu: one after the other. */
import { z } from 'zod';
import { MAX_IMPORT_FILES } from '../../../preload/contract-import.ts';
import type { ElectronParts } from './electron-parts.ts';

/** What a second start hands to the first. From another process: checked as anything from outside. */
export const handoverSchema = z.object({
  files: z.array(z.string().min(1).max(4096)).max(MAX_IMPORT_FILES * 4),
});

/** Collects files until somebody takes them; then each request goes to `take` when the one before it is done. */
export class OpenRequests {
  #waiting: string[] = [];
  readonly #failed: (error: unknown) => void;
  #take: ((paths: readonly string[]) => Promise<void>) | null = null;
  #isBusy = false;

  /** `failed` hears of a bug in taking; the next request is taken all the same. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  add(paths: readonly string[]): void {
    if (paths.length === 0) return;
    this.#waiting.push(...paths);
    void this.#next();
  }

  /** Begins with those that came before. */
  begin(take: (paths: readonly string[]) => Promise<void>): void {
    this.#take = take;
    void this.#next();
  }

  async #next(): Promise<void> {
    if (this.#take === null || this.#isBusy || this.#waiting.length === 0) return;
    this.#isBusy = true;
    const paths = this.#waiting;
    this.#waiting = [];
    try {
      await this.#take(paths);
    } catch (error) {
      this.#failed(error);
    }
    this.#isBusy = false;
    void this.#next();
  }
}

/** macOS hands files over by an event, one each, the first of them before the app is ready. */
export function hearOpenFile(app: Pick<ElectronParts['app'], 'on'>, requests: OpenRequests): void {
  app.on('open-file', (event, path) => {
    event.preventDefault();
    requests.add([path]);
  });
}
