/** What the command line changes this machine with: the engine, a person to ask, and a helper in their terminal. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { performance } from 'node:perf_hooks';
import type { PoolFigures } from '../core/fixes/change.ts';
import type { Outcome } from '../core/model.ts';
import { createChanges } from '../fixes/changes.ts';
import type { Changes, ChangesEvent } from '../fixes/changes-parts.ts';
import type { StartHelper } from '../fixes/helper.ts';
import { openJournal } from '../fixes/journal.ts';
import { placeNow, readPresent } from '../fixes/present.ts';
import { chooseRights } from '../fixes/rights.ts';
import { ownStateFolder } from '../storage/state-folder.ts';
import { startForeground } from '../terminal/foreground.ts';
import { choosePrograms, findProgram } from '../terminal/programs.ts';
import { createRunner } from '../terminal/runner.ts';
import { runsElevated } from '../terminal/trusted-file.ts';
import { sayMoment } from './moment.ts';
import { watchPool } from './watch-pool.ts';

/** Who sits at the terminal. */
export interface Person {
  /** False: nobody can be asked. */
  isThere: boolean;
  /** The next line; null when none comes any more or `signal` aborts. Nothing is read but while this is waited for. */
  readLine(signal: AbortSignal): Promise<string | null>;
}

export interface OpenedChanges {
  changes: Changes;
  /** Of the journal. */
  folder: string;
}

/** What the commands need of the machine; tests pass their own. */
export interface ChangeMachine {
  open(publish: (event: ChangesEvent) => void): Outcome<OpenedChanges>;
  person: Person;
  /** Bytes of the helper for the person, as they are. */
  raw(bytes: Uint8Array): void;
  /** Measures a pool each second until `signal` aborts. */
  watchPool(poolKey: string, signal: AbortSignal, measured: (figures: PoolFigures) => void): Promise<void>;
}

export function changesHere(platform: NodeJS.Platform): ChangeMachine {
  return {
    open: (publish) => open(platform, publish),
    person: personAt(process.stdin, process.stdin.isTTY === true && process.stderr.isTTY === true),
    raw: (bytes) => void process.stdout.write(bytes),
    watchPool: (...asked) => watchPool(platform, ...asked),
  };
}

function open(platform: NodeJS.Platform, publish: (event: ChangesEvent) => void): Outcome<OpenedChanges> {
  const folder = ownStateFolder();
  if (!folder.ok) return folder;
  const journal = openJournal(folder.value);
  if (!journal.ok) return journal;
  const programs = choosePrograms(platform);
  const runner = createRunner({ programs, now: Date.now, monotonicMs: () => performance.now() });
  const machine = { platform, run: runner.run };
  const isElevated = runsElevated();
  const changes = createChanges({
    journal: journal.value,
    startHelper: startInForeground,
    rights: chooseRights(platform, isElevated, (tool) => findProgram(programs, tool)),
    readPresent: (plan) => readPresent(plan, machine),
    place: () => placeNow(machine),
    asUser: isElevated ? 'root' : `uid ${process.getuid?.() ?? 'unknown'}`,
    now: Date.now,
    setTimer: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    publish,
    sayMoment,
  });
  return { ok: true, value: { changes, folder: journal.value.folder } };
}

/** In the person's own terminal, where sudo asks by itself; there is no size of it that would be ours to set. */
export const startInForeground: StartHelper = ({ tool, argv }, hooks) => {
  const started = startForeground({ tool, argv }, { onOutput: (bytes) => hooks.printed(bytes) });
  if (!started.ok) return started;
  const { write, cancel, result } = started.value;
  void result.then((ended) => {
    if (!ended.ok) return hooks.ended({ kind: 'failed', failure: ended.failure });
    const { exitCode, signal } = ended.value;
    return exitCode === null
      ? hooks.ended({ kind: 'signalled', signal: String(signal) })
      : hooks.ended({ kind: 'exited', exitCode });
  });
  return { ok: true, value: { write, cancel, resize: () => undefined } };
};

/** What sudo reads of the terminal is never ours: between two lines the input rests. */
function personAt(input: Readable, isThere: boolean): Person {
  return {
    isThere,
    readLine: (signal) =>
      new Promise((resolve) => {
        const lines = createInterface({ input, terminal: false });
        const done = (line: string | null) => {
          signal.removeEventListener('abort', abandon);
          lines.removeAllListeners();
          lines.close();
          input.pause();
          resolve(line);
        };
        const abandon = () => done(null);
        signal.addEventListener('abort', abandon, { once: true });
        lines.once('line', done);
        lines.once('close', abandon);
        if (signal.aborted) abandon();
      }),
  };
}
