/** `sockstat` of FreeBSD: sockets with the process that holds them; a state only with -s. */
import { TcpState } from '../../core/model.ts';
import type { OutputReading, SocketEndpoint, SocketHolder, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { isWildcard, parseColonEndpoint } from '../endpoint.ts';
import { forEachLine } from '../lines.ts';
import type { OutputFormat } from '../probe.ts';
import { ReadingBuilder, emptySocket } from '../reading-builder.ts';
import { stateOfWord } from '../state-words.ts';

const FORMAT = 'sockstat';
/** User, command (may hold spaces), pid, descriptor, protocol; "?" where no process holds the socket any more. */
const ROW = /^(\S+)\s+(\S.{0,300}?)\s+(\d{1,9}|\?)\s+(\d{1,9}|\?)\s+([a-z][a-z0-9]{1,12})(?:\s+(.*))?$/;

/** Understands `sockstat` with -4, -6, -l, -c, -P, -s. */
export function parseSockstat(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(FORMAT, 'freebsd', take);
  let pending: { line: string; number: number } | null = null;
  let hasStates = false;
  const visit = (line: string, number: number, isOpen: boolean) => {
    if (line.trim() === '') return;
    if (isHeading(line)) {
      hasStates = /\bSTATE\b/.test(line);
      return;
    }
    const row = ROW.exec(line);
    if (row === null) {
      if (isOpen) return reading.cut();
      if (/^\S{0,100}\s?[$%#>]\s{0,4}\S*sockstat\b/.test(line)) return reading.skip('prompt');
      return reading.problem(number, line, 'neither a heading nor a row of sockstat');
    }
    const protocol = row[5] ?? '';
    if (!/^tcp(?:4|6|46)?$/.test(protocol)) return reading.skip(protocol.replace(/\d+$/, ''));
    const socket = readSocket(row, number, hasStates);
    // Without a line end the last word may be cut, a port as well as a state; CLOSE is what is left of CLOSE_WAIT.
    if (isOpen && (socket === null || socket.state === 0 || line.endsWith(' CLOSE'))) return reading.cut();
    if (socket === null) return reading.problem(number, line, 'an address is none');
    reading.socket(socket);
  };
  const { endsWithNewline } = forEachLine(text, (line, number) => {
    if (pending !== null) visit(pending.line, pending.number, false);
    pending = { line, number };
  });
  const last = pending as { line: string; number: number } | null;
  if (last !== null) visit(last.line, last.number, !endsWithNewline);
  return reading.done();
}

export const sockstatFormat: OutputFormat = {
  id: FORMAT,
  title: 'sockstat of FreeBSD',
  system: 'freebsd',
  recognises: (head) => (head.split('\n', 50).some(isHeading) ? 1 : 0),
  parse: parseSockstat,
};

function isHeading(line: string): boolean {
  return /^USER\s+COMMAND\s+PID\s+FD\s+PROTO\s+LOCAL ADDRESS/.test(line);
}

function readSocket(row: RegExpExecArray, line: number, hasStates: boolean): SocketReading | null {
  const [, user = '', command = '', pid = '', fd = '', protocol = '', rest = ''] = row;
  const [localText = '', remoteText = '', ...more] = rest.trim().split(/\s+/, 12);
  const family = protocol === 'tcp4' || protocol === 'tcp' ? 4 : 6;
  const local = parseColonEndpoint(localText, family);
  const remote = parseColonEndpoint(remoteText, family);
  if (local === null || remote === null) return null;
  const printed = more.map(stateOfWord).find((state) => state !== 0) ?? 0;
  const address = local.address ?? remote.address;
  return {
    ...emptySocket(line, protocol === 'tcp46' ? (address?.family ?? 6) : family),
    state: hasStates || printed !== 0 ? printed : stateByEnds(remote),
    local,
    remote,
    uid: /^\d{1,10}$/.test(user) ? Number(user) : null,
    holders: holdersOf(command, pid, fd),
    details: user === '?' ? null : new Map([['user', sanitiseText(user)]]),
  };
}

/** Without states, "*:*" is all that a listening socket shows; of the others nothing is told. */
function stateByEnds(remote: SocketEndpoint): number {
  return isWildcard(remote) && remote.port === 0 ? TcpState.LISTEN : 0;
}

function holdersOf(command: string, pid: string, fd: string): readonly SocketHolder[] {
  if (pid === '?') return [];
  return [{ pid: Number(pid), process: sanitiseText(command), fd: fd === '?' ? null : Number(fd) }];
}
