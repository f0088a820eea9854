import { describe, expect, it } from 'vitest';
import { findAll } from '../../../../main/core/findings/rules.ts';
import { rangeEmpty } from '../../../../main/core/findings/range-empty.ts';
import { sayVerdict } from '../../../../main/core/words/verdict.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool, linuxSettings } from '../../../support/pools.ts';

describe('the rule for a range without a port to hand out', () => {
  it('is silent while there is one', () => {
    expect(rangeEmpty.find(findingEvidence({ capacity: 1 }))).toEqual([]);
  });

  it('is critical, and widens the range first, whoever took the ports', () => {
    const evidence = findingEvidence({ capacity: 0, reservedCount: 4 });
    evidence.settings.range = { first: 40_000, last: 40_009 };
    expect(rangeEmpty.find(evidence)).toMatchObject([
      {
        level: 'critical',
        evidence: '40000–40009: 4 ports of 10 reserved or excluded, the others taken by listening sockets',
        remedies: [{ fixId: 'linux-widen-range' }],
      },
    ]);
    const excluded = rangeEmpty.find({ ...evidence, system: 'windows' })[0]?.remedies;
    expect(excluded?.map(({ fixId }) => fixId)).toEqual(['windows-widen-range', 'windows-excluded-blocks']);
  });

  it('says what the verdict says, at its level, and once however many pools there are', () => {
    const pools = [aPool({ capacity: 0, used: 3 }), aPool({ capacity: 0, used: 1, remotePort: 80 })];
    const found = findAll(findingEvidence({ capacity: 0, pools, reservedCount: 28_232 }));
    const critical = found.filter(({ level }) => level === 'critical');
    const { level, sentence } = sayVerdict({
      pools,
      capacity: 0,
      settings: linuxSettings(),
      trust: { confidence: 'high', reason: '', sources: [] },
      findings: [],
    });
    expect(critical.map((finding) => finding.sentence)).toEqual([sentence]);
    expect(level).toBe('critical');
  });
});
