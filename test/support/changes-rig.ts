/** The engine of changes over a fake machine and a real journal in a folder of its own. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findFix } from '../../main/core/fixes/catalogue.ts';
import type { Change, Place } from '../../main/core/fixes/change.ts';
import type { FixParameters, Plan } from '../../main/core/fixes/model.ts';
import type { Outcome, Summary } from '../../main/core/model.ts';
import type { SystemId } from '../../main/core/readings.ts';
import { createChanges } from '../../main/fixes/changes.ts';
import type { ChangesMakings } from '../../main/fixes/changes-makings.ts';
import type { Changes } from '../../main/fixes/changes-parts.ts';
import type { Journal } from '../../main/fixes/journal-parts.ts';
import { openJournal } from '../../main/fixes/journal.ts';
import { hashPlan } from '../../main/fixes/plan-hash.ts';
import { FakeMachine } from './fake-helper.ts';
import { anInput, aState } from './fixes.ts';

export const HERE: Place = {
  bootId: 'c624f146-2e22-4a38-a22a-1095d2b746f8',
  networkNamespace: 'net:[4026531840]',
};

export function planOf(
  id: string,
  parameters: Partial<FixParameters> = {},
  system: SystemId = 'linux',
  summary: Summary | null = null,
): Plan {
  const fix = findFix(id);
  if (!fix) throw new Error(`there is no fix ${id}`);
  return fix.plan(anInput(aState(system), parameters, summary));
}

export const WIDEN = planOf('linux-widen-range', {
  range: { first: 20000, last: 65535 },
  reserve: [{ first: 20001, last: 20001 }],
});
export const RESERVED = 'net.ipv4.ip_local_reserved_ports';
export const RANGE = 'net.ipv4.ip_local_port_range';
export const BEFORE = { [RESERVED]: '', [RANGE]: '32768 60999' };
export const AFTER = { [RESERVED]: '20001', [RANGE]: '20000 65535' };

export interface ChangesRig {
  machine: FakeMachine;
  changes: Changes;
  journal: Journal;
  /** Each state that was published, in short: "applying started,waiting". */
  told: string[];
  printed: string;
  /** Timers that run, oldest first. */
  timers: { milliseconds: number; run: () => void }[];
  /** Moves the engine to another place. */
  place: Place;
  /** Carries it out as it is. */
  apply(undoAfterSeconds?: number | null): Outcome<Change>;
  /** When nothing is at work any more; the change as the journal has it. */
  ended(): Promise<Change>;
  /** When the change at work is in this phase. */
  phase(phase: string): Promise<void>;
  values(): Record<string, string>;
  /** As a later start of the program sees it: same machine, same folder. */
  again(): ChangesRig;
}

interface RigOptions {
  plan?: Plan;
  folder?: string;
  machine?: FakeMachine;
  makings?: Partial<ChangesMakings>;
  wrapJournal?: (journal: Journal) => Journal;
}

const folders: string[] = [];

/** For afterEach. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** In memory where there is such a place: every write is synced. */
export function aFolder(): string {
  const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(base, 'fourtuple-changes-'));
  folders.push(folder);
  return folder;
}

export function changesRig(options: RigOptions = {}): ChangesRig {
  const {
    plan = WIDEN,
    folder = aFolder(),
    machine = new FakeMachine(plan),
    wrapJournal = (journal) => journal,
  } = options;
  const opened = openJournal(join(folder, 'state'));
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
  const journal = wrapJournal(opened.value);
  let clock = Date.UTC(2026, 7, 1, 12);
  const changes = createChanges({
    journal,
    startHelper: machine.startHelper,
    rights: { way: 'none', obstacle: null },
    readPresent: machine.readPresent,
    place: () => rig.place,
    asUser: 'root',
    now: () => (clock += 1),
    setTimer: (milliseconds, run) => {
      const timer = { milliseconds, run };
      rig.timers.push(timer);
      return () => void rig.timers.splice(rig.timers.indexOf(timer), 1);
    },
    publish: (event) => {
      if (event.kind === 'printed') rig.printed += new TextDecoder().decode(event.bytes);
      else rig.told.push(`${event.change.phase} ${event.change.steps.map(({ status }) => status).join(',')}`);
    },
    settleMs: 0,
    ...options.makings,
  });
  const rig: ChangesRig = {
    machine,
    changes,
    journal,
    told: [],
    printed: '',
    timers: [],
    place: HERE,
    apply: (undoAfterSeconds = 300) =>
      changes.apply({ plan, planHash: hashPlan(plan), undoAfterSeconds, before: null }),
    ended: () => ended(rig),
    phase: (phase) => until(() => changes.atWork()?.phase === phase),
    values: () => Object.fromEntries(machine.values),
    again: () => changesRig({ ...options, plan, folder, machine }),
  };
  return rig;
}

async function ended({ changes, journal }: ChangesRig): Promise<Change> {
  await until(() => changes.atWork() === null);
  const listed = journal.list();
  const last = listed.ok ? listed.value.at(-1) : undefined;
  if (!last) throw new Error('nothing is in the journal');
  return last;
}

/** Nearly everything of a fake happens within a few turns. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    if (isSo()) return;
    await (turn < 100 ? new Promise(setImmediate) : pause(5));
  }
  throw new Error('it never came');
}
