import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFilter } from '../../../../main/core/filter/parse.ts';
import { suggestFilter } from '../../../../main/sampling/query/suggest.ts';
import { CALLS, type CallResult } from '../../../../preload/contract.ts';
import {
  contextOf,
  ownerOf,
  syntheticOwners,
  syntheticTable,
  tableOf,
  type CompactRow,
} from '../../../support/tables.ts';

const OWNERS = [
  ownerOf({ pid: 4312, process: 'python3', uid: 998 }),
  ownerOf({ pid: 77, process: 'my "app", v2' }),
];
const ROW: CompactRow = {
  state: 'ESTABLISHED',
  local: '10.0.2.7:40000',
  remote: '10.0.3.12:443',
  owner: 0,
  uid: 998,
};
const CONTEXT = contextOf(
  tableOf([
    ROW,
    { ...ROW, local: '10.0.2.7:40002', state: 'TIME_WAIT', expiresMs: 5 },
    { ...ROW, local: '[::1]:40004', remote: '[2001:db8::1]:80', state: 'TIME_WAIT', owner: 1 },
    { ...ROW, local: '0.0.0.0:443', remote: '0.0.0.0:0', state: 'LISTEN', owner: -1, uid: 0 },
  ]),
  OWNERS,
);

/** Suggestions with the caret where the "|" stands. */
function suggest(text: string) {
  const caret = text.indexOf('|');
  const result: CallResult<'sockets.suggest'> = suggestFilter(CONTEXT, {
    filter: text.replace('|', ''),
    caret,
  });
  return CALLS['sockets.suggest'].result.parse(result);
}
const inserts = (text: string) => suggest(text).suggestions.map(({ insert }) => insert);

describe('suggestFilter', () => {
  test('offers keys with hints where nothing is typed', () => {
    const { start, end, suggestions } = suggest('pid:1 | tw');
    expect([start, end]).toEqual([6, 6]);
    expect(suggestions).toHaveLength(12);
    expect(suggestions[0]).toEqual({ insert: 'state:', label: 'state:', hint: 'TCP state, state:time-wait' });
  });

  test('completes a key, its aliases, and process names', () => {
    expect(inserts('sta|')).toEqual(['state:']);
    expect(inserts('-user|')).toEqual(['-uid:']);
    expect(inserts('pyth|')).toEqual(['process:python3']);
    expect(inserts('p|')).toEqual([
      'process:',
      'pid:',
      'port:',
      'process:python3',
      'process:"my \\"app\\", v2"',
    ]);
  });

  test('offers values of the table, the commonest first, with their counts', () => {
    expect(suggest('state:|').suggestions).toEqual([
      { insert: 'state:time-wait', label: 'time-wait', hint: '2 sockets' },
      { insert: 'state:established', label: 'established', hint: '1 socket' },
      { insert: 'state:listen', label: 'listen', hint: '1 socket' },
    ]);
    expect(inserts('dst:|')).toEqual(['dst:10.0.3.12:443', 'dst:[2001:db8::1]:80']);
    expect(inserts('src:10|')).toEqual(['src:10.0.2.7']);
    expect(inserts('pid:|')).toEqual(['pid:4312', 'pid:77']);
    expect(inserts('uid:|')).toEqual(['uid:998', 'uid:0', 'uid:1000']);
    expect(inserts('rport:|')).toEqual(['rport:443', 'rport:80']);
    expect(inserts('port:44|')).toEqual(['port:443']);
    expect(inserts('attr:|')).toEqual(['attr:observed', 'attr:inferred', 'attr:unknown', 'attr:hidden']);
    expect(inserts('inode:|')).toEqual([]);
  });

  test('replaces the token at the caret and keeps what stands before the last comma', () => {
    expect(suggest('pid:1 -state:est,ti| x')).toMatchObject({
      start: 6,
      end: 19,
      suggestions: [{ insert: '-state:est,time-wait' }],
    });
    expect(inserts('process:"a, b",py|')).toEqual(['process:"a, b",python3']);
    expect(inserts('process:"my |')).toEqual(['process:"my \\"app\\", v2"']);
  });

  test('offers only what the filter then understands', () => {
    const context = contextOf(syntheticTable(300), syntheticOwners());
    for (const filter of [
      'state:',
      'src:',
      'dst:',
      'port:',
      'rport:',
      'pid:',
      'process:',
      'uid:',
      'age:',
      'timer:',
      'attr:',
      'family:',
      'queue:',
      'side:',
    ]) {
      const { suggestions } = suggestFilter(context, { filter, caret: filter.length });
      expect(suggestions.length).toBeGreaterThan(0);
      for (const { insert } of suggestions)
        expect(parseFilter(insert)).toMatchObject({ terms: [{}], problems: [] });
    }
  });

  test('answers any text and caret with at most twelve suggestions inside the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (filter, caret) => {
        const { start, end, suggestions } = suggestFilter(CONTEXT, { filter, caret });
        expect(suggestions.length).toBeLessThanOrEqual(12);
        expect(0 <= start && start <= end && end <= filter.length).toBe(true);
      }),
    );
  });
});
