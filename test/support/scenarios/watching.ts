/** Starts watch.ts and collects what it says. */
import { fileURLToPath } from 'node:url';
import type { CountByState, Finding, Level, Summary } from '../../../main/core/model.ts';
import type { Place } from '../peer.ts';

/** What is kept of one summary. */
export interface WatchedSample {
  /** Epoch milliseconds. */
  atMs: number;
  level: Level;
  sentence: string;
  findings: Finding[];
  byState: CountByState;
  degradations: string[];
  sampler: Summary['sampler'];
}

export interface Watching {
  /** Every sample so far, oldest first. */
  readonly samples: readonly WatchedSample[];
  /** Calls `look` after each sample until it gives true, `limitMs` have passed (false), or the sampler ends (throws). */
  until(look: () => boolean, limitMs: number): Promise<boolean>;
}

const PROGRAM = fileURLToPath(new URL('./watch.ts', import.meta.url));

/** Watches the place with a sampler of its own, until the place is closed. */
export function startWatching(place: Place): Watching {
  const child = place.spawn([process.execPath, PROGRAM]);
  const samples: WatchedSample[] = [];
  const waiting = new Set<() => void>();
  const wake = () => waiting.forEach((look) => look());
  let complaint = '';
  let rest = '';
  let hasEnded = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) samples.push(JSON.parse(line) as WatchedSample);
    wake();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  child.once('close', () => {
    hasEnded = true;
    wake();
  });
  return {
    samples,
    until: (look, limitMs) =>
      new Promise((resolve, reject) => {
        const finish = (action: () => void) => {
          clearTimeout(timer);
          waiting.delete(again);
          action();
        };
        const again = () => {
          if (look()) finish(() => resolve(true));
          else if (hasEnded) finish(() => reject(new Error(`the sampler ended: ${complaint}`)));
        };
        const timer = setTimeout(() => finish(() => resolve(false)), limitMs);
        waiting.add(again);
        again();
      }),
  };
}
