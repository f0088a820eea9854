import { expect, it } from 'vitest';
import { parseFilter } from '../../../../main/core/filter/parse.ts';
import { filterIdeas } from '../../../../renderer/screens/palette/filter-commands.ts';
import { incidentSummary } from '../../../support/incident.ts';

const typedIdeas = (text: string) =>
  filterIdeas(text, null, null)
    .filter(({ isTyped }) => isTyped)
    .map(({ filter }) => filter);

it.each([
  ['443', ['port:443', 'rport:443', 'pid:443']],
  ['70000', ['pid:70000']],
  ['32768-40000', ['port:32768-40000']],
  ['40000-32768', []],
  ['10.0.3.12:443', ['dst:10.0.3.12:443']],
  ['2001:db8::7', ['dst:2001:db8::7']],
  ['python', []],
  ['', []],
])('takes %j for the filters %j', (text, filters) => {
  expect(typedIdeas(text)).toEqual(filters);
});

it('offers what the newest sample has, and every filter is understood', () => {
  const ideas = filterIdeas('range', incidentSummary(), null);
  expect(ideas.map(({ filter }) => filter)).toContain('port:32768-60999');
  expect(ideas.map(({ filter }) => filter)).toContain('dst:10.0.3.12:443');
  for (const { filter } of ideas) expect(parseFilter(filter).problems).toEqual([]);
  expect(new Set(ideas.map(({ filter }) => filter)).size).toBe(ideas.length);
});

it('puts the sampler’s suggestion into the typed text, and leaves keys without a value out', () => {
  const suggestions = [
    { insert: 'state:time-wait', label: 'time-wait', hint: '24,168 sockets' },
    { insert: 'state:', label: 'state:', hint: 'TCP state' },
  ];
  const given = { filter: 'pid:1 state:t', start: 6, end: 13, suggestions };
  expect(filterIdeas('pid:1 state:t', null, given).map(({ filter }) => filter)).toEqual([
    'pid:1 state:time-wait',
  ]);
  expect(filterIdeas('other:', null, given)).toEqual([]);
});
