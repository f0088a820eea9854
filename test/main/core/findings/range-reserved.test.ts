import { describe, expect, it } from 'vitest';
import { rangeReserved } from '../../../../main/core/findings/range-reserved.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { linuxSettings } from '../../../support/pools.ts';

const found = (reservedCount: number) =>
  rangeReserved.find(
    findingEvidence({
      reservedCount,
      capacity: 28232 - reservedCount,
      settings: linuxSettings({ reserved: [{ first: 33000, last: 33000 + reservedCount - 1 }] }),
    }),
  );

describe('the rule for reserved ports', () => {
  it('speaks from a tenth of the range and warns from half', () => {
    expect(found(2823)).toEqual([]);
    expect(found(2824)).toMatchObject([
      { level: 'notice', evidence: 'ip_local_reserved_ports = 33000-35823' },
    ]);
    expect(found(14116)).toMatchObject([{ level: 'warning' }]);
  });
});
