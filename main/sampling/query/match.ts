/** Turns filter terms into one test over (table, row): numbers compared with columns, text looked at once a name. */
import { isLinkLocal, networkMasks } from '../../core/address.ts';
import type { Comparison, EndpointPattern, FilterTerm, FilterTest } from '../../core/filter/terms.ts';
import { parseEndpoint } from '../../core/filter/values.ts';
import {
  NOT_TOLD,
  OwnerConfidence,
  OwnerIndex,
  TcpState,
  type PortRange,
  type SocketOwner,
} from '../../core/model.ts';
import { addressText, type Side } from './address-index.ts';
import type { QueryContext } from './context.ts';
import { hasRunningTimer, rowAgeMs, rowUid } from './row.ts';
import { factsOf } from './snapshot-facts.ts';

export type RowTest = (row: number) => boolean;

export interface CompiledFilter {
  /** All terms but those about states. */
  matchesRest: RowTest;
  /** Bit n is set when state number n passes the state terms. */
  stateMask: number;
}

/** Compiles terms for one snapshot; the test is valid as long as the table is unchanged. */
export function compileFilter(context: QueryContext, terms: readonly FilterTerm[]): CompiledFilter {
  let stateMask = 0xffff;
  const tests: RowTest[] = [];
  for (const { negated, test } of terms) {
    if (test.key === 'state') {
      const mask = test.states.reduce((bits, state) => bits | (1 << state), 0);
      stateMask &= negated ? ~mask : mask;
    } else {
      const matches = compileTest(context, test);
      tests.push(negated ? (row) => !matches(row) : matches);
    }
  }
  return { matchesRest: allOf(tests), stateMask };
}

function allOf(tests: readonly RowTest[]): RowTest {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tests.length === 2) return (row) => first(row) && second(row);
  return (row) => {
    for (const test of tests) if (!test(row)) return false;
    return true;
  };
}

function compileTest(context: QueryContext, test: Exclude<FilterTest, { key: 'state' }>): RowTest {
  const { table } = context;
  switch (test.key) {
    case 'src':
      return testEndpoints(context, 'local', test.endpoints);
    case 'dst':
      return testEndpoints(context, 'remote', test.endpoints);
    case 'port':
      return testPorts(table.localPort, test.ranges);
    case 'rport':
      return testPorts(table.remotePort, test.ranges);
    case 'pid':
      return testOwners(context, (owner) => owner.pid !== null && test.numbers.includes(owner.pid));
    case 'process': {
      const texts = test.texts.map((text) => text.toLowerCase());
      return testOwners(context, (owner) => containsAny(owner.process ?? '', texts));
    }
    case 'uid':
      return testUids(context, test.numbers);
    case 'inode':
      return testInodes(context, test.numbers);
    case 'age':
      return (row) => holds(test.comparison, rowAgeMs(context, row));
    case 'timer':
      return (row) => hasRunningTimer(table, row) && holds(test.comparison, table.expiresMs[row] ?? 0);
    case 'queue':
      return (row) => holds(test.comparison, waitingBytes(context, row));
    case 'attr':
      return testAttribution(context, test.words);
    case 'family':
      return (row) => test.families.includes(table.family[row] === 6 ? 6 : 4);
    case 'side': {
      const { listeningPorts } = factsOf(context);
      return (row) =>
        test.sides.includes(listeningPorts[table.localPort[row] ?? 0] === 1 ? 'server' : 'client');
    }
    case 'word':
      return testWord(context, test.text);
  }
}

function testEndpoints(context: QueryContext, side: Side, patterns: readonly EndpointPattern[]): RowTest {
  const tests = patterns.map((pattern) => testEndpoint(context, side, pattern));
  return (row) => tests.some((test) => test(row));
}

function testEndpoint({ table }: QueryContext, side: Side, { network, ports }: EndpointPattern): RowTest {
  const port = side === 'local' ? table.localPort : table.remotePort;
  const words = side === 'local' ? table.localAddress : table.remoteAddress;
  const { first, last } = ports ?? { first: 0, last: 65535 };
  const onPort: RowTest = (row) => (port[row] ?? 0) >= first && (port[row] ?? 0) <= last;
  if (network === null) return onPort;
  const { family, scopeId, words: wanted } = network.address;
  const [m0, m1, m2, m3] = networkMasks(family, network.prefixLength);
  return (row) => {
    const at = row * 4;
    if ((((words[at + 3] ?? 0) ^ wanted[3]) & m3) !== 0 || table.family[row] !== family) return false;
    if ((((words[at + 2] ?? 0) ^ wanted[2]) & m2) !== 0 || (((words[at + 1] ?? 0) ^ wanted[1]) & m1) !== 0)
      return false;
    if ((((words[at] ?? 0) ^ wanted[0]) & m0) !== 0) return false;
    if (scopeId !== 0 && (table.scopeId[row] !== scopeId || !isLinkLocal(words[at] ?? 0))) return false;
    return onPort(row);
  };
}

function testPorts(column: Uint16Array, ranges: readonly PortRange[]): RowTest {
  const wanted = new Uint8Array(65536);
  for (const { first, last } of ranges) wanted.fill(1, first, last + 1);
  return (row) => wanted[column[row] ?? 0] === 1;
}

/** Asks once for each owner, not for each row. Rows without a known owner do not match. */
function testOwners(context: QueryContext, matches: (owner: SocketOwner) => boolean): RowTest {
  const { owner } = context.table;
  const { byIndex } = factsOf(context).owners;
  const verdicts = Uint8Array.from(byIndex, (known) => (known && matches(known) ? 1 : 0));
  return (row) => verdicts[owner[row] ?? OwnerIndex.unknown] === 1;
}

function testUids(context: QueryContext, uids: readonly number[]): RowTest {
  const { table } = context;
  const wanted = new Set(uids);
  const ofOwner = testOwners(context, (owner) => owner.uid !== null && wanted.has(owner.uid));
  return (row) =>
    table.state[row] === TcpState.TIME_WAIT ? ofOwner(row) : wanted.has(rowUid(table, row, null) ?? -1);
}

function testInodes({ table }: QueryContext, inodes: readonly number[]): RowTest {
  const wanted = new Set(inodes);
  // An inode of 0 means that there is none.
  return (row) => table.inode[row] !== 0 && wanted.has(table.inode[row] ?? 0);
}

function testAttribution({ table }: QueryContext, words: readonly string[]): RowTest {
  const wanted = new Set(words);
  return (row) => {
    if (table.owner[row] === OwnerIndex.notPermitted && wanted.has('hidden')) return true;
    const confidence = table.ownerConfidence[row];
    if (confidence === OwnerConfidence.observed) return wanted.has('observed');
    return wanted.has(confidence === OwnerConfidence.inferred ? 'inferred' : 'unknown');
  };
}

/** Bytes in the fuller queue, NaN where it is not told; a listening socket's send queue is the length of its backlog, not bytes. */
function waitingBytes({ table }: QueryContext, row: number): number {
  const received = table.receiveQueue[row] ?? NOT_TOLD;
  if (received === NOT_TOLD) return Number.NaN;
  return table.state[row] === TcpState.LISTEN ? received : Math.max(received, table.sendQueue[row] ?? 0);
}

/** A bare word: part of a process name or address, exactly a port, or an endpoint on either side. */
function testWord(context: QueryContext, text: string): RowTest {
  const endpoint = parseEndpoint(text);
  if (endpoint !== null && (endpoint.ports !== null || text.includes('/'))) {
    const local = testEndpoint(context, 'local', endpoint);
    const remote = testEndpoint(context, 'remote', endpoint);
    return (row) => local(row) || remote(row);
  }
  const wanted = text.toLowerCase();
  const tests = [testOwners(context, (owner) => containsAny(owner.process ?? '', [wanted]))];
  if (/^\d{1,5}$/.test(text)) {
    const { localPort, remotePort } = context.table;
    const port = Number(text);
    tests.push((row) => localPort[row] === port || remotePort[row] === port);
  }
  if (/^[0-9a-f.:%]+$/.test(wanted))
    tests.push(testAddressText(context, 'local', wanted), testAddressText(context, 'remote', wanted));
  return (row) => tests.some((test) => test(row));
}

function testAddressText(context: QueryContext, side: Side, wanted: string): RowTest {
  const index = factsOf(context).addressIndex(side);
  const verdicts = new Uint8Array(index.count);
  for (let rank = 0; rank < index.count; rank++) {
    if (addressText(context.table, side, index, rank).includes(wanted)) verdicts[rank] = 1;
  }
  const { rankOfRow } = index;
  return (row) => verdicts[rankOfRow[row] ?? 0] === 1;
}

function containsAny(text: string, parts: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return parts.some((part) => lower.includes(part));
}

/** False for NaN: what is not known is neither more nor less. */
function holds({ operator, value }: Comparison, amount: number): boolean {
  switch (operator) {
    case '<':
      return amount < value;
    case '<=':
      return amount <= value;
    case '>':
      return amount > value;
    case '>=':
      return amount >= value;
    case '=':
      return amount === value;
  }
}
