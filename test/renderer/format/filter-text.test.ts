import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../main/core/filter/parse.ts';
import {
  chosenStates,
  formatTerm,
  isHalfTyped,
  splitFilter,
  toggleState,
  withoutMatches,
  withStates,
  withTerm,
} from '../../../renderer/format/filter-text.ts';

describe('splitFilter', () => {
  it('cuts at spaces, keeps quoted spaces and says where each term stands', () => {
    expect(splitFilter('  pid:1 process:"my app"  x ')).toEqual([
      { text: 'pid:1', start: 2, end: 7 },
      { text: 'process:"my app"', start: 8, end: 24 },
      { text: 'x', start: 26, end: 27 },
    ]);
  });

  it('cuts any text at the same places as the parser that answers', () => {
    const alphabet = fc.constantFrom('a', 'pid:', '"', '\\', ' ', '-', ',', '\t', 'é');
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const places = splitFilter(text).map(({ start, end }) => `${start}-${end}`);
        const problems = parseFilter(text).problems.map(({ start, end }) => `${start}-${end}`);
        expect(problems.every((place) => places.includes(place))).toBe(true);
      }),
    );
  });
});

it.each([
  ['', 'pid:1', 'pid:1'],
  ['state:listen pid:9', 'pid:1', 'state:listen pid:1'],
  ['user:5', 'uid:998', 'uid:998'],
  ['-dst:1.2.3.4 x', 'dst:1.2.3.4', 'x dst:1.2.3.4'],
  ['python', 'python', 'python'],
])('puts a term into %j: %j makes %j', (text, term, expected) => {
  expect(withTerm(text, term)).toBe(expected);
});

it('takes what a term matches away, once', () => {
  expect(withoutMatches('pid:1 uid:0', 'pid:1')).toBe('uid:0 -pid:1');
  expect(withoutMatches('uid:0 -pid:1', 'pid:1')).toBe('uid:0 -pid:1');
});

it('reads and writes the states that are shown, aliases included', () => {
  expect(chosenStates('state:tw,ESTAB pid:1')).toEqual(['time-wait', 'established']);
  expect(toggleState('pid:1', 'listen')).toBe('state:listen pid:1');
  expect(toggleState('state:tw pid:1', 'listen')).toBe('state:time-wait,listen pid:1');
  expect(toggleState('state:time-wait pid:1', 'time-wait')).toBe('pid:1');
  expect(withStates('-state:listen state:tw', [])).toBe('-state:listen');
});

it('writes every process name so that the parser reads the same name back', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }).filter((name) => name.trim() !== ''),
      (name) => {
        const { terms, problems } = parseFilter(formatTerm('process', name));
        expect(problems).toEqual([]);
        expect(terms).toEqual([{ negated: false, test: { key: 'process', texts: [name] } }]);
      },
    ),
  );
});

it('does not filter by half a key, but by a word that is none', () => {
  expect(['', '-', 'sta', 'state:', 'p', 'process:"my ap'].map(isHalfTyped)).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
  ]);
  expect(['python', 'pid:1', '443', '-uid:0'].map(isHalfTyped)).toEqual([false, false, false, false]);
});
