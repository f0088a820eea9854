import { describe, expect, it } from 'vitest';
import { poolRunsOut } from '../../../../main/core/findings/pool-runs-out.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool } from '../../../support/pools.ts';

const running = (inSeconds: number) =>
  aPool({
    used: 20000,
    openRatePerSecond: 600,
    exhaustion: { expected: true, inSeconds, likelySeconds: null, steadyState: null, basis: '' },
  });
const levels = (inSeconds: number) =>
  poolRunsOut.find(findingEvidence({ pools: [running(inSeconds)] })).map(({ level }) => level);

describe('the rule for a pool that runs out', () => {
  it('is critical below ten minutes, a warning below the hour, silent beyond', () => {
    expect(levels(130)).toEqual(['critical']);
    expect(levels(599)).toEqual(['critical']);
    expect(levels(601)).toEqual(['warning']);
    expect(levels(3601)).toEqual([]);
  });

  it('says when, and how full it is', () => {
    expect(poolRunsOut.find(findingEvidence({ pools: [running(130)] }))[0]?.sentence).toBe(
      'Port pool to 10.0.3.12:443 runs out in about 2 min 10 s — 71% used; 600 connections/s are opened and closed by this side.',
    );
  });

  it('reports three pools at most', () => {
    const pools = [1, 2, 3, 4, 5].map((port) => ({ ...running(60), key: `a>b:${port}`, remotePort: port }));
    expect(poolRunsOut.find(findingEvidence({ pools }))).toHaveLength(3);
  });
});
