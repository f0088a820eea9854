/** Places for runs at once; who comes later waits, first come first served. */

export class Turns {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(places: number) {
    this.free = places;
  }

  /** A place, given back by calling what it resolves to; null when `signal` was aborted first. */
  take(signal: AbortSignal): Promise<(() => void) | null> {
    if (signal.aborted) return Promise.resolve(null);
    if (this.free > 0) {
      this.free--;
      return Promise.resolve(this.giveBack());
    }
    return new Promise((resolve) => {
      const next = () => {
        signal.removeEventListener('abort', leave);
        resolve(this.giveBack());
      };
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(next), 1);
        resolve(null);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(next);
    });
  }

  private giveBack(): () => void {
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    };
  }
}
