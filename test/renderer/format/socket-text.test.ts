import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../main/core/filter/parse.ts';
import { SORT_COLUMNS } from '../../../preload/contract.ts';
import {
  endpointText,
  formatOwner,
  formatShortDuration,
  formatSocketAge,
  formatTimer,
  stateSummary,
  termForCell,
  termForGroup,
} from '../../../renderer/format/socket-text.ts';
import { aGroup, aRow } from '../../support/socket-list.ts';

it.each([
  [0, '0.0 ms'],
  [0.0002, '0.2 ms'],
  [0.0014, '1.4 ms'],
  [1, '1.0 s'],
  [9.94, '9.9 s'],
  [41.4, '41 s'],
  [130, '2 min'],
  [90_000, '1 d'],
])('writes %d s in one number: %s', (seconds, text) => {
  expect(formatShortDuration(seconds)).toBe(text);
});

it('says when an age is only a minimum or not known', () => {
  expect(formatSocketAge({ ageSeconds: 41, ageIsMinimum: true })).toBe('≥ 41 s');
  expect(formatSocketAge({ ageSeconds: 0, ageIsMinimum: false })).toBe('new');
  expect(formatSocketAge({ ageSeconds: null, ageIsMinimum: false })).toBe('–');
});

it.each([
  ['timewait', 41.2, '41 s left'],
  ['timewait', null, 'time left not known'],
  ['retransmit', 1, 'retransmit in 1.0 s'],
  ['keepalive', 7100, 'keep-alive in 1 h'],
  ['probe', null, 'window probe'],
  ['none', null, 'none'],
  ['unknown', null, 'not known'],
] as const)('says of the %s timer with %s s: %s', (timer, timerSeconds, text) => {
  expect(formatTimer({ timer, timerSeconds })).toBe(text);
});

it('S8: tells an owner that may not be read from one that is not known', () => {
  expect(formatOwner({ confidence: 'unknown', ownerHidden: true })).toBe('not permitted');
  expect(formatOwner({ confidence: 'unknown', ownerHidden: false })).toBe('unknown');
});

it('brackets IPv6 and shows port 0 as any port', () => {
  expect(endpointText('::1', 443)).toEqual({ address: '[::1]:', port: '443' });
  expect(endpointText('0.0.0.0', 0)).toEqual({ address: '0.0.0.0:', port: '*' });
});

it('says when a port is free again, and that an age is a minimum', () => {
  expect(stateSummary(aRow())).toBe('free again in 41 s');
  expect(stateSummary(aRow({ state: 'ESTABLISHED', ageSeconds: 130, ageIsMinimum: true }))).toBe(
    'for at least 2 min 10 s',
  );
});

describe('the term of a cell', () => {
  const odd = aRow({
    localAddress: 'fe80::1%3',
    remoteAddress: '2001:db8::7',
    process: 'my "odd" app\\,x',
    inode: 7,
  });
  const known = [aRow(), odd, aRow({ state: 'LISTEN', remotePort: 0, process: null, pid: null, uid: null })];
  const cases = known.flatMap((row) => SORT_COLUMNS.map((column) => [column, row] as const));

  it.each(cases)('is understood by the parser: %s of $key', (column, row) => {
    const term = termForCell(row, column);
    if (term === null) return;
    expect(parseFilter(term).problems).toEqual([]);
    expect(parseFilter(term).terms).toHaveLength(1);
  });
});

it.each([
  [aGroup(), 'state:time-wait'],
  [aGroup({ state: null, key: 'process:4312:889', label: 'python3 (pid 4312)' }), 'pid:4312'],
  [aGroup({ state: null, key: 'process:unknown', label: 'Owner unknown' }), 'attr:unknown'],
  [aGroup({ state: null, key: 'destination:[::1]:443', label: '[::1]:443' }), 'dst:[::1]:443'],
  [aGroup({ state: null, key: 'destination:none', label: 'No destination' }), null],
  [aGroup({ state: null, key: 'localPort:443', label: 'Port 443' }), 'port:443'],
  [aGroup({ state: null, key: 'user:998', label: 'uid 998' }), 'uid:998'],
])('narrows to the group $key', (group, term) => {
  expect(termForGroup(group)).toBe(term);
});
