/** The past in the page's own time: a host reached over the network may have another clock. */
import type { CallArgs, CallName, CallResult } from '../../preload/contract.ts';
import type { Link } from '../link/link.ts';

/** Fields that hold epoch milliseconds, alone or in a column. */
const MOMENT = /^(at|from|until|peakAt|portsHeldUntil)Ms$/;

/** Calls whose moments are the page's, going and coming; `offsetMs` is the page's time less the host's. */
export function inPageTime(link: Link, offsetMs: () => number): Pick<Link, 'call'> {
  return {
    call: async <N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> => {
      // One offset for the way there and back, also where another is learned meanwhile.
      const byMs = offsetMs();
      return movedBy(await link.call(name, movedBy(args, -byMs)), byMs);
    },
  };
}

/** The same with each moment so many milliseconds later; null stays null. */
export function movedBy<T>(value: T, byMs: number): T {
  return byMs === 0 ? value : (moved(value, byMs, false) as T);
}

function moved(value: unknown, byMs: number, isMoment: boolean): unknown {
  if (typeof value === 'number') return isMoment ? value + byMs : value;
  if (Array.isArray(value)) return value.map((item) => moved(item, byMs, isMoment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, moved(inner, byMs, MOMENT.test(key))]),
  );
}
