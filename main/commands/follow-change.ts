/** Follows a change in a terminal from its first step to its end: what runs, what it does, keep or take back. */
import type { ChangeAccount } from '../core/fixes/account.ts';
import type { Change, PoolFigures } from '../core/fixes/change.ts';
import { measureOutcome, type MeasuredOutcome } from '../core/fixes/outcome.ts';
import type { Outcome } from '../core/model.ts';
import type { Changes, ChangesEvent } from '../fixes/changes-parts.ts';
import type { ChangeMachine, OpenedChanges } from './changes-here.ts';
import { holdText, outcomeText, stepsText } from './change-text.ts';
import type { Output } from './check.ts';

export interface FollowParts {
  machine: ChangeMachine;
  output: Output;
  /** Ends it early: what is done is taken back. */
  signal: AbortSignal;
  json: boolean;
  /** Seconds to measure what is kept at once; 0: not measured. */
  measureSeconds: number;
  /** Keeps it as soon as it holds. */
  keepAtOnce?: boolean;
}

export interface Followed {
  change: Change;
  /** What is so at the end; null when it could not be read. */
  account: ChangeAccount | null;
  outcome: MeasuredOutcome | null;
  /** What the helper printed for the person. */
  printed: string;
}

/** Most of what was printed that is kept for --json. */
const MOST_PRINTED = 256 * 1024;

/** Begins something with the engine and resolves when nothing is at work any more. Failure: it did not begin. */
export async function followChange(
  begin: (opened: OpenedChanges) => Promise<Outcome<Change>> | Outcome<Change>,
  parts: FollowParts,
): Promise<Outcome<Followed>> {
  const follower = new Follower(parts);
  const opened = parts.machine.open((event) => follower.hear(event));
  if (!opened.ok) return opened;
  const begun = await begin(opened.value);
  if (!begun.ok) return begun;
  return { ok: true, value: await follower.follow(begun.value, opened.value.changes) };
}

class Follower {
  readonly #parts: FollowParts;
  #change: Change | null = null;
  #heardAgain: () => void = () => undefined;
  #printed = '';
  #after: PoolFigures | null = null;
  #saidLevel: string | null = null;
  readonly #decoder = new TextDecoder();

  constructor(parts: FollowParts) {
    this.#parts = parts;
  }

  hear(event: ChangesEvent): void {
    if (event.kind === 'updated') {
      this.#change = event.change;
      this.#heardAgain();
      return;
    }
    const room = MOST_PRINTED - this.#printed.length;
    this.#printed += this.#decoder.decode(event.bytes, { stream: true }).slice(0, Math.max(0, room));
    if (!this.#parts.json) this.#parts.machine.raw(event.bytes);
  }

  async follow(begun: Change, changes: Changes): Promise<Followed> {
    const { signal } = this.#parts;
    const { id } = begun;
    this.#change ??= begun;
    const ended = new AbortController();
    const takeBack = () => void changes.undo(id, null);
    signal.addEventListener('abort', takeBack, { once: true });
    if (signal.aborted && changes.atWork() !== null) takeBack();
    const others: Promise<void>[] = [];
    let isHolding = false;
    while (changes.atWork() !== null) {
      if (!isHolding && this.#change.phase === 'holding' && this.#change.undoesAtMs !== null) {
        isHolding = true;
        if (this.#parts.keepAtOnce) changes.keep(id);
        this.#say(stepsText(this.#change) + holdText(this.#change, this.#parts.machine.person.isThere));
        others.push(
          this.#measure(ended.signal, (figures) => changes.measured(id, figures)),
          this.#listen(changes, id, ended.signal),
        );
      }
      await this.#nextNews(changes);
    }
    ended.abort();
    signal.removeEventListener('abort', takeBack);
    await Promise.all(others);
    if (!isHolding && this.#change.phase === 'kept') await this.#measureKept(changes, id);
    const accounts = await changes.accounts();
    const change = { ...this.#change, after: this.#after ?? this.#change.after };
    const account = accounts.ok ? (accounts.value.find((each) => each.change.id === id) ?? null) : null;
    return { change, account, outcome: this.#outcome(), printed: this.#printed };
  }

  #nextNews(changes: Changes): Promise<void> {
    return new Promise((resolve) => {
      this.#heardAgain = resolve;
      if (changes.atWork() === null) resolve();
    });
  }

  async #listen(changes: Changes, id: number, signal: AbortSignal): Promise<void> {
    const { person } = this.#parts.machine;
    while (person.isThere && !signal.aborted) {
      const line = await person.readLine(signal);
      if (line === null) return;
      const word = line.trim().toLowerCase();
      if (word === 'k' || word === 'keep') changes.keep(id);
      else if (word === 'u' || word === 'undo') await changes.undo(id, null);
      else this.#say('k and Enter keeps it, u and Enter takes it back.\n');
    }
  }

  async #measureKept(changes: Changes, id: number): Promise<void> {
    const { measureSeconds, signal } = this.#parts;
    if (measureSeconds <= 0 || signal.aborted) return;
    if (this.#change) this.#say(stepsText(this.#change));
    const over = AbortSignal.any([signal, AbortSignal.timeout(measureSeconds * 1000)]);
    await this.#measure(over, () => undefined);
    // Once: each write of a change that is at its end is synced.
    if (this.#after !== null) changes.measured(id, this.#after);
  }

  /** Until `signal` aborts; says what came of it as soon as it can be said, and when that changes. */
  async #measure(signal: AbortSignal, measured: (figures: PoolFigures) => void): Promise<void> {
    const poolKey = this.#change?.before?.poolKey;
    if (poolKey === undefined) return;
    await this.#parts.machine.watchPool(poolKey, signal, (figures) => {
      this.#after = figures;
      measured(figures);
      const outcome = this.#outcome();
      if (outcome === null || outcome.level === 'unknown' || outcome.level === this.#saidLevel) return;
      this.#saidLevel = outcome.level;
      this.#say(`\n${outcomeText(outcome)}`);
    });
  }

  #outcome(): MeasuredOutcome | null {
    return this.#change && measureOutcome(this.#change.plan, this.#change.before, this.#after);
  }

  #say(text: string): void {
    if (!this.#parts.json) this.#parts.output.out(text);
  }
}
