import { describe, expect, it } from 'vitest';
import { rangeSmall } from '../../../../main/core/findings/range-small.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { linuxSettings } from '../../../support/pools.ts';

const found = (first: number, last: number) =>
  rangeSmall.find(findingEvidence({ settings: linuxSettings({ range: { first, last } }) }));

describe('the rule for a small range', () => {
  it('speaks of fewer ports than the default', () => {
    expect(found(40000, 40999)).toMatchObject([
      {
        level: 'notice',
        sentence: 'The ephemeral port range 40000–40999 has 1,000 ports; the default of Linux has 28,232.',
      },
    ]);
    expect(found(32768, 60999)).toEqual([]);
    expect(found(1024, 65535)).toEqual([]);
  });

  it('knows the tuning that adds one port', () => {
    expect(found(32768, 61000)).toMatchObject([{ title: 'The range has one port more than the default' }]);
  });

  it('measures Windows by its own default', () => {
    const settings = linuxSettings({ range: { first: 49152, last: 65535 } });
    expect(rangeSmall.find(findingEvidence({ system: 'windows', settings }))).toEqual([]);
  });
});
