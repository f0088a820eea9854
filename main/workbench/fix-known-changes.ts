/** What this process knows of each change: what it did last, and what was read of the system since. */
import { accountOf, type ChangeAccount } from '../core/fixes/account.ts';
import type { Change, PoolFigures } from '../core/fixes/change.ts';
import { presentByJournal } from './fix-change-info.ts';

export class KnownChanges {
  /** Newest of each change that this process was at work on. */
  readonly #own = new Map<number, Change>();
  readonly #accounts = new Map<number, ChangeAccount>();
  readonly #sayMoment: (atMs: number) => string;

  /** `sayMoment`: how an account says a moment: "14:33". */
  constructor(sayMoment: (atMs: number) => string) {
    this.#sayMoment = sayMoment;
  }

  /** A change went on; figures that were measured meanwhile stay with it. */
  goneOn(change: Change): Change {
    const after = newer(change.after, this.#own.get(change.id)?.after ?? null);
    const next = { ...change, after };
    this.#own.set(change.id, next);
    // What was read speaks of what was before.
    this.#accounts.delete(change.id);
    return next;
  }

  /** Null for a change that this process was not at work on. */
  measured(changeId: number, after: PoolFigures): Change | null {
    const change = this.#own.get(changeId);
    if (!change) return null;
    const next = { ...change, after };
    this.#own.set(changeId, next);
    return next;
  }

  wasRead(accounts: readonly ChangeAccount[]): void {
    this.#accounts.clear();
    for (const account of accounts) this.#accounts.set(account.change.id, account);
  }

  has(changeId: number): boolean {
    return this.#own.has(changeId);
  }

  own(changeId: number): Change | null {
    return this.#own.get(changeId) ?? null;
  }

  /** What this process did last, or another one since. */
  newest(change: Change): Change {
    const own = this.#own.get(change.id);
    return own && own.phaseAtMs >= change.phaseAtMs ? own : change;
  }

  /** As read from the system; while it is worked on, and until it was read, by what the journal says. */
  accountOf(change: Change, isAtWork: boolean): ChangeAccount {
    const read = this.#accounts.get(change.id);
    if (read && !isAtWork && read.change.phaseAtMs === change.phaseAtMs) return { ...read, change };
    return accountOf(change, presentByJournal(change), change.place, isAtWork, this.#sayMoment);
  }
}

function newer(a: PoolFigures | null, b: PoolFigures | null): PoolFigures | null {
  if (a === null || b === null) return a ?? b;
  return a.atMs >= b.atMs ? a : b;
}
