/** What a tool's output says, as texts: a socket, a fact, the whole. Texts from the tool were sanitised by its parser. */
import { formatEndpoint, formatIpv4, formatIpv6, isLinkLocal, type ParsedAddress } from '../address.ts';
import { SocketTimer, TCP_STATE_NAMES, type PortRange } from '../model.ts';
import type { Fact, OutputReading, SocketEndpoint, SocketHolder, SocketReading } from '../readings.ts';
import { sanitiseText } from '../sanitise.ts';
import { sayCount } from './figures.ts';

/** One socket of a listing, in words. */
export interface SocketText {
  line: number;
  state: string;
  local: string;
  remote: string;
  timer: string | null;
  owner: string | null;
}

/** One fact as a name and a value. */
export interface FactText {
  line: number;
  name: string;
  value: string;
}

/** Longest text of one field; the contract takes 2000. */
const MAX_FIELD = 1000;
const UNKNOWN = 'unknown';
const TIMER_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(SocketTimer).map(([name, value]) => [value, name === 'timeWait' ? 'time wait' : name]),
);

export function describeSocket(socket: SocketReading, line: number): SocketText {
  return {
    line,
    state: TCP_STATE_NAMES[socket.state] ?? TCP_STATE_NAMES[0],
    local: endpointText(socket.local),
    remote: endpointText(socket.remote),
    timer: timerText(socket.timer),
    owner: socket.holders.length === 0 ? null : shortened(socket.holders.map(holderText).join(', ')),
  };
}

/** The name and the value of a fact, as two texts. */
export function describeFact(fact: Fact, line: number): FactText {
  const [name, value] = factTexts(fact);
  return { line, name: shortened(name), value: shortened(value) };
}

/** "27,743 TCP sockets, 3 lines not understood." */
export function sayReading({ rows, facts, skipped, problemCount, truncated }: OutputReading): string {
  const parts = [
    rows > 0 ? plural(rows, 'TCP socket') : null,
    facts.length > 0 ? plural(facts.length, rows > 0 ? 'other fact' : 'fact') : null,
    ...skipped.map(({ what, count }) => `${sayCount(count)} ${what} left out`),
    problemCount > 0 ? `${plural(problemCount, 'line')} not understood` : null,
    truncated ? 'the last line is cut off' : null,
  ].filter((part) => part !== null);
  const sentence = parts.slice(0, 8).join(', ');
  return sentence === '' ? 'It says nothing.' : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function plural(count: number, noun: string): string {
  return `${sayCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function endpointText({ address, port, text }: SocketEndpoint): string {
  // What could not be read is shown as it was printed.
  if (text !== null) return shortened(text);
  if (address === null) return UNKNOWN;
  const host = addressText(address);
  if (port === null) return host;
  return port === 0 ? `${bracketed(host)}:*` : formatEndpoint(host, port);
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function addressText({ family, words, scopeId }: ParsedAddress): string {
  if (family === 4) return formatIpv4(words[3]);
  const text = formatIpv6(words);
  return scopeId !== 0 && isLinkLocal(words[0]) ? `${text}%${scopeId}` : text;
}

function timerText(timer: SocketReading['timer']): string | null {
  if (timer === null) return null;
  const name = TIMER_NAMES.get(timer.kind) ?? UNKNOWN;
  const left = timer.expiresMs === null ? '' : ` ${Number((timer.expiresMs / 1000).toFixed(3))} s`;
  const tries = timer.retransmits ? `, ${timer.retransmits} retransmits` : '';
  return `${name}${left}${tries}`;
}

function holderText({ process, pid }: SocketHolder): string {
  if (process === null) return pid === null ? UNKNOWN : `pid ${pid}`;
  return pid === null ? process : `${process} (pid ${pid})`;
}

function factTexts(fact: Fact): [name: string, value: string] {
  switch (fact.kind) {
    case 'setting':
      return [fact.name, fact.value];
    case 'absent':
      return [fact.name, `not there: ${fact.why}`];
    case 'dynamic-ports':
      return [
        `dynamic ports${fact.protocol ? `, ${fact.protocol.toUpperCase()}` : ''}${fact.family ? `, IPv${fact.family}` : ''}`,
        countedRange(fact.first, fact.count),
      ];
    case 'excluded-ports':
      return [
        `excluded ports${fact.family ? `, IPv${fact.family}` : ''}${fact.run > 1 ? ` (table ${fact.run})` : ''}`,
        `${rangeText(fact.range)}${fact.administered ? ', administered' : ''}`,
      ];
    case 'registry':
      return [fact.name, fact.value === null ? 'not set' : String(fact.value)];
    case 'auto-reuse-ports':
      return [
        `auto-reuse ports of ${fact.setting}`,
        fact.count === 0 ? 'off' : countedRange(fact.first, fact.count),
      ];
    case 'counter':
      return [`${fact.group} ${fact.name}`.trim(), String(fact.value)];
    case 'process':
      return [
        `process ${fact.pid}`,
        fact.commandLine === null ? fact.name : `${fact.name}: ${fact.commandLine}`,
      ];
    case 'event':
      return [`event ${fact.id}`, fact.at === null ? fact.text : `${fact.at} ${fact.text}`];
    case 'tracked-flow':
      return [
        `tracked ${fact.protocol} flow`,
        [
          `${fact.source} → ${fact.destination}`,
          fact.state,
          fact.timeoutSeconds === null ? null : `${fact.timeoutSeconds} s left`,
          fact.isTranslated ? 'translated' : null,
        ]
          .filter((part) => part !== null)
          .join(', '),
      ];
    case 'address':
      return [
        `address of ${fact.interface}`,
        fact.prefixLength === null ? fact.address : `${fact.address}/${fact.prefixLength}`,
      ];
    case 'note':
      return [fact.name, fact.value];
  }
}

function countedRange(first: number, count: number): string {
  return count > 0 ? `${rangeText({ first, last: first + count - 1 })} (${count} ports)` : 'none';
}

function rangeText({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}–${last}`;
}

function shortened(text: string): string {
  return sanitiseText(text, MAX_FIELD);
}
