/** The file settings.json in the state folder: read, written whole (hardening D6), set aside when it cannot be used. */
import { lstatSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../preload/contract-settings.ts';
import type { Failure, Outcome } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import { codeOf, fileFailure, isOfTheSystem } from '../storage/file-failure.ts';
import { takeProcessLock } from '../storage/process-lock.ts';
import { makeStateFolder } from '../storage/state-folder.ts';
import { readPlainFile, replaceFile, sweepFolder, syncQuietly } from '../storage/whole-files.ts';
import { formatSettings, parseSettings, type SettingsDocument } from './document.ts';

export const FILE_NAME = 'settings.json';
const LOCK_PREFIX = 'settings-lock.';
const MOST_BYTES = 64 * 1024;
const WHAT = 'the settings file';

/** What is in the file; 'none': there is no such file. */
export type FoundSettings = SettingsDocument | { kind: 'none' };

export class SettingsFile {
  readonly path: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, FILE_NAME);
  }

  /** Another one each time that the file was written, by whomever. */
  signature(): string {
    try {
      const { dev, ino, mtimeNs, ctimeNs, size } = statSync(this.path, { bigint: true });
      return [dev, ino, mtimeNs, ctimeNs, size].join(' ');
    } catch (error) {
      return codeOf(error) ?? 'unknown';
    }
  }

  read(): FoundSettings {
    try {
      const bytes = readPlainFile(this.path, MOST_BYTES);
      if (bytes === null) return { kind: 'broken', why: 'it is no plain file, or larger than any of ours' };
      return parseSettings(bytes.toString('utf8'));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return { kind: 'none' };
      if (!isOfTheSystem(error)) throw error;
      const sentence = failureSentence(fileFailure(error, this.path, 'read', WHAT));
      return { kind: 'broken', why: `${sentence.charAt(0).toLowerCase()}${sentence.slice(1, -1)}` };
    }
  }

  /** Writes `settings` in its place. Only within `whileLocked`. */
  write(settings: Settings): Outcome<true> {
    return this.#attempt(() => {
      replaceFile(this.#folder, FILE_NAME, formatSettings(settings));
      return { ok: true, value: true };
    });
  }

  /** Gives it a name that no file has; answers that name. Only within `whileLocked`. */
  setAside(): Outcome<string> {
    return this.#attempt(() => {
      for (let number = 1; ; number++) {
        const name = `${FILE_NAME}.broken-${number}`;
        if (lstatSync(join(this.#folder, name), { throwIfNoEntry: false })) continue;
        renameSync(this.path, join(this.#folder, name));
        syncQuietly(this.#folder);
        return { ok: true, value: name };
      }
    });
  }

  /** Does something that no other Fourtuple does at the same time. Makes the folder where there is none. */
  whileLocked<T>(work: () => Outcome<T>): Outcome<T> {
    const made = makeStateFolder(this.#folder, WHAT);
    if (!made.ok) return made;
    return this.#attempt(() => {
      const taken = takeProcessLock({ folder: this.#folder, prefix: LOCK_PREFIX, isPatient: true });
      if (!('lock' in taken)) return { ok: false, failure: held(taken.holderPid) };
      try {
        sweepFolder(this.#folder);
        return work();
      } finally {
        taken.lock.release();
      }
    });
  }

  #attempt<T>(work: () => Outcome<T>): Outcome<T> {
    try {
      return work();
    } catch (error) {
      if (!isOfTheSystem(error)) throw error;
      return { ok: false, failure: fileFailure(error, this.path, 'write', WHAT) };
    }
  }
}

function held(pid: number): Failure {
  return { code: 'unavailable', what: WHAT, why: `process ${pid} is writing it; try again` };
}
