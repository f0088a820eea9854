import { describe, expect, it } from 'vitest';
import { RULES } from '../../../../main/core/findings/rules.ts';
import { TROUBLES } from '../../../support/troubles.ts';
import { expectGoodWording } from '../../../support/wording.ts';

describe('the words of findings', () => {
  it('can be seen for every rule', () => {
    expect(Object.keys(TROUBLES).sort()).toEqual(RULES.map(({ id }) => id).sort());
  });

  it.each(RULES)('$id keeps to the wording guide', (rule) => {
    const evidence = TROUBLES[rule.id];
    const found = evidence ? rule.find(evidence) : [];
    expect(found.length).toBeGreaterThan(0);
    for (const finding of found) {
      expectGoodWording(finding.sentence);
      expectGoodWording(finding.disproof);
      expect(finding.title.length, finding.title).toBeLessThanOrEqual(60);
      expect(finding.title, finding.title).not.toMatch(/[.!]$/);
      expect(finding.evidence, finding.evidence).not.toMatch(/undefined|null|NaN|Infinity/);
      expect(finding.source.length).toBeGreaterThan(10);
      expect(new Set(finding.remedies.map(({ fixId }) => fixId)).size).toBe(finding.remedies.length);
    }
  });
});
