/** How a series of requests is run and answered. */
export interface NewestWinsOptions<Args, Result> {
  run(args: Args): Promise<Result>;
  accept(result: Result, args: Args): void;
  fail(error: unknown, args: Args): void;
}

/** Requests of one kind, one in flight. */
export interface NewestWins<Args> {
  /** Asks now, or as soon as the request in flight has ended; of those asked meanwhile only the newest is run. */
  ask(args: Args): void;
  /** Forgets what is waiting and drops the answer of what is in flight: it answers a question nobody asks any more. */
  drop(): void;
  readonly isBusy: boolean;
}

/** Runs one request at a time, the newest next: a slow workbench is asked less often, never a queue of old questions. */
export function newestWins<Args, Result>(options: NewestWinsOptions<Args, Result>): NewestWins<Args> {
  let waiting: { args: Args } | null = null;
  let isBusy = false;
  let epoch = 0;

  async function runOne(args: Args): Promise<void> {
    const startedIn = epoch;
    try {
      const result = await options.run(args);
      if (startedIn === epoch) options.accept(result, args);
    } catch (error) {
      if (startedIn === epoch) options.fail(error, args);
    }
  }
  async function runAll(): Promise<void> {
    isBusy = true;
    try {
      while (waiting) {
        const { args } = waiting;
        waiting = null;
        await runOne(args);
      }
    } finally {
      isBusy = false;
    }
  }

  return {
    ask(args) {
      waiting = { args };
      if (!isBusy) void runAll();
    },
    drop() {
      waiting = null;
      epoch++;
    },
    get isBusy() {
      return isBusy;
    },
  };
}
