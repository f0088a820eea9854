import { describe, expect, it } from 'vitest';
import { poolRemedies } from '../../../../main/core/findings/pool-remedies.ts';
import type { CountByState } from '../../../../main/core/model.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool, linuxSettings } from '../../../support/pools.ts';

const fixes = (byState: CountByState, evidence = findingEvidence()) =>
  poolRemedies(evidence, aPool({ used: 25_000, byState })).map(({ fixId }) => fixId);

describe('remedies of a pool', () => {
  it.each([
    [{ TIME_WAIT: 25_000 }, 'app-keep-alive'],
    [{ CLOSE_WAIT: 20_000, ESTABLISHED: 5000 }, 'app-close-connections'],
    [{ SYN_SENT: 20_000, TIME_WAIT: 5000 }, 'app-timeouts'],
    [{ FIN_WAIT_2: 25_000 }, 'app-keep-alive'],
  ] as const)('begin with what most ports are held for: %o', (byState, first) => {
    expect(fixes(byState)[0]).toBe(first);
  });

  it('make room first for open connections, and do not speak of connections that are over', () => {
    const offered = fixes({ ESTABLISHED: 24_000, TIME_WAIT: 1000 });
    expect(offered.slice(0, 2)).toEqual(['app-spread-destinations', 'linux-widen-range']);
    expect(offered).not.toContain('app-close-connections');
    expect(offered).not.toContain('linux-tw-reuse');
  });

  it('turn timestamps on before reuse, and do not offer reuse that is on already', () => {
    const without = (mode: 'all' | 'off') =>
      fixes(
        { TIME_WAIT: 25_000 },
        findingEvidence({ settings: linuxSettings({ reuse: { mode, delayMs: 1000, timestamps: false } }) }),
      ).filter((fix) => /reuse|timestamps/.test(fix));
    expect(without('off')).toEqual(['linux-timestamps', 'linux-tw-reuse']);
    expect(without('all')).toEqual(['linux-timestamps']);
  });

  it('name the delay of reuse that is set', () => {
    const settings = linuxSettings({ reuse: { mode: 'off', delayMs: 200, timestamps: true } });
    const offered = poolRemedies(findingEvidence({ settings }), aPool({ used: 25_000 }));
    expect(offered.find(({ fixId }) => fixId === 'linux-tw-reuse')?.why).toContain('after 0.2 s');
  });
});
