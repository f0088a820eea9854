/** After the start: a change whose helper was left alone settles once that has put everything back. */

/** Milliseconds between two looks, and in all: a helper needs a moment for each step. */
const EVERY_MS = 2000;
const FOR_MS = 30_000;

export interface SettlingParts {
  /** Settles what is over; true when nothing is left to wait for. */
  settle(): Promise<boolean>;
  /** Calls `run` once after so many milliseconds unless the function it gives is called before. */
  setTimer(milliseconds: number, run: () => void): () => void;
}

/** Looks until nothing is interrupted any more, for half a minute at most. Gives what ends it. */
export function settleForAWhile({ settle, setTimer }: SettlingParts): () => void {
  let isStopped = false;
  let stopTimer = () => {};
  const look = async (leftMs: number) => {
    const isDone = await settle();
    if (isDone || isStopped || leftMs <= 0) return;
    stopTimer = setTimer(EVERY_MS, () => void look(leftMs - EVERY_MS));
  };
  void look(FOR_MS);
  return () => {
    isStopped = true;
    stopTimer();
  };
}
