import { expect, it } from 'vitest';
import { matchWords } from '../../../renderer/format/matching.ts';

it('marks every word of a search, whatever its case and order', () => {
  expect(matchWords('Port map: ephemeral range', 'RANGE port')).toEqual([
    { text: 'Port', isMatch: true },
    { text: ' map: ephemeral ', isMatch: false },
    { text: 'range', isMatch: true },
  ]);
});

it('finds nothing when one word is missing, and everything when nothing is searched for', () => {
  expect(matchWords('Sockets', 'sock zzz')).toBeNull();
  expect(matchWords('Sockets', ' ')).toEqual([{ text: 'Sockets', isMatch: false }]);
});
