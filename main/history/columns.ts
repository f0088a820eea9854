/** What is kept of a sample: its columns, and how each is made a whole number. */
import { TCP_STATE_NAMES } from '../core/model.ts';

export interface Column {
  name: string;
  /** Stored as value × scale, rounded. */
  scale: number;
}

const counted = (name: string): Column => ({ name, scale: 1 });
const perSecond = (name: string): Column => ({ name, scale: 10 });
const share = (name: string): Column => ({ name, scale: 1000 });

/** States from ESTABLISHED on; index 0 of TCP_STATE_NAMES is unused. */
export const STATE_NAMES = TCP_STATE_NAMES.slice(1);

export const TOTAL_COLUMNS: readonly Column[] = [
  counted('sockets'),
  ...STATE_NAMES.map(counted),
  perSecond('opensPerSecond'),
  perSecond('closesPerSecond'),
  counted('poolCount'),
  /** Of the fullest pool, 0–1. */
  share('fullestShare'),
  /** Of the verdict: 0 ok, 1 notice, 2 warning, 3 critical; absent while it is unknown. */
  counted('level'),
  perSecond('attemptFailsPerSecond'),
  perSecond('retransmitsPerSecond'),
  perSecond('timeWaitOverflowsPerSecond'),
  perSecond('listenOverflowsPerSecond'),
  counted('conntrackUsed'),
  counted('fileHandlesUsed'),
  /** Between this sample and the next one, as the sampler keeps it. */
  counted('intervalMs'),
];

export const POOL_COLUMNS: readonly Column[] = [
  counted('used'),
  counted('timeWait'),
  counted('established'),
  perSecond('opensPerSecond'),
  counted('capacity'),
  perSecond('sustainablePerSecond'),
  /** What the largest holder has of the pool, 0–1; who that is stands in the label. */
  share('ownerShare'),
];

export const CONSUMER_COLUMNS: readonly Column[] = [
  counted('sockets'),
  counted('timeWait'),
  counted('established'),
  perSecond('opensPerSecond'),
  share('shareOfPool'),
];

/** Of which kind a series is, as stored in the file. */
export const SeriesKind = { totals: 0, pool: 1, consumer: 2, owner: 3 } as const;
export type SeriesKindValue = (typeof SeriesKind)[keyof typeof SeriesKind];

export const COLUMNS_OF: Readonly<Record<SeriesKindValue, readonly Column[]>> = {
  [SeriesKind.totals]: TOTAL_COLUMNS,
  [SeriesKind.pool]: POOL_COLUMNS,
  [SeriesKind.consumer]: CONSUMER_COLUMNS,
  [SeriesKind.owner]: [],
};

export function columnIndex(columns: readonly Column[], name: string): number {
  const index = columns.findIndex((column) => column.name === name);
  if (index < 0) throw new RangeError(`there is no column ${name}`);
  return index;
}
