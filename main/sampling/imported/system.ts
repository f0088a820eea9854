/** From which system the files are, as far as they tell. Pure. */
import type { SystemId } from '../../core/readings.ts';
import type { ImportReading } from './read-files.ts';

export interface SystemGuess {
  /** Null when nothing tells, or when the files are of several systems. */
  system: SystemId | null;
  /** Systems that it may be, likeliest first; empty when `system` is known. */
  candidates: SystemId[];
}

/** Formats that several systems print the same. */
const PRINTED_BY: ReadonlyMap<string, readonly SystemId[]> = new Map([
  ['bsd-netstat', ['macos', 'freebsd']],
  ['bsd-netstat-statistics', ['macos', 'freebsd']],
  ['lsof', ['linux', 'macos', 'freebsd']],
  ['lsof-fields', ['linux', 'macos', 'freebsd']],
]);
const ALL: readonly SystemId[] = ['linux', 'windows', 'macos', 'freebsd'];

/** The listings decide; what stands beside them only where they are of several systems' making. */
export function guessSystem(outputs: ImportReading['outputs']): SystemGuess {
  const named = (isListing: boolean) => [
    ...new Set(
      outputs.filter((output) => output.isListing === isListing).flatMap(({ system }) => system ?? []),
    ),
  ];
  const listed = named(true);
  const [first] = listed;
  if (first !== undefined)
    return listed.length === 1 ? { system: first, candidates: [] } : { system: null, candidates: listed };
  const possible = ALL.filter((system) =>
    outputs.every(({ format }) => PRINTED_BY.get(format)?.includes(system) ?? true),
  );
  const beside = named(false).filter((system) => possible.includes(system));
  const [only] = beside.length === 1 ? beside : possible.length === 1 ? possible : [];
  if (only !== undefined) return { system: only, candidates: [] };
  return {
    system: null,
    candidates: beside.length > 1 ? beside : possible.length > 0 ? [...possible] : [...ALL],
  };
}
