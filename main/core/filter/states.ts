/** Words for TCP states in a filter. */
import { TCP_STATE_NAMES, TcpState } from '../model.ts';

/** The word that formatFilter writes: "time-wait" for TIME_WAIT; null for a number that is no state. */
export function stateWord(state: number): string | null {
  return TCP_STATE_NAMES[state]?.toLowerCase().replaceAll('_', '-') ?? null;
}

/**
 * The states a word stands for: its own name with "-" or "_" in any case, the names `ss` and `netstat` print, or a
 * family of states such as "fin-wait"; null when the word is no state.
 */
export function statesOfWord(word: string): readonly number[] | null {
  const wanted = word.toLowerCase().replaceAll('_', '-');
  const exact = TCP_STATE_NAMES.findIndex((_, state) => stateWord(state) === wanted);
  return exact >= 0 ? [exact] : (ALIASES.get(wanted) ?? null);
}

const ALIASES: ReadonlyMap<string, readonly number[]> = new Map([
  ['est', [TcpState.ESTABLISHED]],
  ['estab', [TcpState.ESTABLISHED]],
  ['tw', [TcpState.TIME_WAIT]],
  ['timewait', [TcpState.TIME_WAIT]],
  ['listening', [TcpState.LISTEN]],
  ['closewait', [TcpState.CLOSE_WAIT]],
  ['lastack', [TcpState.LAST_ACK]],
  ['closed', [TcpState.CLOSE]],
  ['unconn', [TcpState.CLOSE]],
  ['fin', [TcpState.FIN_WAIT_1, TcpState.FIN_WAIT_2]],
  ['fin-wait', [TcpState.FIN_WAIT_1, TcpState.FIN_WAIT_2]],
  ['finwait1', [TcpState.FIN_WAIT_1]],
  ['finwait2', [TcpState.FIN_WAIT_2]],
  ['fin-wait1', [TcpState.FIN_WAIT_1]],
  ['fin-wait2', [TcpState.FIN_WAIT_2]],
  ['syn', [TcpState.SYN_SENT, TcpState.SYN_RECV, TcpState.NEW_SYN_RECV]],
  ['synsent', [TcpState.SYN_SENT]],
  ['syn-rcvd', [TcpState.SYN_RECV, TcpState.NEW_SYN_RECV]],
  ['syn-received', [TcpState.SYN_RECV, TcpState.NEW_SYN_RECV]],
]);
