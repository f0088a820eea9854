/** One tracked connection, as /proc/net/nf_conntrack and `conntrack -L` write it. */
import { formatAddress, formatEndpoint, parseAddress } from '../../core/address.ts';

export interface TrackedFlow {
  protocol: string;
  /** Null for protocols without one. */
  state: string | null;
  timeoutSeconds: number | null;
  source: string;
  destination: string;
  /** True when the answers come from or go to another address or port than the questions name. */
  isTranslated: boolean;
}

interface Tuple {
  src: string;
  dst: string;
  sport: string | null;
  dport: string | null;
}

/** "ipv4 2 " stands before the protocol in the kernel's file and with `-o extended` only. */
const START = /^(?:ipv[46]\s+\d{1,3}\s+)?([a-z][a-z0-9-]{1,20})\s+(\d{1,3})\s+(?:(\d{1,10})\s+)?/;
/** States of nf_conntrack_proto_tcp.c and _sctp.c, _dccp.c; never a "name=value" and never in brackets. */
const STATE = /^[A-Z][A-Z0-9_-]{2,30}$/;

const SOURCE = ' src=';

/** The connection, or a clause why the line is none. */
export function parseTrackedFlow(line: string): TrackedFlow | { why: string } {
  const start = START.exec(line);
  if (start === null) return { why: 'no protocol at its start' };
  const rest = line.slice(start[0].length);
  const blank = rest.indexOf(' ');
  const first = blank < 0 ? rest : rest.slice(0, blank);
  const [asked, answered] = readTuples(` ${rest}`);
  if (asked === undefined) return { why: 'no source and destination' };
  const source = endpointOf(asked.src, asked.sport);
  const destination = endpointOf(asked.dst, asked.dport);
  if (source === null || destination === null) return { why: 'its addresses are not understood' };
  return {
    protocol: start[1] ?? '',
    state: STATE.test(first) ? first : null,
    timeoutSeconds: start[3] === undefined ? null : Number(start[3]),
    source,
    destination,
    isTranslated: answered !== undefined && isTranslated(asked, answered),
  };
}

/** Each " src=" begins a tuple: first that of the questions, then that of the answers. */
function readTuples(line: string): Tuple[] {
  const [, ...parts] = line.split(SOURCE, 3);
  return parts.map((part) => ({
    src: firstWord(part),
    dst: fieldOf(part, ' dst=') ?? '',
    sport: fieldOf(part, ' sport='),
    dport: fieldOf(part, ' dport='),
  }));
}

function fieldOf(part: string, name: string): string | null {
  const at = part.indexOf(name);
  return at < 0 ? null : firstWord(part.slice(at + name.length));
}

function firstWord(text: string): string {
  const end = text.indexOf(' ');
  return end < 0 ? text : text.slice(0, end);
}

function isTranslated(asked: Tuple, answered: Tuple): boolean {
  if (answered.src !== asked.dst || answered.dst !== asked.src) return true;
  return answered.sport !== asked.dport || answered.dport !== asked.sport;
}

/** In the form used everywhere: the kernel's file writes IPv6 without "::", in full. Null when it is no address. */
function endpointOf(text: string, port: string | null): string | null {
  const parsed = parseAddress(text);
  if (parsed === null) return null;
  const address = formatAddress(parsed);
  const isPort = port !== null && /^\d{1,5}$/.test(port) && Number(port) <= 65535;
  return isPort ? formatEndpoint(address, Number(port)) : address;
}
