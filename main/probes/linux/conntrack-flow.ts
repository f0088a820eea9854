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

/** Null with a clause why not, when the line is no tracked connection. */
export function parseTrackedFlow(line: string): TrackedFlow | { why: string } {
  const start = START.exec(line);
  if (start === null) return { why: 'no protocol at its start' };
  const words = line.slice(start[0].length).split(/\s+/);
  const state = STATE.test(words[0] ?? '') ? (words[0] ?? null) : null;
  const tuples = readTuples(words);
  const asked = tuples[0];
  if (asked === undefined) return { why: 'no source and destination' };
  const source = endpointOf(asked.src, asked.sport);
  const destination = endpointOf(asked.dst, asked.dport);
  if (source === null || destination === null) return { why: 'its addresses are not understood' };
  return {
    protocol: start[1] ?? '',
    state,
    timeoutSeconds: start[3] === undefined ? null : Number(start[3]),
    source,
    destination,
    isTranslated: tuples[1] !== undefined && isTranslated(asked, tuples[1]),
  };
}

/** Each "src=" begins a tuple: first that of the questions, then that of the answers. */
function readTuples(words: readonly string[]): Tuple[] {
  const tuples: Tuple[] = [];
  for (const word of words) {
    const equals = word.indexOf('=');
    const value = word.slice(equals + 1);
    const key = equals < 0 ? '' : word.slice(0, equals);
    if (key === 'src') tuples.push({ src: value, dst: '', sport: null, dport: null });
    const tuple = tuples.at(-1);
    if (tuple === undefined || tuples.length > 2) continue;
    if (key === 'dst' && tuple.dst === '') tuple.dst = value;
    if (key === 'sport' && tuple.sport === null) tuple.sport = value;
    if (key === 'dport' && tuple.dport === null) tuple.dport = value;
  }
  return tuples;
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
