import { describe, expect, test } from 'vitest';
import { FIGURES } from '../../../preload/contract-evidence.ts';
import { sayFigure } from '../../../main/workbench/real-figures.ts';
import { quietSummary } from '../../support/fake-sampler.ts';

describe('the figure beside a claim', () => {
  const summary = quietSummary({
    totals: { sockets: 27_743, byState: { TIME_WAIT: 25_104, ESTABLISHED: 2001, LISTEN: 12 } },
    rates: { opensPerSecond: 412, closesPerSecond: 400, basis: 'timers and dumps' },
    reservedCount: 10,
  });

  test.each([
    ['time-wait', '25,104 sockets wait in TIME_WAIT, each for 60 s.'],
    ['new-connections', '412 connections a second are opened from here.'],
    ['sockets', 'There are 27,743 TCP sockets, 2,001 of them established.'],
    [
      'range',
      'Outgoing connections get their port from 32768–60999: 28,222 ports, 10 of the range reserved.',
    ],
    ['hold', 'A closed connection holds its port for 60 s (kernel constant).'],
    ['reuse', 'Ports in TIME_WAIT are reused on loopback only, after 1 s.'],
    ['conntrack', 'The live view cannot tell this figure here.'],
    ['pool-used', 'No port pool is in use.'],
    ['verdict', 'Ports are plentiful.'],
  ] as const)('%s: %s', (figure, sentence) => {
    expect(sayFigure(figure, summary)).toBe(sentence);
  });

  test('is a sentence for every figure, with and without a summary', () => {
    for (const figure of FIGURES) {
      expect(sayFigure(figure, summary), figure).toMatch(/\.$/);
      expect(sayFigure(figure, null), figure).toBe('The live view has no figure to compare it with yet.');
    }
  });
});
