/** What rows are put under headings by: a number a row, and the key and label of each group. */
import { formatEndpoint, formatRowAddress } from '../../core/address.ts';
import { OwnerIndex, TCP_STATE_NAMES } from '../../core/model.ts';
import { sayProcess } from '../../core/words/process.ts';
import type { GroupName, QueryContext } from './context.ts';
import { endpointKey, stateKey, type RowKey } from './row-keys.ts';
import { rowOwner, rowUid } from './row.ts';
import { factsOf, processIdentity } from './snapshot-facts.ts';

export interface Grouping {
  /** Rows with the same number form a group; groups of equal size stand in the order of their numbers. */
  keyOf: RowKey;
  /** True when groups stand in the order of their numbers, else the largest is first. */
  isOrdered: boolean;
  /** What a group is called, from any of its rows; `key` stays the same from one snapshot to the next. */
  describe(row: number): GroupTitle;
}

export interface GroupTitle {
  key: string;
  label: string;
  state: string | null;
}

const OWNER_UNKNOWN = 0;
const OWNER_HIDDEN = 1;
const FIRST_OWNER = 2;
const NO_DESTINATION = 0;

export function groupingOf(context: QueryContext, name: Exclude<GroupName, 'none'>): Grouping {
  switch (name) {
    case 'process':
      return groupByProcess(context);
    case 'destination':
      return groupByDestination(context);
    case 'state':
      return groupByState(context);
    case 'localPort':
      return groupByLocalPort(context);
    case 'user':
      return groupByUser(context);
  }
}

function groupByProcess(context: QueryContext): Grouping {
  const { owner } = context.table;
  const { rankOfIndex } = factsOf(context).owners;
  return {
    keyOf: (row) => {
      const index = owner[row] ?? OwnerIndex.unknown;
      if (index === OwnerIndex.notPermitted) return OWNER_HIDDEN;
      const rank = rankOfIndex[index] ?? -1;
      return rank < 0 ? OWNER_UNKNOWN : rank + FIRST_OWNER;
    },
    isOrdered: false,
    describe: (row) => {
      const known = rowOwner(context, row);
      if (known !== null) {
        return {
          key: `process:${processIdentity(known)}`,
          label: sayProcess(known),
          state: null,
        };
      }
      const isHidden = owner[row] === OwnerIndex.notPermitted;
      return isHidden
        ? { key: 'process:hidden', label: 'Owner not permitted to read', state: null }
        : { key: 'process:unknown', label: 'Owner unknown', state: null };
    },
  };
}

function groupByDestination(context: QueryContext): Grouping {
  const { table } = context;
  const keyOf = endpointKey(context, 'remote');
  return {
    // Port 0 is no destination: listening and bound sockets.
    keyOf: (row) => (table.remotePort[row] === 0 ? NO_DESTINATION : keyOf(row) + 1),
    isOrdered: false,
    describe: (row) => {
      const port = table.remotePort[row] ?? 0;
      if (port === 0) return { key: 'destination:none', label: 'No destination', state: null };
      const label = formatEndpoint(formatRowAddress(table, row, 'remote'), port);
      return { key: `destination:${label}`, label, state: null };
    },
  };
}

function groupByState(context: QueryContext): Grouping {
  const { state } = context.table;
  return {
    keyOf: stateKey(context),
    isOrdered: true,
    describe: (row) => {
      const name = TCP_STATE_NAMES[state[row] ?? 0] ?? 'UNKNOWN';
      return { key: `state:${name}`, label: name, state: name };
    },
  };
}

function groupByLocalPort(context: QueryContext): Grouping {
  const { localPort } = context.table;
  return {
    keyOf: (row) => localPort[row] ?? 0,
    isOrdered: false,
    describe: (row) => {
      const port = localPort[row] ?? 0;
      return { key: `localPort:${port}`, label: `Port ${port}`, state: null };
    },
  };
}

function groupByUser(context: QueryContext): Grouping {
  const uidOf = (row: number) => rowUid(context.table, row, rowOwner(context, row));
  return {
    keyOf: (row) => (uidOf(row) ?? -1) + 1,
    isOrdered: false,
    describe: (row) => {
      const uid = uidOf(row);
      if (uid === null) return { key: 'user:unknown', label: 'User unknown', state: null };
      return { key: `user:${uid}`, label: `uid ${uid}`, state: null };
    },
  };
}
