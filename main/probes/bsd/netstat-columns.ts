/** Where the columns of BSD `netstat` are, how much of an address fits into them, and what follows the state. */
import type { SocketEndpoint } from '../../core/readings.ts';
import { parseDotEndpoint, unreadEndpoint } from '../endpoint.ts';

/**
 * Without -W, inetprint() and inet6print() print an address as "%.*s." with this many characters, and address and port
 * as "%-*.*s" into 18 (with -A) or 22 columns: usr.bin/netstat/inet.c of FreeBSD, network_cmds/netstat.tproj of macOS.
 */
const ADDRESS_CHARACTERS = 16;
const COLUMN_WITH_SOCKET = 18;
const COLUMN = 22;
/** "Local Address" alone has 13: a heading whose columns stand closer has lost its spaces. */
const NARROWEST_HEADING = 15;

/** A heading: the width of its address columns, and the names of what follows the state. */
export interface Heading {
  /** Null where the heading has lost its spaces. */
  addressWidth: number | null;
  afterState: readonly string[];
}

/** The heading in this line, or null when it is none. */
export function parseHeading(line: string): Heading | null {
  const local = line.indexOf('Local Address');
  const remote = line.indexOf('Foreign Address', local);
  if (local < 0 || remote < 0 || !/^\s*(?:Proto|Socket|Tcpcb|PCB|Active)\b/i.test(line)) return null;
  const state = line.indexOf('(state)', remote);
  const width = remote - local - 1;
  return {
    addressWidth: width < NARROWEST_HEADING ? null : width,
    afterState: state < 0 ? [] : splitWords(line.slice(state + '(state)'.length)),
  };
}

/** The two addresses of a row as text, and where they begin. */
export interface PrintedEndpoints {
  local: string;
  localAt: number;
  remote: string;
  remoteAt: number;
}

/** Finds out, row by row, how wide the address columns are: the heading of macOS 26 is wider than its rows. */
export class ColumnWidth {
  private readonly heading: Heading | null;
  /** Width of the last row whose padding shows it. */
  private seen: number | null = null;

  constructor(heading: Heading | null) {
    this.heading = heading;
  }

  /** Columns of an address in this row; null where nothing tells (a paste that has lost its spaces). */
  of({ local, localAt, remoteAt }: PrintedEndpoints): number | null {
    const distance = remoteAt - localAt - 1;
    if (distance > local.length) {
      this.seen = distance;
      return distance;
    }
    // The text fills its column, or there never were columns.
    if (this.seen !== null) return this.seen;
    if (this.heading === null) return null;
    const { addressWidth } = this.heading;
    if (addressWidth === null || distance === addressWidth) return addressWidth;
    return distance === COLUMN || distance === COLUMN_WITH_SOCKET ? distance : null;
  }
}

/**
 * An endpoint of a column of `width` characters. What may have been cut is unknown: the port where the text fills a
 * column too narrow for address and port, the address where it is as long as the tool prints at most. Null when it can
 * be no endpoint.
 */
export function readEndpoint(text: string, family: 4 | 6, width: number | null): SocketEndpoint | null {
  const endpoint = parseDotEndpoint(text, family);
  if (endpoint === null || width === null) return endpoint;
  const dot = text.lastIndexOf('.');
  const addressLength = dot < 0 ? text.length : dot;
  const isPortCut = text.length >= width && width < COLUMN;
  const isAddressCut = width <= COLUMN && addressLength >= ADDRESS_CHARACTERS && text.includes(':');
  if (isAddressCut) return unreadEndpoint(text, isPortCut ? null : endpoint.port);
  if (!isPortCut) return endpoint;
  return { ...unreadEndpoint(text), address: endpoint.address };
}

/** Words of a line with where each begins. Linear. */
export function splitWords(line: string): string[] {
  const trimmed = line.trim();
  return trimmed === '' ? [] : trimmed.split(/\s+/);
}
