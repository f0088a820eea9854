/** Opens what carries changes out when it is first needed: a journal that cannot be used is an answer, not a crash. */
import type { Failure, Outcome } from '../core/model.ts';
import { createChanges } from '../fixes/changes.ts';
import type { ChangesMakings } from '../fixes/changes-makings.ts';
import type { Changes, ChangesEvent } from '../fixes/changes-parts.ts';
import type { RightsWay, StartHelper } from '../fixes/helper.ts';
import { openJournal } from '../fixes/journal.ts';
import { placeNow, readPresent } from '../fixes/present.ts';
import type { RunCommand } from '../terminal/run.ts';

export interface EngineParts {
  platform: NodeJS.Platform;
  /** Where the journal lies, or why there is no such place. */
  stateFolder: Outcome<string>;
  startHelper: StartHelper;
  rights: { way: RightsWay; obstacle: string | null };
  /** Runs commands that read settings, where those are no files. */
  run: RunCommand;
  /** "root", "uid 1000". */
  asUser: string;
  /** Epoch milliseconds. */
  now(): number;
  /** How an account says a moment: "14:33". */
  sayMoment(atMs: number): string;
  publish(event: ChangesEvent): void;
}

export type OpenEngine = (parts: EngineParts) => Outcome<Changes>;

/** The engine of this machine, ready for use. Failure: the journal cannot be opened. */
export function openEngine(parts: EngineParts): Outcome<Changes> {
  const { stateFolder, platform, run, ...makings } = parts;
  if (!stateFolder.ok) return stateFolder;
  const journal = openJournal(stateFolder.value);
  if (!journal.ok) return journal;
  const machine = { platform, run };
  return {
    ok: true,
    value: createChanges({
      ...makings,
      journal: journal.value,
      readPresent: (plan) => readPresent(plan, machine),
      place: () => placeNow(machine),
      setTimer,
    } satisfies ChangesMakings),
  };
}

export function setTimer(milliseconds: number, run: () => void): () => void {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
}

/** For hosts that keep nothing. */
export const NO_STATE_FOLDER: Failure = {
  code: 'unavailable',
  what: 'the journal of changes',
  why: 'this workbench was started without a folder to keep it in',
};
