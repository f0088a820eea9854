import { SORT_COLUMNS, type SortColumn } from '../../preload/contract.ts';

const STORAGE_KEY = 'fourtuple.sockets.columns';
const DEFAULT_COLUMNS: readonly SortColumn[] = [
  'state',
  'local',
  'remote',
  'process',
  'pid',
  'age',
  'timer',
  'uid',
  'owner',
];

/** The columns the user chose; the usual ones when nothing, or nothing sensible, is stored. */
export function readShownColumns(): readonly SortColumn[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null');
    const known = Array.isArray(stored) ? SORT_COLUMNS.filter((column) => stored.includes(column)) : [];
    return known.length > 0 ? known : DEFAULT_COLUMNS;
  } catch {
    // Storage can be forbidden or hold anything; the usual columns are then as good as any.
    return DEFAULT_COLUMNS;
  }
}

/** Keeps the choice for the next visit. */
export function writeShownColumns(columns: readonly SortColumn[]): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(columns));
  } catch {
    // The choice then lasts as long as the page.
  }
}
