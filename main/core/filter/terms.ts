/** What a filter over sockets says, once understood. All terms must hold; inside one term any of its values may. */
import type { Network } from '../address.ts';
import type { PortRange } from '../model.ts';

export interface FilterTerm {
  /** True when written with a leading "-": the term holds for sockets the test does not match. */
  negated: boolean;
  test: FilterTest;
}

export type FilterTest =
  /** TcpState numbers, ascending, without repeats. */
  | { key: 'state'; states: number[] }
  | { key: 'src' | 'dst'; endpoints: EndpointPattern[] }
  /** Local or remote ports. */
  | { key: 'port' | 'rport'; ranges: PortRange[] }
  | { key: 'pid' | 'uid' | 'inode'; numbers: number[] }
  /** Parts of a process name, in any case. */
  | { key: 'process'; texts: string[] }
  /** Milliseconds. */
  | { key: 'age' | 'timer'; comparison: Comparison }
  /** Bytes, of the larger of the two queues. */
  | { key: 'queue'; comparison: Comparison }
  | { key: 'attr'; words: AttributionWord[] }
  | { key: 'family'; families: (4 | 6)[] }
  | { key: 'side'; sides: ConnectionSide[] }
  /** A word without a key: part of a process name or address, or exactly a port. */
  | { key: 'word'; text: string };

/** One side of a connection; null leaves that part open. At least one of the two is given. */
export interface EndpointPattern {
  network: Network | null;
  ports: PortRange | null;
}

export type Operator = '<' | '<=' | '>' | '>=' | '=';
export interface Comparison {
  operator: Operator;
  value: number;
}

export const ATTRIBUTION_WORDS = ['observed', 'inferred', 'unknown', 'hidden'] as const;
/** How the owner is known; `hidden`: there is one, but it may not be read. */
export type AttributionWord = (typeof ATTRIBUTION_WORDS)[number];

export const CONNECTION_SIDES = ['client', 'server'] as const;
/** Server: the local port is one that this machine listens on. */
export type ConnectionSide = (typeof CONNECTION_SIDES)[number];

/** A part of the filter text that was not understood, and what to write instead. */
export interface FilterProblem {
  /** Where the token stands in the text, in UTF-16 units; `end` is after it. */
  start: number;
  end: number;
  token: string;
  message: string;
}
