/**
 * Carries changes out: joins plan, journal and helper. One at a time; each is written before anything is done, and what
 * is so is read from the system. Workbench and command line use it alike.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { accountOf, type ChangeAccount } from '../core/fixes/account.ts';
import type { Change, ChangePhase, PoolFigures } from '../core/fixes/change.ts';
import type { Outcome } from '../core/model.ts';
import {
  checkRequest,
  invalid,
  isOpen,
  openChange,
  sayJournalFailure,
  sayOpen,
  unavailable,
} from './changes-check.ts';
import { BUSY } from './journal-words.ts';
import { LateFigures } from './changes-late-figures.ts';
import type { ChangesMakings } from './changes-makings.ts';
import type { ApplyRequest, Changes } from './changes-parts.ts';
import { lookBack, overByItself } from './changes-past.ts';
import { carry, holdCommand, takeBack, writeDown } from './changes-start.ts';
import { Turn } from './changes-turn.ts';

/** Milliseconds in which a helper that is alone has done what it still does. */
const QUIET_MS = 1000;

export function createChanges(makings: ChangesMakings): Changes {
  return new ChangesEngine(makings);
}

class ChangesEngine implements Changes {
  readonly #makings: ChangesMakings;
  readonly #turn: Turn;
  readonly #late: LateFigures;

  constructor(makings: ChangesMakings) {
    this.#makings = makings;
    this.#turn = new Turn(makings);
    this.#late = new LateFigures(makings);
  }

  async accounts(): Promise<Outcome<ChangeAccount[]>> {
    const { journal, readPresent, place, sayMoment } = this.#makings;
    const listed = journal.list();
    if (!listed.ok) return listed;
    // Only one can be at work: of those that are open, the newest.
    const isAtWork = this.#turn.current !== null || journal.holder() !== null;
    const newest = listed.value.findLast(isOpen)?.id;
    const accounts: ChangeAccount[] = [];
    for (const written of listed.value) {
      const own = this.#turn.find(written.id);
      const change = own?.record.change ?? written;
      const known = await readPresent(change.plan);
      const isOwnerAlive = own !== null || (isAtWork && change.id === newest);
      accounts.push(accountOf(change, known, place(), isOwnerAlive, sayMoment));
    }
    return { ok: true, value: accounts };
  }

  obstacle(): string | null {
    const { rights, journal, place } = this.#makings;
    if (rights.obstacle !== null) return rights.obstacle;
    const listed = journal.list();
    if (!listed.ok) return sayJournalFailure(listed.failure);
    if (this.#turn.current !== null) return 'Another change is at work: keep it or take it back first.';
    const holder = journal.holder();
    if (holder !== null) return `Another Fourtuple (process ${holder}) is changing something now.`;
    const open = openChange(listed.value, place());
    return open && sayOpen(open);
  }

  apply(request: ApplyRequest): Outcome<Change> {
    const { plan, planHash } = request;
    const checked = checkRequest(plan, planHash);
    if (!checked.ok) return checked;
    // Without anything that can be taken back there is nothing to wait for.
    const undoAfterSeconds = plan.steps.some(({ undo }) => undo !== null) ? request.undoAfterSeconds : null;
    const command = holdCommand(plan, undoAfterSeconds, this.#makings);
    if (!command.ok) return command;
    return this.#turn.take(() => {
      const listed = this.#makings.journal.list();
      if (!listed.ok) return listed;
      const open = openChange(listed.value, this.#makings.place());
      if (open !== null) return unavailable(BUSY, sayOpen(open));
      const written = writeDown({ ...request, undoAfterSeconds }, this.#makings);
      return written.ok ? carry(written.value, command.value, 'prepared', this.#makings) : written;
    });
  }

  keep(changeId: number): Outcome<Change> {
    const current = this.#turn.find(changeId);
    if (!current) return unavailable('keeping it', 'it does not hold any more');
    if (!current.work.keep()) {
      return unavailable('keeping it', 'it does not hold yet, or is being taken back');
    }
    return { ok: true, value: current.record.change };
  }

  async undo(changeId: number, steps: readonly number[] | null): Promise<Outcome<Change>> {
    const current = this.#turn.find(changeId);
    if (current) {
      if (steps !== null) return invalid('steps', 'while it is at work, all of it is taken back or nothing');
      current.work.undo('asked');
      return { ok: true, value: current.record.change };
    }
    const found = this.#read(changeId);
    if (!found.ok) return found;
    const looked = await lookBack(found.value, steps, this.#makings);
    if (!looked.ok) return looked;
    const { indexes, closed } = looked.value;
    if (indexes.length > 0) return this.#turn.take(() => takeBack(found.value, looked.value, this.#makings));
    return closed === null ? found : this.#close(closed, found.value);
  }

  async finish(changeId: number): Promise<Outcome<Change>> {
    const found = this.#read(changeId);
    if (!found.ok) return found;
    const change = found.value;
    const known = await this.#makings.readPresent(change.plan);
    const isAlive = this.#turn.current !== null || this.#makings.journal.holder() !== null;
    const { canFinish, sentence } = accountOf(change, known, this.#makings.place(), isAlive);
    if (!canFinish) return unavailable('finishing it', sentence);
    const checked = checkRequest(change.plan, change.planHash);
    if (!checked.ok) return checked;
    const command = holdCommand(change.plan, change.undoAfterSeconds, this.#makings);
    if (!command.ok) return command;
    return this.#turn.take(() => {
      const phaseAtMs = this.#makings.now();
      const prepared = { ...change, phase: 'prepared' as const, phaseAtMs, sentence: null };
      const written = this.#makings.journal.update(prepared);
      return written.ok ? carry(prepared, command.value, change.phase, this.#makings) : written;
    });
  }

  async settle(): Promise<Change[]> {
    const { journal, settleMs = QUIET_MS } = this.#makings;
    const listed = journal.list();
    const isQuiet = () => this.#turn.current === null && journal.holder() === null;
    const settled: Change[] = [];
    for (const change of listed.ok ? listed.value.filter(isOpen) : []) {
      if (!isQuiet() || (await overByItself(change, this.#makings)) === null) continue;
      // A helper that has just been told to go on does one step before it hears that nobody is there.
      await pause(Math.min(settleMs, QUIET_MS));
      const over = await overByItself(change, this.#makings);
      if (over === null || !isQuiet()) continue;
      const written = this.#close(over, change);
      if (written.ok) settled.push(written.value);
    }
    return settled;
  }

  measured(changeId: number, after: PoolFigures): void {
    const current = this.#turn.find(changeId);
    if (current) current.record.remember(after);
    else if (this.#late.isDue()) this.#turn.write(() => this.#late.write(changeId, after));
  }

  type(changeId: number, bytes: Uint8Array): boolean {
    return this.#turn.find(changeId)?.work.type(bytes) ?? false;
  }

  resize(changeId: number, columns: number, rows: number): boolean {
    return this.#turn.find(changeId)?.work.resize(columns, rows) ?? false;
  }

  atWork(): { changeId: number; phase: ChangePhase } | null {
    const { current } = this.#turn;
    return current && { changeId: current.record.change.id, phase: current.record.change.phase };
  }

  stop(): Promise<void> {
    return this.#turn.stop();
  }

  #read(changeId: number): Outcome<Change> {
    const listed = this.#makings.journal.list();
    if (!listed.ok) return listed;
    const found = listed.value.find(({ id }) => id === changeId);
    return found
      ? { ok: true, value: found }
      : invalid('change', `there is no change ${changeId} in the journal`);
  }

  /** Unless somebody went on with it since it was read. */
  #close(closed: Change, { id, phaseAtMs }: Change): Outcome<Change> {
    const { journal, publish } = this.#makings;
    const written = this.#turn.write(() => {
      const now = this.#read(id);
      if (!now.ok || now.value.phaseAtMs === phaseAtMs) return now.ok ? journal.update(closed) : now;
      return unavailable('closing it', 'somebody else has gone on with it');
    });
    if (written.ok) publish({ kind: 'updated', change: written.value });
    return written;
  }
}
