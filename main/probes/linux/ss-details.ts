/**
 * What stands after the peer in a row of `ss`: users:(("name",pid=1,fd=3)) timer:(keepalive,9min54sec,0) uid:1000
 * ino:29401 sk:2e cgroup:/system.slice/x.service v6only:1 <-> and, with -i, figures that are of no use here.
 * iproute2, misc/ss.c: proc_ctx_print(), tcp_timer_print(), inet_show_sock().
 */
import { SocketTimer } from '../../core/model.ts';
import type { SocketHolder, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';

const USERS = 'users:((';
/**
 * The end of one entry. A name may hold quotes, brackets, commas and line ends, so only what no name has room for (15
 * bytes, TASK_COMM_LEN) ends it: the whole tail of an entry, followed by the next one or by the rest of the row. Before
 * 2014 ss printed ("sshd",812,3).
 */
const ENTRY_END =
  /",(?:pid=)?(\d{1,10}),(?:proc_ctx=[^,]{0,256},)?(?:fd=)?(\d{1,10})(?:,sock_ctx=[^)]{0,256})?\)(?:,\("(?!,pid=\d)|\)(?=\s*$|\s+[a-z<-]))/gs;
/** Holders kept of one socket: a busy server shares a listener among hundreds. */
const MAX_HOLDERS = 256;

const TIMER = /(?:^|\s)timer:\(([a-z]{1,20}),([^,)]{0,40}),(\d{1,10})\)/;
const DURATION = /^(?:(\d{1,9})min)?(?:(\d{1,9})(?:\.(\d{1,3})(?:ms|sec)|sec))?(?:(\d{1,9})ms)?$/;
const TIMER_KINDS: ReadonlyMap<string, number> = new Map([
  ['off', SocketTimer.none],
  ['on', SocketTimer.retransmit],
  ['keepalive', SocketTimer.keepalive],
  ['timewait', SocketTimer.timeWait],
  ['persist', SocketTimer.probe],
]);
const CGROUP = ' cgroup:';
/** What can follow the path of a cgroup: v6only, the arrows of shutdown(), columns that -m brings, or the next line. */
const CGROUP_END = /\s(?:v6only:[01]|<->|<--|-->|---|tos:|class_id:|skmem:)|\n/;

/** True when `details` ends inside the name of a process: a name with a line end goes on in the next line. */
export function endsInsideName(details: string): boolean {
  const start = details.indexOf(USERS);
  return start >= 0 && splitUsers(details, start).end < 0;
}

/** Puts what `details` tells into `socket`. */
export function readDetails(socket: SocketReading, details: string): void {
  const start = details.indexOf(USERS);
  let rest = details;
  if (start >= 0) {
    const users = splitUsers(details, start);
    socket.holders = users.holders;
    rest = users.end < 0 ? '' : ` ${details.slice(users.end)}`;
  }
  if (rest.trim() === '') return;
  const cgroupAt = rest.indexOf(CGROUP);
  const numbers = cgroupAt < 0 ? rest : rest.slice(0, cgroupAt);
  socket.timer = readTimer(numbers);
  readNumbers(socket, numbers);
  if (cgroupAt >= 0) readCgroup(socket, rest.slice(cgroupAt + CGROUP.length));
}

/** `end` is where the row goes on after the list, or -1 when the list has no end. */
function splitUsers(details: string, start: number): { holders: SocketHolder[]; end: number } {
  const holders: SocketHolder[] = [];
  let nameStart = start + USERS.length + 1;
  ENTRY_END.lastIndex = nameStart;
  for (let entry = ENTRY_END.exec(details); entry !== null; entry = ENTRY_END.exec(details)) {
    if (holders.length < MAX_HOLDERS) {
      const process = sanitiseText(details.slice(nameStart, entry.index));
      holders.push({ pid: Number(entry[1]), process, fd: Number(entry[2]) });
    }
    nameStart = ENTRY_END.lastIndex;
    if (entry[0].endsWith('))')) return { holders, end: nameStart };
  }
  return { holders, end: -1 };
}

/**
 * "9min54sec", "55sec", "920ms", "104min". Before iproute2 6.11 "2.032ms" means 2.032 seconds; later it is "2.032sec".
 * Null when it is none of these.
 */
export function parseSsDuration(text: string): number | null {
  const parts = text === '' ? null : DURATION.exec(text);
  if (parts === null) return null;
  const [, minutes = '0', seconds = '0', fraction = '', milliseconds = '0'] = parts;
  return (
    Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(fraction.padEnd(3, '0')) + Number(milliseconds)
  );
}

function readTimer(text: string): SocketReading['timer'] {
  const match = TIMER.exec(text);
  if (match === null) return null;
  const [, word = '', duration = '', retransmits = ''] = match;
  const kind = TIMER_KINDS.get(word) ?? SocketTimer.unknown;
  // A timer that fires now has no duration at all.
  const expiresMs = duration === '' ? 0 : parseSsDuration(duration);
  return { kind, expiresMs: kind === SocketTimer.none ? null : expiresMs, retransmits: Number(retransmits) };
}

/** `uid:` is left out for root, and for sockets without an inode (TIME_WAIT) nothing is known of it. */
function readNumbers(socket: SocketReading, text: string): void {
  const inode = /\sino:(\d{1,20})(?=\s|$)/.exec(text)?.[1];
  const uid = /\suid:(\d{1,10})(?=\s|$)/.exec(text)?.[1];
  if (inode !== undefined) socket.inode = Number(inode);
  if (uid !== undefined) socket.uid = Number(uid);
  else if (socket.inode !== null && socket.inode > 0) socket.uid = 0;
  socket.cookie = /\ssk:([0-9a-f]{1,16})(?=\s|$)/.exec(text)?.[1] ?? null;
}

function readCgroup(socket: SocketReading, text: string): void {
  const end = CGROUP_END.exec(text)?.index ?? text.trimEnd().length;
  if (end > 0)
    socket.details = new Map([...(socket.details ?? []), ['cgroup', sanitiseText(text.slice(0, end))]]);
}
