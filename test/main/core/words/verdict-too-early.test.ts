import { describe, expect, it } from 'vitest';
import { findAll } from '../../../../main/core/findings/rules.ts';
import { newMemory, settle } from '../../../../main/core/findings/settle.ts';
import type { Pool } from '../../../../main/core/model.ts';
import { sayVerdict } from '../../../../main/core/words/verdict.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool, linuxSettings } from '../../../support/pools.ts';

const CAPACITY = 16384;
const settings = linuxSettings({ profileId: 'windows', timeWaitSeconds: 120, scope: 'host' });

/** A pool of a whole host; `inSeconds` makes it run out. */
function hostPool(used: number, inSeconds: number | null = null): Pool {
  return aPool({
    key: 'ipv4>*',
    localAddress: '',
    remoteAddress: '',
    remotePort: 0,
    capacity: CAPACITY,
    slowFrom: null,
    used,
    openRatePerSecond: 50,
    sustainableRatePerSecond: 136.5,
    rateBasis: 'dumps',
    exhaustion: {
      expected: inSeconds !== null,
      inSeconds,
      likelySeconds: inSeconds === null ? null : { from: inSeconds, to: inSeconds },
      steadyState: null,
      basis: 'no timers',
    },
  });
}

function say(pool: Pool, seconds: number) {
  const findings = settle(newMemory(), findAll(findingEvidence({ pools: [pool] })), 0).settled;
  const trust = { confidence: 'low' as const, reason: 'no socket timers', sources: ['netstat'] };
  const watch = seconds < 60 ? { seconds, neededSeconds: 60 } : null;
  const { level, sentence } = sayVerdict({
    pools: [pool],
    capacity: CAPACITY,
    settings,
    trust,
    findings,
    watch,
  });
  return { level, sentence };
}

describe('the verdict without socket timers', () => {
  it('says that it is too early while a forecast would be a guess', () => {
    expect(say(hostPool(5000), 12.7)).toEqual({
      level: 'unknown',
      sentence:
        'Cannot say yet: 12 s of samples; without socket timers (Windows, macOS) a forecast needs 60 s.',
    });
    expect(say(hostPool(5000, 300), 12).level).toBe('unknown');
  });

  it('speaks at once of a pool that would be full before that time is over', () => {
    expect(say(hostPool(5000, 20), 12)).toMatchObject({ level: 'critical' });
    expect(say(hostPool(5000, 20), 12).sentence).toContain(
      'Port pool to any IPv4 destination runs out in about 20 s',
    );
  });

  it('speaks at once of what needs no forecast: a full pool, one nearly full, one hardly used', () => {
    expect(say(hostPool(CAPACITY), 1)).toMatchObject({ level: 'critical' });
    expect(say(hostPool(15_900), 1)).toMatchObject({ level: 'critical' });
    expect(say(hostPool(100), 1)).toMatchObject({ level: 'ok' });
  });

  it('says what it says anywhere once the time is over', () => {
    expect(say(hostPool(5000), 61).level).toBe('notice');
    expect(say(hostPool(5000, 300), 61).level).toBe('critical');
  });

  it('claims no growth and no rest where the rate is not known', () => {
    const unknown = { ...hostPool(100), openRatePerSecond: null, rateBasis: 'none' as const };
    expect(say(unknown, 61).sentence).toBe(
      'Plenty of ports: the fullest pool, to any IPv4 destination, is under 1% used.',
    );
    const crowded = { ...hostPool(15_900), openRatePerSecond: null, rateBasis: 'none' as const };
    expect(say(crowded, 61).sentence).toContain('how fast connections are opened is not known');
  });
});
