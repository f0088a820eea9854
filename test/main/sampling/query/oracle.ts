/** The slow plain version of sockets.query, over row objects: what the fast path must agree with. */
import { formatAddress, parseAddress } from '../../../../main/core/address.ts';
import { parseFilter } from '../../../../main/core/filter/parse.ts';
import type { Comparison, EndpointPattern, FilterTest } from '../../../../main/core/filter/terms.ts';
import { parseEndpoint } from '../../../../main/core/filter/values.ts';
import { TCP_STATE_NAMES, TcpState } from '../../../../main/core/model.ts';
import type { GroupName, QueryContext, SortOrder } from '../../../../main/sampling/query/context.ts';
import { socketRow, type SocketRowValue } from '../../../../main/sampling/query/row.ts';

export interface PlainAnswer {
  matching: number;
  byState: Record<string, number>;
  /** Row keys, and "# key count" for headings. */
  lines: string[];
}

interface PlainRow extends SocketRowValue {
  position: number;
  isServer: boolean;
  startTicks: number | null;
}

const LIFE = [
  'SYN_SENT SYN_RECV NEW_SYN_RECV ESTABLISHED CLOSE_WAIT FIN_WAIT_1 FIN_WAIT_2 CLOSING LAST_ACK TIME_WAIT LISTEN',
  'BOUND CLOSE UNKNOWN',
]
  .join(' ')
  .split(' ');

export function plainQuery(
  context: QueryContext,
  args: { filter: string; sort: SortOrder; group: GroupName; collapsed: readonly string[] },
): PlainAnswer {
  const { terms } = parseFilter(args.filter);
  const passes = (row: PlainRow, states: boolean) =>
    terms.every(({ negated, test }) => (test.key === 'state') !== states || matches(test, row) !== negated);
  const visible = plainRows(context).filter((row) => passes(row, false));
  const byState: Record<string, number> = {};
  for (const { state } of visible) byState[state] = (byState[state] ?? 0) + 1;
  const rows = visible.filter((row) => passes(row, true));
  rows.sort((a, b) => compare(sortValue(a, args.sort), sortValue(b, args.sort), args.sort.descending));
  return { matching: rows.length, byState, lines: linesOf(rows, args.group, args.collapsed) };
}

function plainRows(context: QueryContext): PlainRow[] {
  const { table } = context;
  const rows: PlainRow[] = [];
  for (let position = 0; position < table.length; position++) {
    const owner = context.ownerOf(table.owner[position] ?? -1);
    const startTicks = owner?.startTicks ?? null;
    rows.push({ ...socketRow(context, position), position, isServer: false, startTicks });
  }
  const listening = new Set(rows.filter(({ state }) => state === 'LISTEN').map(({ localPort }) => localPort));
  return rows.map((row) => ({ ...row, isServer: listening.has(row.localPort) }));
}

function linesOf(rows: PlainRow[], group: GroupName, collapsed: readonly string[]): string[] {
  if (group === 'none') return rows.map(({ position }) => `${position}`);
  const groups = new Map<string, PlainRow[]>();
  for (const row of rows) {
    const key = groupKey(row, group);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const order = [...groups].sort(([a, ofA], [b, ofB]) => {
    if (group === 'state') return LIFE.indexOf(a.slice(6)) - LIFE.indexOf(b.slice(6));
    return ofB.length - ofA.length;
  });
  return order.flatMap(([key, members]) => {
    const open = collapsed.includes(key) ? [] : members.map(({ position }) => `${position}`);
    return [`# ${key} ${members.length}`, ...open];
  });
}

function groupKey(row: PlainRow, group: Exclude<GroupName, 'none'>): string {
  switch (group) {
    case 'process':
      if (row.ownerHidden) return 'process:hidden';
      return row.pid === null ? 'process:unknown' : `process:${row.pid}:${row.startTicks}`;
    case 'destination': {
      if (row.remotePort === 0) return 'destination:none';
      const bracketed = row.remoteAddress.includes(':') ? `[${row.remoteAddress}]` : row.remoteAddress;
      return `destination:${bracketed}:${row.remotePort}`;
    }
    case 'state':
      return `state:${row.state}`;
    case 'localPort':
      return `localPort:${row.localPort}`;
    case 'user':
      return `user:${row.uid ?? 'unknown'}`;
  }
}

function matches(test: FilterTest, row: PlainRow): boolean {
  switch (test.key) {
    case 'state':
      return test.states.some((state) => TCP_STATE_NAMES[state] === row.state);
    case 'src':
      return test.endpoints.some((pattern) => matchesEndpoint(pattern, row.localAddress, row.localPort));
    case 'dst':
      return test.endpoints.some((pattern) => matchesEndpoint(pattern, row.remoteAddress, row.remotePort));
    case 'port':
      return test.ranges.some(({ first, last }) => row.localPort >= first && row.localPort <= last);
    case 'rport':
      return test.ranges.some(({ first, last }) => row.remotePort >= first && row.remotePort <= last);
    case 'pid':
      return row.pid !== null && test.numbers.includes(row.pid);
    case 'uid':
      return row.uid !== null && test.numbers.includes(row.uid);
    case 'inode':
      return row.inode !== null && test.numbers.includes(row.inode);
    case 'process':
      return test.texts.some((text) => row.process?.toLowerCase().includes(text.toLowerCase()) ?? false);
    case 'age':
      return row.ageSeconds !== null && compares(test.comparison, Math.round(row.ageSeconds * 1000));
    case 'timer':
      return row.timerSeconds !== null && compares(test.comparison, Math.round(row.timerSeconds * 1000));
    case 'queue':
      return compares(
        test.comparison,
        Math.max(
          row.receiveQueue ?? 0,
          row.state === TCP_STATE_NAMES[TcpState.LISTEN] ? 0 : (row.sendQueue ?? 0),
        ),
      );
    case 'attr':
      return test.words.includes(row.confidence) || (row.ownerHidden && test.words.includes('hidden'));
    case 'family':
      return test.families.includes(row.family);
    case 'side':
      return test.sides.includes(row.isServer ? 'server' : 'client');
    case 'word':
      return matchesWord(test.text, row);
  }
}

function matchesWord(text: string, row: PlainRow): boolean {
  const pattern = parseEndpoint(text);
  if (pattern !== null && (pattern.ports !== null || text.includes('/'))) {
    return (
      matchesEndpoint(pattern, row.localAddress, row.localPort) ||
      matchesEndpoint(pattern, row.remoteAddress, row.remotePort)
    );
  }
  const wanted = text.toLowerCase();
  const texts = [row.process?.toLowerCase() ?? '', row.localAddress, row.remoteAddress];
  return (
    texts.some((hay) => hay.includes(wanted)) || text === `${row.localPort}` || text === `${row.remotePort}`
  );
}

/** Compares addresses bit by bit, as text. */
function matchesEndpoint({ network, ports }: EndpointPattern, text: string, port: number): boolean {
  if (ports !== null && (port < ports.first || port > ports.last)) return false;
  if (network === null) return true;
  const address = parseAddress(text);
  if (address === null || address.family !== network.address.family) return false;
  const bits = (words: readonly number[]) =>
    words
      .slice(address.family === 4 ? 3 : 0)
      .map((word) => word.toString(2).padStart(32, '0'))
      .join('')
      .slice(0, network.prefixLength);
  if (bits(address.words) !== bits(network.address.words)) return false;
  return network.address.scopeId === 0 || formatAddress(address).endsWith(`%${network.address.scopeId}`);
}

function compares({ operator, value }: Comparison, amount: number): boolean {
  if (operator === '=') return amount === value;
  if (amount === value) return operator.endsWith('=');
  return operator.startsWith('<') ? amount < value : amount > value;
}

/** What to compare, most significant first; null is missing. */
function sortValue(row: PlainRow, { column }: SortOrder): (number | string)[] | null {
  switch (column) {
    case 'state':
      return [LIFE.indexOf(row.state)];
    case 'local':
      return [...addressValue(row.localAddress), row.localPort];
    case 'remote':
      return [...addressValue(row.remoteAddress), row.remotePort];
    case 'localPort':
      return [row.localPort];
    case 'remotePort':
      return [row.remotePort];
    case 'process':
      return row.process === null ? null : [row.process.toLowerCase()];
    case 'pid':
      return row.pid === null ? null : [row.pid];
    case 'age':
      return row.ageSeconds === null ? null : [row.ageSeconds];
    case 'timer':
      return row.timerSeconds === null ? null : [row.timerSeconds];
    case 'uid':
      return row.uid === null ? null : [row.uid];
    case 'owner':
      return [
        row.confidence === 'observed' ? 0 : row.confidence === 'inferred' ? 1 : row.ownerHidden ? 2 : 3,
      ];
    case 'receiveQueue':
      return row.receiveQueue === null ? null : [row.receiveQueue];
    case 'sendQueue':
      return row.sendQueue === null ? null : [row.sendQueue];
    case 'inode':
      return row.inode === null ? null : [row.inode];
  }
}

function addressValue(text: string): number[] {
  const address = parseAddress(text);
  return address === null ? [] : [address.family, ...address.words, address.scopeId];
}

function compare(a: (number | string)[] | null, b: (number | string)[] | null, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value < other === descending ? 1 : -1;
  }
  return 0;
}
