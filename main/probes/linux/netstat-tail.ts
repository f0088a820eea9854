/** What stands after the state in a row of net-tools' `netstat`: [user inode] [pid/program] [timer (a/b/c)]. */
import { SocketTimer, TcpState } from '../../core/model.ts';
import type { SocketHolder, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';

/**
 * "keepalive (593.92/0/0)", "ein (0,81/4/0)", "ligado 5 (2.20/3)", "eikäi ((0.00/0/0)": seconds (in some locales with a
 * comma), retransmits, probes; lib of net-tools, netstat.c, tcp_do_one().
 */
const TIMER =
  /(?:^|\s)([^\s\d/(][^\s/(]{0,30}(?: \d{1,3})?) \({1,2}(\d{1,12})[.,](\d{2})\/(\d{1,10})(?:\/(\d{1,10}))?\)\s*$/su;
const USER_AND_INODE = /^(?!\d{1,10}\/)(\S{1,64})\s+(\d{1,20})(?:\s+|$)/s;
const PROGRAM = /^(\d{1,10})\/(.{0,255})$/s;

/** The words of the catalogues of net-tools 2.10 and of Spanish and Chinese samples; others are told by their shape. */
const TIMER_WORDS: ReadonlyMap<string, number> = new Map([
  ...['off', 'aus', 'vyp', 'eikäi', 'オフ', 'desligado', 'apagado', '关闭'].map(kind(SocketTimer.none)),
  ...['on', 'ein', 'zapnut', 'käib', 'オン', 'em', 'encendido', '打开'].map(kind(SocketTimer.retransmit)),
  ...['keepalive', 'キープアライブ'].map(kind(SocketTimer.keepalive)),
  ...['timewait', '時間待ち'].map(kind(SocketTimer.timeWait)),
  ...['probe'].map(kind(SocketTimer.probe)),
]);

/** Whether the table has a timer column: null when its heading does not tell. */
export type TimerColumn = boolean | null;

/** The heading tells: "PID/Program name" is not translated, and what stands after it is the timer. */
export function timerColumnOf(heading: string): TimerColumn {
  const after = /PID\/\S+(?: \S+)?(.*)$/s.exec(heading)?.[1];
  return after === undefined ? null : after.trim() !== '';
}

/** Puts what `tail` tells into `socket`, whose state is already known. False when a part of it was not understood. */
export function readTail(socket: SocketReading, tail: string, timerColumn: TimerColumn): boolean {
  let rest = tail.trim();
  // Without a timer column a program may be named "off (0.00/0/0)".
  const timer = timerColumn === false ? null : TIMER.exec(rest);
  if (timer !== null) {
    socket.timer = readTimer(timer, socket.state);
    rest = rest.slice(0, timer.index).trimEnd();
  }
  const owner = USER_AND_INODE.exec(rest);
  if (owner !== null) {
    const [all, user = '', inode = ''] = owner;
    socket.inode = Number(inode);
    // A socket without an inode (TIME_WAIT) has no user: 0 is not root there.
    if (/^\d{1,10}$/.test(user)) socket.uid = socket.inode === 0 ? null : Number(user);
    else if (socket.inode !== 0) socket.details = new Map([['user', sanitiseText(user)]]);
    rest = rest.slice(all.length);
  }
  if (rest === '' || rest === '-') return true;
  const holder = readHolder(rest);
  if (holder !== null) socket.holders = [holder];
  return holder !== null;
}

function readHolder(text: string): SocketHolder | null {
  const match = PROGRAM.exec(text);
  if (match === null) return null;
  const name = (match[2] ?? '').trim();
  return { pid: Number(match[1]), process: name === '' ? null : sanitiseText(name), fd: null };
}

function readTimer(match: RegExpExecArray, state: number): SocketReading['timer'] {
  const [, word = '', seconds = '', hundredths = '', retransmits = ''] = match;
  const known = TIMER_WORDS.get(word.toLowerCase());
  const kind = known ?? (state === TcpState.TIME_WAIT ? SocketTimer.timeWait : SocketTimer.unknown);
  const expiresMs = kind === SocketTimer.none ? null : Number(seconds) * 1000 + Number(hundredths) * 10;
  return { kind, expiresMs, retransmits: Number(retransmits) };
}

function kind(value: number): (word: string) => [string, number] {
  return (word) => [word, value];
}
