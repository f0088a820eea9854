/** The changes as pages know them: the engine's events and accounts become what is shown and published. */
import type { ChangeInfo } from '../../preload/contract-fixes.ts';
import type { ChangeAccount } from '../core/fixes/account.ts';
import { OPEN_PHASES, type Change, type PoolFigures } from '../core/fixes/change.ts';
import type { Outcome } from '../core/model.ts';
import { failureSentence } from '../core/words/failure.ts';
import type { ApplyRequest, Changes, ChangesEvent } from '../fixes/changes-parts.ts';
import type { RightsWay } from '../fixes/helper.ts';
import { changeInfo } from './fix-change-info.ts';
import { KnownChanges } from './fix-known-changes.ts';

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
  readonly #known: KnownChanges;
  /** Changes that were interrupted and that this process has found to be over by themselves. */
  readonly #settled = new Set<number>();
  /** Calls that begin work and have not come back: what they publish meanwhile is at work. */
  #beginning = 0;
  /** Whether a helper is there, and whether it has rights yet. */
  #helper: 'none' | 'asking' | 'at work' = 'none';

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#known = new KnownChanges(parts.sayMoment);
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
    if (found) return { ok: true, value: this.#known.newest(found) };
    const message = `there is no change ${changeId} in the journal`;
    return { ok: false, failure: { code: 'invalid', field: 'change', message } };
  }

  /** A change as it is shown now. */
  info(change: Change): ChangeInfo {
    const newest = this.#known.newest(change);
    const isAtWork = this.#isAtWork(newest);
    const rightsWay = this.#parts.rightsWay();
    return changeInfo({
      account: this.#known.accountOf(newest, isAtWork),
      isAtWork,
      wasSettled: this.#settled.has(newest.id),
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
    const change = id === undefined ? null : this.#known.own(id);
    if (change && (hadAsked || state === 'asking')) this.#publish(change);
  }

  /** Figures that were measured after it. */
  measured(changeId: number, after: PoolFigures): void {
    this.#changes?.measured(changeId, after);
    const change = this.#known.measured(changeId, after);
    if (change) this.#publish(change);
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

  /** Settles what was interrupted and is over by itself, and publishes it; true when nothing is interrupted any more. */
  async settle(): Promise<boolean> {
    const engine = this.engine();
    if (!engine.ok) return true;
    for (const change of await engine.value.settle()) {
      this.#settled.add(change.id);
      this.#hear({ kind: 'updated', change });
    }
    const accounts = await this.#read();
    return !accounts.ok || accounts.value.every(({ isInterrupted }) => !isInterrupted);
  }

  async #read(): Promise<Outcome<ChangeAccount[]>> {
    const engine = this.engine();
    if (!engine.ok) return engine;
    const accounts = await engine.value.accounts();
    if (!accounts.ok) return accounts;
    this.#known.wasRead(accounts.value);
    return accounts;
  }

  #hear(event: ChangesEvent): void {
    if (event.kind === 'printed') return this.#parts.printed(event.changeId, event.bytes);
    const next = this.#known.goneOn(event.change);
    this.#publish(next);
    if (!this.#isAtWork(next)) void this.#look(next.id);
  }

  /** Its helper was started before anybody could tell which change it is of. */
  #begun(outcome: Outcome<Change>): Outcome<Change> {
    if (outcome.ok && this.#helper === 'asking') this.#publish(outcome.value);
    return outcome;
  }

  /** What is so, now that nothing is at work on it. */
  async #look(changeId: number): Promise<void> {
    const accounts = await this.#read();
    const change = this.#known.own(changeId);
    if (accounts.ok && change && !this.#isAtWork(change)) this.#publish(change);
  }

  #isAtWork({ id, phase }: Change): boolean {
    if (!OPEN_PHASES.includes(phase)) return false;
    return this.#changes?.atWork()?.changeId === id || (this.#beginning > 0 && this.#known.has(id));
  }

  #publish(change: Change): void {
    this.#parts.updated(this.info(change), change);
  }
}
