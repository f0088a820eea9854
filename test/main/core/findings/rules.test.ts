import { describe, expect, it } from 'vitest';
import { checksFor, findAll, RULES } from '../../../../main/core/findings/rules.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool } from '../../../support/pools.ts';

describe('the rules together', () => {
  it('find nothing on a healthy, idle machine', () => {
    expect(findAll(findingEvidence())).toEqual([]);
  });

  it('find nothing in a quiet pool of a busy client that keeps its connections', () => {
    const pool = aPool({ used: 200, byState: { ESTABLISHED: 200 }, openRatePerSecond: 0.2 });
    expect(findAll(findingEvidence({ pools: [pool] }))).toEqual([]);
  });

  it('have an id and a title of their own, and begin their findings’ ids with it', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    expect(new Set(RULES.map(({ title }) => title)).size).toBe(RULES.length);
    const found = findAll(findingEvidence({ pools: [aPool({ used: 28232 })] }));
    expect(found.length).toBeGreaterThan(1);
    for (const finding of found) expect(finding.id.startsWith(finding.rule)).toBe(true);
  });

  it('are listed for the systems they can speak of', () => {
    const ids = (system: 'linux' | 'windows' | 'macos') => checksFor(system).map(({ rule }) => rule);
    expect(ids('linux')).not.toContain('windows-events');
    expect(ids('windows')).toContain('windows-events');
    expect(ids('windows')).not.toContain('conntrack-near-full');
    expect(ids('macos')).toContain('macos-clock-stopped');
    expect(new Set([...ids('linux'), ...ids('windows'), ...ids('macos')]).size).toBe(RULES.length);
  });
});
