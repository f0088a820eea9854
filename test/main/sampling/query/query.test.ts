import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GroupName, SortColumnName } from '../../../../main/sampling/query/context.ts';
import { querySockets, type QueryArgs, type QueryResult } from '../../../../main/sampling/query/query.ts';
import { CALLS, GROUP_KEYS, SORT_COLUMNS, type CallResult } from '../../../../preload/contract.ts';
import {
  compactRowArbitrary,
  contextOf,
  ownerOf,
  syntheticOwners,
  syntheticTable,
  tableOf,
  TAKEN_MONOTONIC_MS,
} from '../../../support/tables.ts';
import { plainQuery } from './oracle.ts';

const OWNERS = [
  ownerOf({ pid: 4312, process: 'python3' }),
  ownerOf({ pid: 77, process: 'Node', uid: 998 }),
  ownerOf({ pid: 12, process: 'node', uid: null }),
  ownerOf({ pid: 443, process: 'a"b c,d\\u202e' }),
];

const ARGS: QueryArgs = {
  filter: '',
  sort: { column: 'localPort', descending: false },
  group: 'none',
  collapsed: [],
  offset: 0,
  limit: 500,
  snapshotId: null,
};

const FILTERS = [
  '',
  'state:tw',
  '-state:tw,listen',
  'state:tw -state:tw',
  'state:est,close-wait dst::443',
  'dst:10.0.3.0/24',
  'src:[::1]:40000,10.0.2.7',
  '-src:0.0.0.0/0',
  'dst:::/0 -family:4',
  'dst:fe80::1%2',
  'port:40000-40001',
  '-rport:443',
  'pid:4312,77',
  'process:NODE',
  'process:"b c"',
  'uid:998',
  '-uid:0',
  'age:>30s',
  'age:<=60s',
  'timer:<1s',
  'timer:=30s',
  'queue:>0',
  'queue:0',
  'attr:observed',
  'attr:hidden',
  'attr:unknown,inferred',
  'inode:5,0',
  'side:server',
  '-side:server python',
  'py',
  '443',
  '10.0',
  'fe80',
  '10.0.3.12:443',
  '192.0.2.0/24 -state:listen',
  'age:>30 state:est',
];

/** The window as the oracle writes it: positions in the table, which the cookies count from 1, and headings. */
function linesOf(result: QueryResult): string[] {
  return result.rows.map((row) => {
    if (row.kind === 'group') return `# ${row.key} ${row.count}`;
    return `${Number.parseInt(row.key.split(':')[2] ?? '', 16) - 1}`;
  });
}

describe('querySockets', () => {
  test('gives what the contract promises', () => {
    const context = contextOf(
      tableOf([
        {
          state: 'ESTABLISHED',
          local: '10.0.2.7:40000',
          remote: '10.0.3.12:443',
          inode: 9,
          cookie: 255,
          owner: 0,
          confidence: 'observed',
          uid: 998,
          firstSeenMs: TAKEN_MONOTONIC_MS - 2500,
        },
        {
          state: 'TIME_WAIT',
          local: '10.0.2.7:40002',
          remote: '10.0.3.12:443',
          expiresMs: 41_000,
          cookie: 7,
        },
      ]),
      OWNERS,
    );
    const result: CallResult<'sockets.query'> = querySockets(context, { ...ARGS, group: 'state' });
    expect(CALLS['sockets.query'].result.parse(result)).toEqual({
      snapshotId: 1,
      takenAtMs: context.table.takenAtMs,
      total: 2,
      matching: 2,
      lines: 4,
      offset: 0,
      byState: { ESTABLISHED: 1, TIME_WAIT: 1 },
      problems: [],
      rows: [
        {
          kind: 'group',
          key: 'state:ESTABLISHED',
          label: 'ESTABLISHED',
          state: 'ESTABLISHED',
          count: 1,
          share: 0.5,
          collapsed: false,
        },
        {
          kind: 'socket',
          key: 'c:0:ff:0a000207.9c40-0a00030c.1bb',
          family: 4,
          state: 'ESTABLISHED',
          localAddress: '10.0.2.7',
          localPort: 40000,
          remoteAddress: '10.0.3.12',
          remotePort: 443,
          process: 'python3',
          pid: 4312,
          confidence: 'observed',
          ownerHidden: false,
          uid: 998,
          ageSeconds: 2.5,
          ageIsMinimum: false,
          timer: 'none',
          timerSeconds: null,
          receiveQueue: 0,
          sendQueue: 0,
          inode: 9,
        },
        {
          kind: 'group',
          key: 'state:TIME_WAIT',
          label: 'TIME_WAIT',
          state: 'TIME_WAIT',
          count: 1,
          share: 0.5,
          collapsed: false,
        },
        {
          kind: 'socket',
          key: 'c:0:7:0a000207.9c42-0a00030c.1bb',
          family: 4,
          state: 'TIME_WAIT',
          localAddress: '10.0.2.7',
          localPort: 40002,
          remoteAddress: '10.0.3.12',
          remotePort: 443,
          process: null,
          pid: null,
          confidence: 'unknown',
          ownerHidden: false,
          uid: null,
          ageSeconds: 19,
          ageIsMinimum: false,
          timer: 'timewait',
          timerSeconds: 41,
          receiveQueue: 0,
          sendQueue: 0,
          inode: null,
        },
      ],
    });
  });

  test('agrees with the slow plain version on every filter, sort and group', () => {
    fc.assert(
      fc.property(
        fc.array(compactRowArbitrary, { maxLength: 40 }),
        fc.constantFrom(...FILTERS),
        fc.record({ column: fc.constantFrom<SortColumnName[]>(...SORT_COLUMNS), descending: fc.boolean() }),
        fc.constantFrom<GroupName[]>(...GROUP_KEYS),
        fc.constantFrom(TAKEN_MONOTONIC_MS - 60_000, undefined),
        (compact, filter, sort, group, startedMonotonicMs) => {
          const rows = compact.map((row, index) => ({ ...row, cookie: index + 1 }));
          const context = contextOf(tableOf(rows), OWNERS, { startedMonotonicMs });
          const collapsed = [
            'state:TIME_WAIT',
            'user:998',
            'process:unknown',
            'localPort:443',
            'destination:10.0.3.12:443',
          ];
          const result = querySockets(context, { ...ARGS, filter, sort, group, collapsed });
          const expected = plainQuery(context, { filter, sort, group, collapsed });
          expect(result.matching).toBe(expected.matching);
          expect(result.byState).toEqual(expected.byState);
          expect(result.lines).toBe(expected.lines.length);
          expect(sortedGroups(linesOf(result))).toEqual(sortedGroups(expected.lines));
        },
      ),
      { numRuns: 600 },
    );
  });

  test.each(SORT_COLUMNS)('sorts by %s both ways, missing values last', (column) => {
    const context = contextOf(syntheticTable(300), syntheticOwners());
    for (const descending of [false, true]) {
      const args = { ...ARGS, sort: { column, descending } };
      expect(linesOf(querySockets(context, args))).toEqual(plainQuery(context, args).lines);
    }
  });

  test.each(GROUP_KEYS)('gives the same list in pages of any size, grouped by %s', (group) => {
    const context = contextOf(syntheticTable(400), syntheticOwners());
    const whole = querySockets(context, { ...ARGS, group, limit: 2000 });
    expect(whole.rows).toHaveLength(whole.lines);
    for (const limit of [1, 7, 100]) {
      const pages = [];
      for (let offset = 0; offset < whole.lines + limit; offset += limit) {
        pages.push(...querySockets(context, { ...ARGS, group, offset, limit }).rows);
      }
      expect(pages).toEqual(whole.rows);
    }
  });

  test('answers an empty window beyond the end', () => {
    const context = contextOf(syntheticTable(10));
    for (const group of GROUP_KEYS) {
      const result = querySockets(context, { ...ARGS, group, offset: 1000 });
      expect(result).toMatchObject({ total: 10, matching: 10, offset: 1000, rows: [] });
    }
  });

  test('answers an empty table', () => {
    for (const group of GROUP_KEYS) {
      const result = querySockets(contextOf(tableOf([])), { ...ARGS, group });
      expect(result).toMatchObject({ total: 0, matching: 0, lines: 0, rows: [], byState: {} });
    }
  });

  test('counts states without the state terms, so that a chip says what pressing it would show', () => {
    const context = contextOf(syntheticTable(200), syntheticOwners());
    const all = querySockets(context, { ...ARGS, filter: 'port:32768-32800' });
    const some = querySockets(context, { ...ARGS, filter: 'port:32768-32800 state:est' });
    expect(some.byState).toEqual(all.byState);
    expect(some.matching).toBe(some.byState.ESTABLISHED);
  });

  test('applies what it understands of a filter and reports the rest', () => {
    const context = contextOf(syntheticTable(50), syntheticOwners());
    const result = querySockets(context, { ...ARGS, filter: 'age:>30 state:est' });
    expect(result.problems).toMatchObject([{ start: 0, end: 7, token: 'age:>30' }]);
    expect(result.matching).toBe(result.byState.ESTABLISHED);
  });

  test('answers from the new dump when the table is filled again', () => {
    const table = tableOf([{ state: 'ESTABLISHED', local: '10.0.0.1:1', remote: '10.0.0.2:2' }]);
    const context = contextOf(table);
    expect(querySockets(context, ARGS).matching).toBe(1);
    table.clear();
    table.snapshotId++;
    expect(querySockets(context, ARGS)).toMatchObject({ snapshotId: 2, total: 0, matching: 0, rows: [] });
  });

  test('keeps the heading of a collapsed group and hides its rows', () => {
    const context = contextOf(syntheticTable(100), syntheticOwners());
    const result = querySockets(context, {
      ...ARGS,
      group: 'state',
      collapsed: ['state:TIME_WAIT', 'state:NO_SUCH'],
    });
    const closed = result.byState.TIME_WAIT ?? 0;
    expect(result.lines).toBe(100 - closed + 2);
    expect(result.rows.at(-1)).toMatchObject({
      kind: 'group',
      key: 'state:TIME_WAIT',
      count: closed,
      collapsed: true,
    });
  });

  test('T4: hostile process names are values, never keys', () => {
    const names = ['__proto__', 'constructor', '=cmd()', '<img src=x>', '"; DROP', '%s', ''];
    const owners = names.map((process, index) => ownerOf({ pid: index + 1, process }));
    const rows = names.map((_, owner) => ({
      state: 'ESTABLISHED' as const,
      local: '10.0.0.1:1',
      owner,
      cookie: owner + 1,
    }));
    const context = contextOf(tableOf(rows), owners);
    const result = querySockets(context, { ...ARGS, group: 'process', filter: '' });
    expect(result.rows.filter(({ kind }) => kind === 'group')).toHaveLength(names.length);
    expect(querySockets(context, { ...ARGS, filter: 'process:__proto__' }).matching).toBe(1);
    expect(querySockets(context, { ...ARGS, filter: 'constructor' }).matching).toBe(1);
  });
});

/** Blocks of lines under their headings, groups of equal size in any order: the plain version does not say which. */
function sortedGroups(lines: readonly string[]): string[][] {
  const blocks: string[][] = [[]];
  for (const line of lines) {
    if (line.startsWith('#')) blocks.push([]);
    blocks.at(-1)?.push(line);
  }
  const sizeOf = (block: readonly string[]) => Number(block[0]?.split(' ').at(-1) ?? 0);
  const sizes = blocks.map(sizeOf).join();
  const inOrder = blocks.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
  return [[sizes], ...inOrder];
}
