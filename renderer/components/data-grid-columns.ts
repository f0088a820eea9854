/** The columns of the socket table: titles and widths. Their order is fixed. */
import type { SortColumn } from '../../preload/contract.ts';

export interface GridColumn {
  id: SortColumn;
  title: string;
  /** What the title means, where it is short. */
  about?: string;
  /** Numbers stand right. */
  isNumber: boolean;
  /** Least width, pixels; with `grows` a share of what is left over as well. */
  widthPx: number;
  grows: number;
}

/** Every column there is; which are shown is the user's choice. */
export const GRID_COLUMNS: readonly GridColumn[] = [
  column('state', 'State', 106),
  column('local', 'Local', 128, { grows: 1.3 }),
  column('remote', 'Remote', 124, { grows: 1.3 }),
  column('process', 'Process', 64, { grows: 1 }),
  column('pid', 'PID', 48, { isNumber: true, about: 'Process id' }),
  column('age', 'Age', 56, {
    isNumber: true,
    about: 'Since it was first seen; in TIME-WAIT since the close',
  }),
  column('timer', 'Timer', 130, { about: 'Kernel timer that runs, and when it fires' }),
  column('uid', 'UID', 40, { isNumber: true, about: 'User id' }),
  column('receiveQueue', 'Recv-Q', 60, { isNumber: true, about: 'Bytes received and not read' }),
  column('sendQueue', 'Send-Q', 60, { isNumber: true, about: 'Bytes sent and not confirmed' }),
  column('inode', 'Inode', 76, { isNumber: true, about: 'Socket inode; none in TIME-WAIT' }),
  column('owner', 'Owner', 100, { about: 'How the owner is known' }),
];

/** Pixels between two columns, and at each end of a row. */
const GAP_PX = 12;
const EDGE_PX = 14;

/** The columns with these ids, in their fixed order. */
export function columnsOf(ids: readonly SortColumn[]): GridColumn[] {
  return GRID_COLUMNS.filter((candidate) => ids.includes(candidate.id));
}

/** The columns as a CSS grid, and the width below which the table scrolls sideways. */
export function gridTemplate(columns: readonly GridColumn[]): { template: string; minWidthPx: number } {
  const widths = columns.map(({ widthPx, grows }) =>
    grows > 0 ? `minmax(${widthPx}px, ${grows}fr)` : `${widthPx}px`,
  );
  const gapsPx = Math.max(0, columns.length - 1) * GAP_PX;
  const sumPx = columns.reduce((sum, { widthPx }) => sum + widthPx, 0);
  // Without a column that grows the rest of the row is left free on the right.
  return { template: widths.join(' '), minWidthPx: sumPx + gapsPx + 2 * EDGE_PX };
}

function column(id: SortColumn, title: string, widthPx: number, rest: Partial<GridColumn> = {}): GridColumn {
  return { id, title, isNumber: false, widthPx, grows: 0, ...rest };
}
