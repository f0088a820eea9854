/** The order in which matching rows and their headings stand in the list, as numbers only. */
import type { GroupName, QueryContext, SortOrder } from './context.ts';
import { groupingOf, type GroupTitle, type Grouping } from './grouping.ts';
import { orderByKeys } from './radix.ts';
import { sortKey, type RowKey } from './row-keys.ts';

export interface Layout {
  /** Rows of the table in the order shown, all groups open. */
  order: Uint32Array;
  /** Lines of the list: rows that are not collapsed, and headings. */
  lines: number;
  groups: GroupLayout | null;
}

/** Groups in the order shown, as columns. */
export interface GroupLayout {
  count: number;
  /** Where each group's rows begin in `order`; one more entry for the end. */
  starts: Uint32Array;
  /** The line of each heading; one more entry for the end. */
  headingLines: Uint32Array;
  isCollapsed: Uint8Array;
  describe(row: number): GroupTitle;
}

/** Sorts rows; equal ones keep the order of the table. */
export function sortRows(context: QueryContext, rows: Uint32Array, sort: SortOrder): Uint32Array {
  return reorder(rows, sortKey(context, sort.column), sort.descending);
}

/** A list without headings. */
export function layOutFlat(order: Uint32Array): Layout {
  return { order, lines: order.length, groups: null };
}

/** Puts sorted rows under headings. */
export function layOutGroups(
  context: QueryContext,
  sorted: Uint32Array,
  args: { group: Exclude<GroupName, 'none'>; collapsed: readonly string[] },
): Layout {
  const grouping = groupingOf(context, args.group);
  const byGroup = reorder(sorted, grouping.keyOf, false);
  const { order, starts } = arrangeGroups(byGroup, runStarts(byGroup, grouping.keyOf), grouping);
  const count = starts.length - 1;
  const isCollapsed = findCollapsed(order, starts, grouping, args.collapsed);
  const headingLines = new Uint32Array(count + 1);
  let line = 0;
  for (let group = 0; group < count; group++) {
    headingLines[group] = line;
    line += 1 + (isCollapsed[group] === 1 ? 0 : (starts[group + 1] ?? 0) - (starts[group] ?? 0));
  }
  headingLines[count] = line;
  return {
    order,
    lines: line,
    groups: { count, starts, headingLines, isCollapsed, describe: grouping.describe },
  };
}

/** The group that line `line` belongs to. */
export function groupAtLine(groups: GroupLayout, line: number): number {
  let low = 0;
  let high = groups.count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((groups.headingLines[middle] ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where equal keys begin, and the end. */
export function runStarts(order: Uint32Array, keyOf: RowKey): Uint32Array {
  const starts: number[] = [];
  let previous = Number.NaN;
  for (let position = 0; position < order.length; position++) {
    const key = keyOf(order[position] ?? 0);
    if (key !== previous) starts.push(position);
    previous = key;
  }
  starts.push(order.length);
  return Uint32Array.from(starts);
}

/** Rows in the order of a key. */
export function reorder(rows: Uint32Array, keyOf: RowKey, descending: boolean): Uint32Array {
  const keys = new Float64Array(rows.length);
  for (let position = 0; position < rows.length; position++) keys[position] = keyOf(rows[position] ?? 0);
  const positions = orderByKeys(keys, descending);
  for (let at = 0; at < positions.length; at++) positions[at] = rows[positions[at] ?? 0] ?? 0;
  return positions;
}

/** Largest group first, unless the groups have an order of their own. */
function arrangeGroups(order: Uint32Array, starts: Uint32Array, grouping: Grouping) {
  if (grouping.isOrdered) return { order, starts };
  const sizes = new Float64Array(starts.length - 1);
  for (let group = 0; group < sizes.length; group++)
    sizes[group] = (starts[group + 1] ?? 0) - (starts[group] ?? 0);
  const arranged = new Uint32Array(order.length);
  const arrangedStarts = new Uint32Array(starts.length);
  let filled = 0;
  for (const [place, group] of orderByKeys(sizes, true).entries()) {
    arrangedStarts[place] = filled;
    arranged.set(order.subarray(starts[group] ?? 0, starts[group + 1] ?? 0), filled);
    filled += sizes[group] ?? 0;
  }
  arrangedStarts[starts.length - 1] = filled;
  return { order: arranged, starts: arrangedStarts };
}

/** Names groups only until all that are collapsed are found: there may be a million. */
function findCollapsed(
  order: Uint32Array,
  starts: Uint32Array,
  grouping: Grouping,
  collapsed: readonly string[],
) {
  const isCollapsed = new Uint8Array(starts.length - 1);
  const wanted = new Set(collapsed);
  for (let group = 0; group < isCollapsed.length && wanted.size > 0; group++) {
    const { key } = grouping.describe(order[starts[group] ?? 0] ?? 0);
    if (wanted.delete(key)) isCollapsed[group] = 1;
  }
  return isCollapsed;
}
