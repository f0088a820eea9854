/** One row of Windows netstat: protocol, two endpoints, then a state, a process id and an offload state or template. */
import { TcpState } from '../../core/model.ts';
import type { SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { familyOfEndpoint, isWildcard, parseColonEndpoint } from '../endpoint.ts';
import { emptySocket } from '../reading-builder.ts';
import { stateOfWord } from '../state-words.ts';

/** Two bracketed IPv6 addresses with scopes, or two host names, fit many times over. */
const MAX_ROW_CHARACTERS = 4096;
/** Values of the offload column (-t), which Windows does not translate. */
const OFFLOAD_WORDS: ReadonlySet<string> = new Set(['InHost', 'Offloading', 'Offloaded', 'Uploading']);

export type NetstatRow =
  | {
      kind: 'socket';
      socket: SocketReading;
      /** The printed state where it is not a known word; '' where there is none. Null when it is known. */
      unknownState: string | null;
    }
  | { kind: 'unreadable'; why: string }
  | { kind: 'cut' };

interface RowTail {
  /** The state as printed, null when there is none. */
  word: string | null;
  pid: number | null;
  /** Words before the process id. */
  beforePid: number;
  /** What stands after both: the offload state or the name of a template. */
  trailing: string;
}

/** Reads a TCP row. `isOpen`: the line has no end, so what it ends in may be cut off. */
export function parseNetstatRow(line: string, number: number, isOpen: boolean): NetstatRow {
  if (line.length > MAX_ROW_CHARACTERS) return { kind: 'unreadable', why: 'too long a line' };
  // Only these two are white space: in a wrong code page a state word can hold a no-break space.
  const [, localText = '', remoteText = '', ...rest] = line.replace(/^[ \t]+|[ \t]+$/g, '').split(/[ \t]+/);
  if (isOpen && rest.length === 0) return { kind: 'cut' };
  const local = parseColonEndpoint(localText);
  const localFamily = local === null ? null : familyOfEndpoint(local);
  const remote = parseColonEndpoint(remoteText, localFamily ?? 4);
  if (local === null || remote === null) {
    const text = local === null ? localText : remoteText;
    return { kind: 'unreadable', why: `"${text.slice(0, 100)}" is no address and port` };
  }
  const tail = splitTail(rest);
  if (tail === null) return { kind: 'unreadable', why: 'the process id is out of range' };
  const state = tail.word === null ? 0 : stateOfWord(tail.word);
  const isLastOpen = isOpen && !/[ \t]$/.test(line);
  // "CLOSE" is no word of Windows but the start of CLOSE_WAIT.
  if (isLastOpen && rest.length === 1 && (state === 0 || tail.word === 'CLOSE')) return { kind: 'cut' };

  const family = localFamily ?? familyOfEndpoint(remote) ?? 4;
  const socket = { ...emptySocket(number, family), local, remote, state };
  if (state === 0) socket.state = inferState(tail, socket);
  // A process id of 0 is what Windows prints where there is no owner (TIME_WAIT).
  const isPidWhole = !isLastOpen || rest.length > tail.beforePid + 1;
  if (tail.pid !== null && tail.pid !== 0 && isPidWhole) {
    socket.holders = [{ pid: tail.pid, process: null, fd: null }];
  }
  const unknownState = state === 0 ? (tail.word ?? '') : null;
  socket.details = detailsOf(tail, unknownState);
  return { kind: 'socket', socket, unknownState };
}

/** State, process id and the rest of a row; null when the process id is none. */
function splitTail(rest: readonly string[]): RowTail | null {
  const firstNumber = rest.findIndex((token) => /^\d+$/.test(token));
  const pidAt = firstNumber < 0 ? rest.length : firstNumber;
  const pid = firstNumber < 0 ? null : Number(rest[firstNumber]);
  if (pid !== null && pid > 0xffffffff) return null;
  const words = rest.slice(0, pidAt);
  // A known word is a state by itself; words of an unknown one may be several, if a process id ends them.
  const stateWords = stateOfWord(words[0] ?? '') !== 0 || pid === null ? 1 : words.length;
  const trailing = [...words.slice(stateWords), ...rest.slice(pidAt + 1)].join(' ');
  const word = words.length === 0 ? null : words.slice(0, stateWords).join(' ');
  return { word, pid, beforePid: pidAt, trailing };
}

/** A state whose word is not known, as far as the rest of the row tells it: nothing opposite, or no owner. */
function inferState(tail: RowTail, socket: SocketReading): number {
  if (tail.word === null) return 0;
  if (socket.remote.port === 0 && isWildcard(socket.remote)) return TcpState.LISTEN;
  return tail.pid === 0 ? TcpState.TIME_WAIT : 0;
}

function detailsOf(tail: RowTail, unknownState: string | null): SocketReading['details'] {
  const details = new Map<string, string>();
  if (unknownState !== null && unknownState !== '') details.set('state', sanitiseText(unknownState, 40));
  const name = OFFLOAD_WORDS.has(tail.trailing) ? 'offload' : 'template';
  if (tail.trailing !== '') details.set(name, sanitiseText(tail.trailing, 80));
  return details.size > 0 ? details : null;
}
