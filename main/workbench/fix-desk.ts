/** The changes as pages know them: the engine's events and accounts become what is shown and published. */
import type { ChangeInfo } from '../../preload/contract-fixes.ts';
import { accountOf, type ChangeAccount } from '../core/fixes/account.ts';
import { OPEN_PHASES, type Change, type PoolFigures } from '../core/fixes/change.ts';
import type { Outcome } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import type { ApplyRequest, Changes, ChangesEvent } from '../fixes/changes-parts.ts';
import type { RightsWay } from '../fixes/helper.ts';
import { changeInfo, presentByJournal } from './fix-change-info.ts';

export interface DeskParts {
  /** Opens the engine at first use, and again after it could not be opened. */
  open(publish: (event: ChangesEvent) => void): Outcome<Changes>;
  rightsWay(): RightsWay;
  /** How an account says a moment: "14:33". */
  sayMoment(atMs: number): string;
  printedCharacters(changeId: number): number;
  /** A change, or what is known of it, is another now. */
  updated(info: ChangeInfo, change: Change): void;
  printed(changeId: number, bytes: Uint8Array): void;
  /** One line for the log. */
  log(line: string): void;
}

export class ChangeDesk {
  readonly #parts: DeskParts;
  #changes: Changes | null = null;
  /** Newest of each change that this process was at work on. */
  readonly #own = new Map<number, Change>();
  /** What was read of the system for a change that rests. */
  readonly #accounts = new Map<number, ChangeAccount>();
  /** Calls that begin work and have not come back: what they publish meanwhile is at work. */
  #beginning = 0;
  /** Whether a helper is there, and whether it has rights yet. */
  #helper: 'none' | 'asking' | 'at work' = 'none';

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** The engine. Failure: the journal cannot be opened; the next call tries again. */
  engine(): Outcome<Changes> {
    if (this.#changes !== null) return { ok: true, value: this.#changes };
    const opened = this.#parts.open((event) => this.#hear(event));
    if (opened.ok) this.#changes = opened.value;
    return opened;
  }

  apply(request: ApplyRequest): Outcome<Change> {
    const engine = this.engine();
    if (!engine.ok) return engine;
    this.#beginning++;
    try {
      return this.#begun(engine.value.apply(request));
    } finally {
      this.#beginning--;
    }
  }

  /** Runs what may begin work on a change. */
  async begin(run: (changes: Changes) => Promise<Outcome<Change>>): Promise<Outcome<Change>> {
    const engine = this.engine();
    if (!engine.ok) return engine;
    this.#beginning++;
    try {
      return this.#begun(await run(engine.value));
    } finally {
      this.#beginning--;
    }
  }

  /** Every change with what is so now, oldest first. */
  async list(): Promise<Outcome<ChangeInfo[]>> {
    const accounts = await this.#read();
    return accounts.ok
      ? { ok: true, value: accounts.value.map(({ change }) => this.info(change)) }
      : accounts;
  }

  /** One change of the journal. */
  async find(changeId: number): Promise<Outcome<Change>> {
    const accounts = await this.#read();
    if (!accounts.ok) return accounts;
    const found = accounts.value.find(({ change }) => change.id === changeId)?.change;
    if (found) return { ok: true, value: this.#newest(found) };
    const message = `there is no change ${changeId} in the journal`;
    return { ok: false, failure: { code: 'invalid', field: 'change', message } };
  }

  /** A change as it is shown now. */
  info(change: Change): ChangeInfo {
    const newest = this.#newest(change);
    const isAtWork = this.#isAtWork(newest);
    const rightsWay = this.#parts.rightsWay();
    return changeInfo({
      account: this.#accountOf(newest, isAtWork),
      isAtWork,
      wantsTyping: isAtWork && this.#helper === 'asking' && (rightsWay === 'sudo' || rightsWay === 'doas'),
      rightsWay,
      printedCharacters: this.#parts.printedCharacters(newest.id),
    });
  }

  /** A helper was started, has got its rights, or has ended. */
  helperIs(state: 'none' | 'asking' | 'at work'): void {
    const hadAsked = this.#helper === 'asking';
    this.#helper = state;
    const id = this.#changes?.atWork()?.changeId;
    const change = id === undefined ? undefined : this.#own.get(id);
    if (change && (hadAsked || state === 'asking')) this.#publish(change);
  }

  /** Figures that were measured after it. */
  measured(changeId: number, after: PoolFigures): void {
    this.#changes?.measured(changeId, after);
    const change = this.#own.get(changeId);
    if (!change) return;
    const next = { ...change, after };
    this.#own.set(changeId, next);
    this.#publish(next);
  }

  /** Why nothing can be applied now, a sentence; null when it can. */
  obstacle(): string | null {
    const engine = this.engine();
    return engine.ok ? engine.value.obstacle() : failureSentence(engine.failure);
  }

  /** Takes back what is at work, and waits for it so long at most; null when nothing is. */
  stop(limitMs: number): Promise<void> | null {
    const changes = this.#changes;
    if (changes === null || changes.atWork() === null) return null;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      void changes.stop().then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Reads the journal and publishes what was interrupted, so that a page can offer to finish or undo it. */
  async announce(): Promise<void> {
    const accounts = await this.#read();
    if (!accounts.ok) return this.#parts.log('The journal of changes could not be read at the start.');
    for (const { change, isInterrupted } of accounts.value) if (isInterrupted) this.#publish(change);
  }

  async #read(): Promise<Outcome<ChangeAccount[]>> {
    const engine = this.engine();
    if (!engine.ok) return engine;
    const accounts = await engine.value.accounts();
    if (!accounts.ok) return accounts;
    this.#accounts.clear();
    for (const account of accounts.value) this.#accounts.set(account.change.id, account);
    return accounts;
  }

  #hear(event: ChangesEvent): void {
    if (event.kind === 'printed') return this.#parts.printed(event.changeId, event.bytes);
    const { change } = event;
    // What is measured is remembered here between two writes of the engine.
    const after = newer(change.after, this.#own.get(change.id)?.after ?? null);
    const next = { ...change, after };
    this.#own.set(change.id, next);
    this.#accounts.delete(change.id);
    this.#publish(next);
    if (!this.#isAtWork(next)) void this.#look(next.id);
  }

  /** Its helper was started before anybody could tell which change it is of. */
  #begun(outcome: Outcome<Change>): Outcome<Change> {
    if (outcome.ok && this.#helper === 'asking') this.#publish(outcome.value);
    return outcome;
  }

  /** What this process did last, or another one since. */
  #newest(change: Change): Change {
    const own = this.#own.get(change.id);
    return own && own.phaseAtMs >= change.phaseAtMs ? own : change;
  }

  /** What is so, now that nothing is at work on it. */
  async #look(changeId: number): Promise<void> {
    const accounts = await this.#read();
    const change = this.#own.get(changeId);
    if (accounts.ok && change && !this.#isAtWork(change)) this.#publish(change);
  }

  #isAtWork({ id, phase }: Change): boolean {
    if (!OPEN_PHASES.includes(phase)) return false;
    return this.#changes?.atWork()?.changeId === id || (this.#beginning > 0 && this.#own.has(id));
  }

  /** As read from the system; while it is worked on, and until it was read, by what the journal says. */
  #accountOf(change: Change, isAtWork: boolean): ChangeAccount {
    const read = this.#accounts.get(change.id);
    if (read && !isAtWork && read.change.phaseAtMs === change.phaseAtMs) return { ...read, change };
    return accountOf(change, presentByJournal(change), change.place, isAtWork, this.#parts.sayMoment);
  }

  #publish(change: Change): void {
    this.#parts.updated(this.info(change), change);
  }
}

function newer(a: PoolFigures | null, b: PoolFigures | null): PoolFigures | null {
  if (a === null || b === null) return a ?? b;
  return a.atMs >= b.atMs ? a : b;
}
