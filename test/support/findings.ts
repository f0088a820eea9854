/** Findings as rules make them. */
import type { Finding } from '../../main/core/model.ts';

/** A finding that says little; give what the test is about. */
export function aFinding(parts: Partial<Finding> = {}): Finding {
  return {
    id: 'pool-runs-out:10.0.2.7>10.0.3.12:443',
    rule: 'pool-runs-out',
    level: 'warning',
    title: 'A pool runs out',
    sentence: 'The pool runs out in about 2 min.',
    evidence: '24,168 TIME_WAIT',
    figures: ['pool-used'],
    disproof: 'The count falls.',
    remedies: [],
    source: 'kernel, ip-sysctl.rst',
    poolKey: null,
    pid: null,
    ...parts,
  };
}
