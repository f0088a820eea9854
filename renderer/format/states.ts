/**
 * Socket states as the eye knows them: which shape, which word. TIME_WAIT is written the way the system's own tools write
 * it (ss: TIME-WAIT, netstat on Windows: TIME_WAIT).
 */

/** The shapes of StateGlyph. */
export type StateKind = 'tw' | 'est' | 'listen' | 'close' | 'syn' | 'fin' | 'res' | 'free';

const KIND_BY_STATE = new Map<string, StateKind>([
  ['ESTABLISHED', 'est'],
  ['TIME_WAIT', 'tw'],
  ['LISTEN', 'listen'],
  ['CLOSE_WAIT', 'close'],
  ['SYN_SENT', 'syn'],
  ['SYN_RECV', 'syn'],
  ['NEW_SYN_RECV', 'syn'],
  ['RESERVED', 'res'],
  ['FREE', 'free'],
]);

/** The shape of a state by its name in the contract, "RESERVED" and "FREE" included; every other state is "other". */
export function stateKind(state: string): StateKind {
  return KIND_BY_STATE.get(state.toUpperCase().replaceAll('-', '_')) ?? 'fin';
}

/** The word of a state in a table: "TIME-WAIT" on Linux, "TIME_WAIT" where the system writes it so. */
export function formatState(state: string, platform = 'linux'): string {
  return platform === 'linux' ? state.replaceAll('_', '-') : state;
}

const SENTENCE_WORDS = new Map<string, string>([
  ['ESTABLISHED', 'Established'],
  ['LISTEN', 'Listen'],
  ['RESERVED', 'Reserved'],
  ['FREE', 'Free'],
  ['BOUND', 'Bound'],
]);

/** The word of a state in running text and legends: "Established", "Listen", but "TIME-WAIT". */
export function formatStateWord(state: string, platform = 'linux'): string {
  return SENTENCE_WORDS.get(state.toUpperCase()) ?? formatState(state, platform);
}
