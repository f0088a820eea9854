/** The settings in force: those of the file, and changes that could not be written to it for as long as this lives. */
import { unwatchFile, watchFile } from 'node:fs';
import type {
  Settings,
  SettingsChange,
  SettingsProblem,
  SettingsState,
} from '../../preload/contract-settings.ts';
import type { Outcome } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import { saySettingsCondition, type SettingsCondition } from '../core/words/settings.ts';
import { joinChanges, withChange } from './change.ts';
import { DEFAULT_SETTINGS } from './defaults.ts';
import { SettingsFile, type FoundSettings } from './file.ts';
import { problemsOf } from './rules.ts';

/** How often it is looked whether another Fourtuple wrote the file. */
const LOOK_EVERY_MS = 2000;

export class SettingsStore {
  readonly #file: SettingsFile | null;
  /** What the file says. */
  #saved: Settings = DEFAULT_SETTINGS;
  /** What it should say as well, and could not be told. */
  #unsaved: SettingsChange = {};
  #current: Settings = DEFAULT_SETTINGS;
  /** Of the file as it was read last. */
  #found: SettingsCondition | null = null;
  /** Why the last change was not written. */
  #notSaved: SettingsCondition | null = null;
  /** A file was set aside since the start. */
  #aside: SettingsCondition | null = null;
  #signature = '';

  /** Reads the file, which need not be there, in the state folder; with a failure instead, settings are not kept. */
  constructor(folder: Outcome<string>) {
    this.#file = folder.ok ? new SettingsFile(folder.value) : null;
    if (this.#file) this.#begin(this.#file);
    else if (!folder.ok) this.#found = { code: 'not-kept', why: failureSentence(folder.failure) };
  }

  get current(): Settings {
    return this.#current;
  }

  get state(): SettingsState {
    const condition = this.#found ?? this.#notSaved ?? this.#aside;
    return {
      settings: this.#current,
      defaults: DEFAULT_SETTINGS,
      file: this.#file?.path ?? null,
      sentence: condition && saySettingsCondition(condition),
    };
  }

  /** Makes all of the change, or none and says why. What cannot be written is in force all the same. */
  change(change: SettingsChange): SettingsProblem[] {
    const file = this.#file;
    let problems: SettingsProblem[] = [];
    const write = (target: SettingsFile): Outcome<true> => {
      this.#take(target.read(), target, 'before');
      problems = this.#adopt(change);
      const isWritten = problems.length === 0 && this.#found === null;
      const written: Outcome<true> = isWritten ? target.write(this.#current) : { ok: true, value: true };
      // Before anybody else can write: what they write then is seen as different.
      this.#signature = target.signature();
      return written;
    };
    if (!file) return this.#adopt(change);
    const written = file.whileLocked(() => write(file));
    if (problems.length > 0) return problems;
    if (!written.ok) {
      // The lock or the disk refused: the change is not in the file, and holds nevertheless.
      problems = this.#adopt(change);
      this.#notSaved = { code: 'not-saved', why: failureSentence(written.failure) };
      return problems;
    }
    this.#notSaved = null;
    if (this.#found === null) {
      this.#saved = this.#current;
      this.#unsaved = {};
    }
    return [];
  }

  /** Takes up what another one wrote; tells whether anything is different now. */
  refresh(): boolean {
    const file = this.#file;
    if (!file || file.signature() === this.#signature) return false;
    const before = JSON.stringify(this.state);
    this.#signature = file.signature();
    const found = file.read();
    // Nothing is moved away from under an editor.
    if (found.kind === 'broken') this.#found = { code: 'unusable', why: found.why };
    else this.#use(found);
    return JSON.stringify(this.state) !== before;
  }

  /** Refreshes from time to time until the returned function is called. */
  watch(onDifference: () => void): () => void {
    const path = this.#file?.path;
    if (path === undefined) return () => {};
    const look = () => {
      if (this.refresh()) onDifference();
    };
    watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, look);
    return () => unwatchFile(path, look);
  }

  #begin(file: SettingsFile): void {
    const found = file.read();
    if (found.kind !== 'broken') this.#use(found);
    else {
      const moved = file.whileLocked(() => {
        // Another one may have set it aside and written a new one meanwhile.
        this.#take(file.read(), file, 'defaults');
        return { ok: true, value: true };
      });
      if (!moved.ok) this.#found = { code: 'in-the-way', why: found.why, instead: 'defaults' };
    }
    this.#signature = file.signature();
  }

  /** Only within the file's lock. */
  #take(found: FoundSettings, file: SettingsFile, instead: 'defaults' | 'before'): void {
    if (found.kind !== 'broken') return this.#use(found);
    const moved = file.setAside();
    this.#found = moved.ok ? null : { code: 'in-the-way', why: found.why, instead };
    if (moved.ok) this.#aside = { code: 'set-aside', why: found.why, keptAs: moved.value, instead };
  }

  #use(found: Exclude<FoundSettings, { kind: 'broken' }>): void {
    this.#found = found.kind === 'newer' ? { code: 'newer' } : null;
    this.#saved = found.kind === 'none' ? DEFAULT_SETTINGS : found.settings;
    // What another one wrote counts where both do not fit together.
    if (problemsOf(withChange(this.#saved, this.#unsaved)).length > 0) this.#unsaved = {};
    this.#current = withChange(this.#saved, this.#unsaved);
  }

  #adopt(change: SettingsChange): SettingsProblem[] {
    const unsaved = joinChanges(this.#unsaved, change);
    const next = withChange(this.#saved, unsaved);
    const problems = problemsOf(next);
    if (problems.length > 0) return problems;
    this.#unsaved = unsaved;
    this.#current = next;
    return [];
  }
}
