/**
 * A window of the socket list: filtered, sorted, under headings. The order of a snapshot is computed once and kept, so
 * that scrolling is a slice; 100,000 rows take a few tens of milliseconds the first time.
 */
import { parseFilter, type ParsedFilter } from '../../core/filter/parse.ts';
import type { FilterProblem } from '../../core/filter/terms.ts';
import { TCP_STATE_NAMES, type CountByState } from '../../core/model.ts';
import type { GroupName, QueryContext, SortOrder } from './context.ts';
import { groupAtLine, layOutFlat, layOutGroups, sortRows, type GroupLayout, type Layout } from './layout.ts';
import { compileFilter } from './match.ts';
import { socketRow, type SocketRowValue } from './row.ts';
import { factsOf } from './snapshot-facts.ts';

export interface QueryArgs {
  filter: string;
  sort: SortOrder;
  group: GroupName;
  /** Keys of collapsed groups. */
  collapsed: readonly string[];
  offset: number;
  limit: number;
  /** Not looked at: the caller chose the table by it. */
  snapshotId: number | null;
}

/** A heading of the contract's sockets.query. */
export interface GroupRowValue {
  kind: 'group';
  key: string;
  label: string;
  state: string | null;
  count: number;
  share: number;
  collapsed: boolean;
}

export interface QueryResult {
  snapshotId: number;
  takenAtMs: number;
  total: number;
  matching: number;
  lines: number;
  offset: number;
  rows: (SocketRowValue | GroupRowValue)[];
  /** States of the sockets that pass all terms but those about states. */
  byState: CountByState;
  problems: FilterProblem[];
}

/** What a filter leaves of a snapshot. */
export interface Matches {
  rows: Uint32Array;
  byState: CountByState;
  problems: FilterProblem[];
}

/** Answers sockets.query for the table of the context. Terms that were not understood are left out and reported. */
export function querySockets(context: QueryContext, args: QueryArgs): QueryResult {
  const { table } = context;
  const { rows, byState, problems } = matchRows(context, args.filter);
  const layout = layOut(context, args);
  return {
    snapshotId: table.snapshotId,
    takenAtMs: table.takenAtMs,
    total: table.length,
    matching: rows.length,
    lines: layout.lines,
    offset: args.offset,
    rows: windowOf(context, layout, args),
    byState,
    problems,
  };
}

/** Rows that match a filter, in the order of the table. */
export function matchRows(context: QueryContext, filter: string): Matches {
  return factsOf(context).remember('matches', filter, () => applyFilter(context, parseFilter(filter)));
}

/** Rows that match a filter, sorted. */
export function sortedRows(context: QueryContext, filter: string, sort: SortOrder): Uint32Array {
  return factsOf(context).remember('sorted', JSON.stringify([filter, sort.column, sort.descending]), () =>
    sortRows(context, matchRows(context, filter).rows, sort),
  );
}

function layOut(context: QueryContext, { filter, sort, group, collapsed }: QueryArgs): Layout {
  const sorted = sortedRows(context, filter, sort);
  if (group === 'none') return layOutFlat(sorted);
  const name = JSON.stringify([filter, sort.column, sort.descending, group, collapsed]);
  return factsOf(context).remember('layout', name, () => layOutGroups(context, sorted, { group, collapsed }));
}

function applyFilter(context: QueryContext, { terms, problems }: ParsedFilter): Matches {
  const { length, state } = context.table;
  const { matchesRest, stateMask } = compileFilter(context, terms);
  const counts = new Uint32Array(TCP_STATE_NAMES.length);
  const rows = new Uint32Array(length);
  let matching = 0;
  for (let row = 0; row < length; row++) {
    if (!matchesRest(row)) continue;
    const number = state[row] ?? 0;
    counts[number] = (counts[number] ?? 0) + 1;
    if (((stateMask >>> number) & 1) === 1) rows[matching++] = row;
  }
  const byState: CountByState = {};
  for (const [number, name] of TCP_STATE_NAMES.entries()) {
    const count = counts[number] ?? 0;
    if (count > 0) byState[name] = count;
  }
  return { rows: rows.slice(0, matching), byState, problems };
}

function windowOf(context: QueryContext, layout: Layout, args: { offset: number; limit: number }) {
  const end = Math.min(layout.lines, args.offset + args.limit);
  const rows: (SocketRowValue | GroupRowValue)[] = [];
  const { groups, order } = layout;
  if (groups === null) {
    for (let line = args.offset; line < end; line++) rows.push(socketRow(context, order[line] ?? 0));
    return rows;
  }
  if (args.offset >= end) return rows;
  let group = groupAtLine(groups, args.offset);
  for (let line = args.offset; line < end; line++) {
    while ((groups.headingLines[group + 1] ?? 0) <= line) group++;
    const below = line - (groups.headingLines[group] ?? 0);
    const start = groups.starts[group] ?? 0;
    rows.push(
      below === 0 ? heading(layout, groups, group) : socketRow(context, order[start + below - 1] ?? 0),
    );
  }
  return rows;
}

function heading({ order }: Layout, groups: GroupLayout, group: number): GroupRowValue {
  const start = groups.starts[group] ?? 0;
  const count = (groups.starts[group + 1] ?? 0) - start;
  const { key, label, state } = groups.describe(order[start] ?? 0);
  const collapsed = groups.isCollapsed[group] === 1;
  return { kind: 'group', key, label, state, count, share: count / order.length, collapsed };
}
