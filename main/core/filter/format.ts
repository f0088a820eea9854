/** Writes filter terms in their canonical form. */
import { formatAddress } from '../address.ts';
import type { PortRange } from '../model.ts';
import { stateWord } from './states.ts';
import type { Comparison, EndpointPattern, FilterTerm, FilterTest } from './terms.ts';
import { quoteValue } from './tokens.ts';

/** The text of the terms; parseFilter reads it back to the same terms. */
export function formatFilter(terms: readonly FilterTerm[]): string {
  return terms.map((term) => `${term.negated ? '-' : ''}${formatTest(term.test)}`).join(' ');
}

function formatTest(test: FilterTest): string {
  return test.key === 'word' ? quoteValue(test.text) : `${test.key}:${formatValues(test)}`;
}

function formatValues(test: Exclude<FilterTest, { key: 'word' }>): string {
  switch (test.key) {
    case 'state':
      return test.states.map((state) => stateWord(state) ?? 'unknown').join(',');
    case 'src':
    case 'dst':
      return test.endpoints.map(formatPattern).join(',');
    case 'port':
    case 'rport':
      return test.ranges.map(formatRange).join(',');
    case 'pid':
    case 'uid':
    case 'inode':
      return test.numbers.join(',');
    case 'process':
      return test.texts.map(quoteValue).join(',');
    case 'age':
    case 'timer':
      return formatDuration(test.comparison);
    case 'queue':
      return `${test.comparison.operator}${test.comparison.value}`;
    case 'attr':
      return test.words.join(',');
    case 'family':
      return test.families.join(',');
    case 'side':
      return test.sides.join(',');
  }
}

/** "10.0.0.0/8", "[::1]:443", ":443". */
function formatPattern(pattern: EndpointPattern): string {
  const port = pattern.ports === null ? '' : `:${formatRange(pattern.ports)}`;
  if (pattern.network === null) return port;
  const { address, prefixLength } = pattern.network;
  const full = address.family === 4 ? 32 : 128;
  const text = `${formatAddress(address)}${prefixLength === full ? '' : `/${prefixLength}`}`;
  return address.family === 6 && port !== '' ? `[${text}]${port}` : `${text}${port}`;
}

function formatRange(range: PortRange): string {
  return range.first === range.last ? `${range.first}` : `${range.first}-${range.last}`;
}

/** Milliseconds in the largest unit that says them in whole numbers. */
function formatDuration({ operator, value }: Comparison): string {
  if (value !== 0 && value % 3_600_000 === 0) return `${operator}${value / 3_600_000}h`;
  if (value !== 0 && value % 60_000 === 0) return `${operator}${value / 60_000}m`;
  return value % 1000 === 0 ? `${operator}${value / 1000}s` : `${operator}${value}ms`;
}
