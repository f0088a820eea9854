/** Prints how long queries over large socket tables take and what memory they add. */
import { GROUP_KEYS, SORT_COLUMNS } from '../../preload/contract.ts';
import { exportSockets } from '../../main/sampling/query/csv.ts';
import { describeSocket } from '../../main/sampling/query/detail.ts';
import { portMap } from '../../main/sampling/query/port-map.ts';
import { querySockets, type QueryArgs } from '../../main/sampling/query/query.ts';
import { rowKey } from '../../main/sampling/query/row.ts';
import { suggestFilter } from '../../main/sampling/query/suggest.ts';
import { contextOf, syntheticOwners, syntheticTable } from '../support/tables.ts';

const FILTERS = [
  '',
  'state:tw',
  'dst:10.0.3.12:443 -uid:0',
  'process:worker-1 age:>10s',
  '10.0',
  '-side:server timer:<30s',
];
const ARGS: QueryArgs = {
  filter: '',
  sort: { column: 'age', descending: false },
  group: 'none',
  collapsed: [],
  offset: 0,
  limit: 100,
  snapshotId: null,
};

/** Median and worst of queries over tables of the given sizes; the targets are 150 ms, 250 ms and 2 s. */
export function benchQueries(
  print: (line: string) => void,
  sizes: readonly number[] = [50_000, 100_000, 1_000_000],
): void {
  for (const size of sizes) benchSize(print, size);
}

function benchSize(print: (line: string) => void, size: number): void {
  const table = syntheticTable(size, { timeWaitShare: size === 50_000 ? 0 : 0.95 });
  const context = contextOf(table, syntheticOwners());
  // A new snapshot forgets every cached order.
  const cold = (args: Partial<QueryArgs>) => {
    table.snapshotId++;
    return milliseconds(() => querySockets(context, { ...ARGS, ...args }));
  };
  const columns = SORT_COLUMNS.map((column) => ({ column, descending: true }));
  const name = `${size.toLocaleString('en-US')} sockets`;
  report(
    print,
    `${name}, sort by each column`,
    columns.map((sort) => cold({ sort })),
  );
  report(
    print,
    `${name}, each filter, by remote`,
    FILTERS.map((filter) => cold({ filter, sort: { column: 'remote', descending: false } })),
  );
  report(
    print,
    `${name}, each group`,
    GROUP_KEYS.map((group) => cold({ group })),
  );
  cold({});
  const scrolls = Array.from({ length: 50 }, (_, page) =>
    milliseconds(() => querySockets(context, { ...ARGS, offset: page * 100 })),
  );
  report(print, `${name}, scroll by 100 rows`, scrolls);
  const repeat = (run: () => unknown) => Array.from({ length: 7 }, () => milliseconds(run));
  report(
    print,
    `${name}, port map`,
    repeat(() => portMap(context, (row) => table.remotePort[row] === 443)),
  );
  report(
    print,
    `${name}, details`,
    repeat(() => describeSocket(context, rowKey(table, size - 1))),
  );
  report(
    print,
    `${name}, export of 5,000`,
    repeat(() => exportSockets(context, { ...ARGS, limit: 5000 })),
  );
  report(
    print,
    `${name}, suggestions`,
    repeat(() => suggestFilter(context, { filter: 'dst:', caret: 4 })),
  );
  print(`${name}, memory of the process: ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`);
}

function report(print: (line: string) => void, what: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  print(`${what}: median ${median.toFixed(1)} ms, worst ${(sorted.at(-1) ?? 0).toFixed(1)} ms`);
}

function milliseconds(run: () => unknown): number {
  const begin = performance.now();
  run();
  return performance.now() - begin;
}
