import { describe, expect, it } from 'vitest';
import { poolExhausted } from '../../../../main/core/findings/pool-exhausted.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool } from '../../../support/pools.ts';

const python = { pid: 4312, process: 'python3', sockets: 28232, share: 1, confidence: 'observed' } as const;

describe('the rule for an exhausted pool', () => {
  it('fires when the last port is in use, names who uses them, and offers to change the application first', () => {
    const full = aPool({ used: 28232, owners: [python] });
    const [finding, ...others] = poolExhausted.find(findingEvidence({ pools: [full] }));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      id: 'pool-exhausted:10.0.2.7>10.0.3.12:443',
      level: 'critical',
      title: 'No port left towards 10.0.3.12:443',
      evidence: '28,232 TIME_WAIT of 28,232 ports',
      pid: 4312,
    });
    expect(finding?.sentence).toContain(
      'all 28,232 ports are in use and connect() fails with EADDRNOTAVAIL (99)',
    );
    expect(finding?.remedies.map(({ fixId }) => fixId)).toEqual([
      'app-keep-alive',
      'app-spread-destinations',
      'linux-widen-range',
      'linux-tw-reuse',
      'linux-source-addresses',
      'linux-release-time-wait',
    ]);
  });

  it('is silent one port below', () => {
    expect(poolExhausted.find(findingEvidence({ pools: [aPool({ used: 28231 })] }))).toEqual([]);
  });

  it('does not offer to widen a range that cannot be wider', () => {
    const evidence = findingEvidence({ pools: [aPool({ used: 28232 })] });
    evidence.settings.range = { first: 1024, last: 65535 };
    const fixes = poolExhausted.find(evidence)[0]?.remedies.map(({ fixId }) => fixId);
    expect(fixes).not.toContain('linux-widen-range');
  });

  it('offers what helps on the system it speaks of', () => {
    const pools = [aPool({ used: 28232 })];
    const on = (system: 'windows' | 'macos') =>
      poolExhausted.find(findingEvidence({ pools, system }))[0]?.remedies.map(({ fixId }) => fixId);
    expect(on('windows')).toEqual(['app-keep-alive', 'windows-widen-range', 'windows-auto-reuse']);
    expect(on('macos')).toEqual(['app-keep-alive', 'macos-widen-range', 'macos-msl']);
  });
});
