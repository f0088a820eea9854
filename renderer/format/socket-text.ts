/** A row of the socket table as words: cells, headings of groups, and the filter term that selects a cell's value. */
import type { GroupRow, SocketRow, SortColumn } from '../../preload/contract.ts';
import { durationParts, formatDuration } from './durations.ts';
import { formatTerm } from './filter-text.ts';
import { UNKNOWN_MARK } from './numbers.ts';

/** An address and port apart: the address is the quiet part. Port 0 is any port. */
export interface EndpointText {
  address: string;
  port: string;
}

/** "10.0.2.7:" and "443"; "[::1]:" and "443"; "0.0.0.0:" and "*". */
export function endpointText(address: string, port: number): EndpointText {
  return {
    address: address.includes(':') ? `[${address}]:` : `${address}:`,
    port: port === 0 ? '*' : String(port),
  };
}

/** A duration in one number, for a column: "0.2 ms", "1.0 s", "41 s", "2 min". */
export function formatShortDuration(seconds: number): string {
  const span = Math.max(0, seconds);
  // Always with its decimal, so that the figures of a column stand under each other.
  if (span < 0.01) return `${(span * 1000).toFixed(1)} ms`;
  if (span >= 0.0995 && span < 9.95) return `${span.toFixed(1)} s`;
  const [part] = durationParts(span);
  return part ? `${part.value} ${part.unit}` : UNKNOWN_MARK;
}

/** Younger than this, a socket was first seen in the very sample that is shown. */
const NEW_BELOW_SECONDS = 0.005;

/** The age cell: "19 s"; "≥ 41 s" for a socket that was there at the first sample; "new" since the last sample. */
export function formatSocketAge(row: Pick<SocketRow, 'ageSeconds' | 'ageIsMinimum'>): string {
  if (row.ageSeconds === null) return UNKNOWN_MARK;
  if (row.ageSeconds < NEW_BELOW_SECONDS && !row.ageIsMinimum) return 'new';
  return `${row.ageIsMinimum ? '≥ ' : ''}${formatShortDuration(row.ageSeconds)}`;
}

const TIMER_WORDS = {
  none: 'none',
  retransmit: 'retransmit',
  keepalive: 'keep-alive',
  timewait: 'released',
  probe: 'window probe',
  unknown: 'not known',
} as const;

/** The timer cell: "41 s left", "retransmit in 1 s", "none". */
export function formatTimer(row: Pick<SocketRow, 'timer' | 'timerSeconds'>): string {
  const word = TIMER_WORDS[row.timer];
  if (row.timer === 'none' || row.timer === 'unknown') return word;
  if (row.timerSeconds === null) return row.timer === 'timewait' ? 'time left not known' : word;
  if (row.timer === 'timewait') return `${Math.round(row.timerSeconds)} s left`;
  return `${word} in ${formatShortDuration(row.timerSeconds)}`;
}

/** The words beside the confidence bars. */
export function formatOwner(row: Pick<SocketRow, 'confidence' | 'ownerHidden'>): string {
  if (row.ownerHidden) return 'not permitted';
  return { observed: 'seen', inferred: 'inferred', unknown: 'unknown' }[row.confidence];
}

const STATE_NOTES = new Map([
  ['TIME_WAIT', 'port locked until the timer ends'],
  ['SYN_SENT', 'waiting for the server to answer'],
  ['SYN_RECV', 'waiting for the client to confirm'],
  ['NEW_SYN_RECV', 'waiting for the client to confirm'],
  ['ESTABLISHED', 'open'],
  ['FIN_WAIT_1', 'we sent FIN, not confirmed yet'],
  ['FIN_WAIT_2', 'we sent FIN, waiting for theirs'],
  ['CLOSE_WAIT', 'they closed, our program has not'],
  ['LAST_ACK', 'both closed, waiting for the last ACK'],
  ['CLOSING', 'both sent FIN at once'],
  ['LISTEN', 'waiting for clients'],
  ['BOUND', 'holds a port, not connected'],
  ['CLOSE', 'not connected'],
]);

/** What a state means, beside its group heading; '' for a state that needs no note. */
export function stateNote(state: string): string {
  return STATE_NOTES.get(state) ?? '';
}

/** The word of a state in a filter: "time-wait". */
export function stateTermWord(state: string): string {
  return state.toLowerCase().replaceAll('_', '-');
}

/** The term that selects the sockets with the same value in a column; null where there is no value to select by. */
export function termForCell(row: SocketRow, column: SortColumn): string | null {
  switch (column) {
    case 'state':
      return `state:${stateTermWord(row.state)}`;
    case 'local':
      return `src:${bracketed(row.localAddress)}:${row.localPort}`;
    case 'localPort':
      return `port:${row.localPort}`;
    case 'remote':
      return row.remotePort === 0 ? 'state:listen' : `dst:${bracketed(row.remoteAddress)}:${row.remotePort}`;
    case 'remotePort':
      return `rport:${row.remotePort}`;
    case 'process':
      return row.process === null ? 'attr:unknown' : formatTerm('process', row.process);
    case 'pid':
      return row.pid === null ? 'attr:unknown' : `pid:${row.pid}`;
    case 'uid':
      return row.uid === null ? null : `uid:${row.uid}`;
    case 'age':
      return row.ageSeconds === null ? null : `age:>${Math.floor(row.ageSeconds)}s`;
    case 'timer':
      return row.timerSeconds === null ? null : `timer:<${Math.ceil(row.timerSeconds)}s`;
    case 'owner':
      return `attr:${row.confidence}`;
    case 'receiveQueue':
    case 'sendQueue':
      return 'queue:>0';
    case 'inode':
      return row.inode === null ? null : `inode:${row.inode}`;
  }
}

/** The term that selects a whole group by its key, "pid 4312" of "process:4312:889"; null where none does. */
export function termForGroup({ key, state }: Pick<GroupRow, 'key' | 'state'>): string | null {
  if (state !== null) return `state:${stateTermWord(state)}`;
  const [kind, value] = splitOnce(key);
  const number = /^\d+/.exec(value)?.[0];
  if (kind === 'process' && value.startsWith('name:')) return formatTerm('process', value.slice(5));
  if (kind === 'process') return number === undefined ? 'attr:unknown' : `pid:${number}`;
  if (kind === 'destination') return value === 'none' ? null : `dst:${value}`;
  if (number === undefined) return null;
  return kind === 'localPort' ? `port:${number}` : kind === 'user' ? `uid:${number}` : null;
}

/** "free again in 41 s", "open for 3.6 s": what matters about a socket, beside its state. */
export function stateSummary(row: SocketRow): string {
  if (row.state === 'TIME_WAIT') {
    return row.timerSeconds === null ? 'port locked' : `free again in ${Math.round(row.timerSeconds)} s`;
  }
  if (row.ageSeconds === null) return stateNote(row.state);
  const age = formatDuration(row.ageSeconds);
  return `${row.ageIsMinimum ? 'for at least' : 'for'} ${age}`;
}

function splitOnce(key: string): [string, string] {
  const colon = key.indexOf(':');
  return [key.slice(0, Math.max(0, colon)), key.slice(colon + 1)];
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
