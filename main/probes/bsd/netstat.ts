/** `netstat -an`, `-anv`, `-Abn`, `-W` of macOS and the BSDs: TCP sockets by position and shape, layout by layout. */
import type { OutputReading, SocketHolder, SocketReading, SystemId } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import { forEachLine } from '../lines.ts';
import type { OutputFormat } from '../probe.ts';
import { ReadingBuilder, emptySocket } from '../reading-builder.ts';
import { stateOfWord } from '../state-words.ts';
import { ColumnWidth, parseHeading, readEndpoint, splitWords, type Heading } from './netstat-columns.ts';

const FORMAT = 'bsd-netstat';
/** Protocol, alone or after the addresses of socket and flow (-A), then two or three numbers and the two endpoints. */
const TCP_ROW =
  /^\s*(?:([0-9a-f]{6,16})\s+(?:([0-9a-f]{1,8})\s+)?)?(tcp(?:4|6|46)?)\s+(\d+)\s+(\d+)\s+(?:\d+\s+)?(\S+)\s+(\S+)/;
const OTHER_ROW =
  /^\s*(?:[0-9a-f]{6,16}\s+(?:[0-9a-f]{1,8}\s+)?)?(udp|icm|icmp|raw|ip|sctp|div|divert|mptcp|udpl|udplite|igmp|carp|pfsync|ospf|esp|ah|gre)\d{0,2}\s/i;
/** "sshd-session:4976", "io.tailscale.ipn:1232". */
const PROCESS_AND_PID = 'process:pid';
/** Sections of `netstat -a` by a word of their title. */
const SECTIONS: readonly (readonly [RegExp, Section])[] = [
  [/multipath/i, 'multipath'],
  [/internet/i, 'internet'],
  [/unix|local/i, 'unix'],
];
/** Columns kept as details, as the tool calls them. */
const KEPT = ['rxbytes', 'txbytes', 'rhiwat', 'shiwat', 'epid'] as const;

type Section = 'internet' | 'multipath' | 'unix' | 'kernel';

/** Understands a whole listing; sections other than Internet connections are counted by their name. */
export function parseBsdNetstat(text: string, take: (socket: SocketReading) => void): OutputReading {
  const reading = new ReadingBuilder(FORMAT, systemOf(text), take);
  const parser = new Listing(reading);
  let pending: { line: string; number: number } | null = null;
  const { endsWithNewline } = forEachLine(text, (line, number) => {
    if (pending !== null) parser.line(pending.line, pending.number, false);
    pending = { line, number };
  });
  const last = pending as { line: string; number: number } | null;
  if (last !== null) parser.line(last.line, last.number, !endsWithNewline);
  return reading.done();
}

export const bsdNetstatFormat: OutputFormat = {
  id: FORMAT,
  title: 'netstat of macOS or BSD',
  system: null,
  recognises(head) {
    // Only these write the port after a dot.
    if (
      /^\s*(?:[0-9a-f]{6,16}\s+)?(?:[0-9a-f]{1,8}\s+)?tcp(?:4|6|46)?\s+\d+\s+\d+\s+(?:\d+\s+)?[\w:.%*-]+\.(?:\d{1,5}|\*)\s+[\w:.%*-]+\.(?:\d{1,5}|\*)(?:\s|$)/m.test(
        head,
      )
    ) {
      return 0.95;
    }
    return /^Active (?:Internet|Multipath|LOCAL)/m.test(head) && /\(state\)/.test(head) ? 0.9 : 0;
  },
  parse: parseBsdNetstat,
};

class Listing {
  private readonly reading: ReadingBuilder;
  private section: Section = 'internet';
  private heading: Heading | null = null;
  private width = new ColumnWidth(null);
  /** Words of the last whole row, to tell a last row that is cut. */
  private wordsOfRow = 0;

  constructor(reading: ReadingBuilder) {
    this.reading = reading;
  }

  /** Reads a line; `isOpen` when it is the last and has no line end, so that it may be cut. */
  line(line: string, number: number, isOpen: boolean): void {
    if (line.trim() === '' || this.isTitle(line)) return;
    if (this.section !== 'internet') return this.reading.skip(this.section);
    const row = TCP_ROW.exec(line);
    if (row !== null) return this.row(row, line, number, isOpen);
    const other = OTHER_ROW.exec(line)?.[1];
    if (other !== undefined) return this.reading.skip(other.toLowerCase());
    if (/^\S{0,100}\s?[$%#>]\s{0,4}\S*netstat\b/.test(line)) return this.reading.skip('prompt');
    if (isOpen) return this.reading.cut();
    this.reading.problem(number, line, 'neither a heading nor a row of netstat');
  }

  private isTitle(line: string): boolean {
    const heading = parseHeading(line);
    if (heading !== null) {
      this.heading = heading;
      this.width = new ColumnWidth(heading);
      return true;
    }
    if (/^Active /i.test(line)) {
      this.section = SECTIONS.find(([title]) => title.test(line))?.[1] ?? 'kernel';
      return true;
    }
    if (/^Registered kernel control/i.test(line)) this.section = 'kernel';
    return false;
  }

  private row(row: RegExpExecArray, line: string, number: number, isOpen: boolean): void {
    const [, , , protocol = '', receiveQueue = '', sendQueue = '', localText = '', remoteText = ''] = row;
    const endsAt = row[0].length;
    const remoteAt = endsAt - remoteText.length;
    const localAt = line.lastIndexOf(localText, remoteAt - 1);
    const columnWidth = this.width.of({ local: localText, localAt, remote: remoteText, remoteAt });
    const family = protocol === 'tcp6' || protocol === 'tcp46' ? 6 : 4;
    const local = readEndpoint(localText, family, columnWidth);
    const remote = readEndpoint(remoteText, family, columnWidth);
    if (local === null || remote === null) {
      if (isOpen) return this.reading.cut();
      const which = local === null ? 'local' : 'foreign';
      return this.reading.problem(number, line, `the ${which} address is none`);
    }
    const rest = line.slice(endsAt);
    const stateWord = /^\s+([A-Z][A-Z0-9_]+)(?=\s|$)/.exec(rest);
    const state = stateWord === null ? 0 : stateOfWord(stateWord[1] ?? '');
    const behind = state === 0 ? rest : rest.slice(stateWord?.[0].length);
    const words = splitWords(behind);
    if (isOpen && this.mayBeCut(rest, state, words.length)) return this.reading.cut();
    const after = readAfterState(behind, words, this.heading);
    this.wordsOfRow = words.length;
    const address = local.address ?? remote.address;
    this.reading.socket({
      ...emptySocket(number, protocol === 'tcp46' ? (address?.family ?? 6) : family),
      state,
      local,
      remote,
      receiveQueue: Number(receiveQueue),
      sendQueue: Number(sendQueue),
      holders: after.holders,
      details:
        protocol === 'tcp46' ? new Map([...(after.details ?? []), ['protocol', protocol]]) : after.details,
    });
  }

  /**
   * A last row without a line end is whole when it has its state and as many words as the row before. The BSDs print
   * CLOSED: CLOSE is what is left of CLOSE_WAIT.
   */
  private mayBeCut(rest: string, state: number, words: number): boolean {
    return state === 0 || /^\s*CLOSE$/.test(rest) || words < this.wordsOfRow;
  }
}

interface AfterState {
  holders: readonly SocketHolder[];
  details: ReadonlyMap<string, string> | null;
}

const NOTHING: AfterState = { holders: [], details: null };

/** What `-v` and `-b` print behind the state: by the names of the heading, else by shape. */
function readAfterState(rest: string, words: readonly string[], heading: Heading | null): AfterState {
  if (words.length === 0) return NOTHING;
  const names =
    heading !== null && heading.afterState.length > 0 ? heading.afterState : namesByShape(rest, words);
  const details = new Map<string, string>();
  let holders: readonly SocketHolder[] = [];
  for (const [at, name] of names.entries()) {
    const word = words[at];
    if (name === PROCESS_AND_PID) {
      holders = readProcess(rest, words.slice(0, at));
      break;
    }
    if (word === undefined) break;
    if (name === 'pid') holders = holderOf(word, null);
    if (KEPT.some((kept) => kept === name) && /^\d{1,20}$/.test(word)) details.set(name, word);
  }
  return { holders, details: details.size === 0 ? null : details };
}

/** Without a heading: numbers up to "process:pid", or buffers, pid and epid before the hexadecimal state. */
function namesByShape(rest: string, words: readonly string[]): readonly string[] {
  if (/:\d{1,7}(?=\s|$)/.test(rest)) return ['rxbytes', 'txbytes', 'rhiwat', 'shiwat', PROCESS_AND_PID];
  const isDecimal = (at: number) => /^\d+$/.test(words[at] ?? '');
  const hasPid = [0, 1, 2, 3].every(isDecimal) && /^[0-9a-f]{5}$/.test(words[4] ?? '');
  return hasPid ? ['rhiwat', 'shiwat', 'pid', 'epid'] : [];
}

/** The name may hold spaces and colons; after its pid come hexadecimal words only, so the last colon ends it. */
function readProcess(rest: string, before: readonly string[]): readonly SocketHolder[] {
  let start = 0;
  for (const word of before) start = rest.indexOf(word, start) + word.length;
  const colon = rest.lastIndexOf(':');
  if (colon < start) return [];
  return holderOf(splitWords(rest.slice(colon + 1))[0] ?? '', rest.slice(start, colon).trim());
}

/** Pid 0 is how netstat says that no process holds the socket any more. */
function holderOf(pidText: string, name: string | null): readonly SocketHolder[] {
  const pid = /^\d{1,9}$/.test(pidText) ? Number(pidText) : 0;
  if (pid === 0) return [];
  return [{ pid, process: name === null || name === '' ? null : sanitiseText(name), fd: null }];
}

/** What only one of the systems prints; where it is not there, it stays open. */
function systemOf(text: string): SystemId | null {
  // 64 KiB hold the headings and the first rows.
  const head = text.slice(0, 65_536);
  const isMac = /\b(?:rhiwat|rxbytes|process:pid|Flowhash)\b|^Active (?:Multipath|LOCAL)|^Registered kernel/m;
  if (isMac.test(head)) return 'macos';
  if (/^Active UNIX domain sockets/m.test(head)) return 'freebsd';
  // FreeBSD puts one space before the addresses where macOS puts two.
  if (/^Proto Recv-Q Send-Q {2}Local Address/m.test(head)) return 'macos';
  // A paste that has lost its columns tells nothing by one space.
  return /^Proto Recv-Q Send-Q Local Address {2,}Foreign Address.*\(state\)/m.test(head) ? 'freebsd' : null;
}
