/** One question, the whole answer: figures of the domain sheet, refusals, options, curves. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultInput } from '../../../../main/core/what-if/catalogue.ts';
import { evaluateWhatIf } from '../../../../main/core/what-if/evaluate.ts';
import type { WhatIfInput, WhatIfResult } from '../../../../main/core/what-if/model.ts';
import { failureSentence } from '../../../../main/core/words/failure.ts';
import { PROFILES } from '../../../../main/core/profiles.ts';
import { CALLS } from '../../../../preload/contract.ts';
import { aSummary } from '../../../support/what-if-summary.ts';

function ask(change: Partial<WhatIfInput> = {}): WhatIfResult {
  const outcome = evaluateWhatIf({ ...defaultInput(), ...change }, aSummary());
  if (!outcome.ok) throw new Error(failureSentence(outcome.failure));
  return outcome.value;
}

const sustainable = (change: Partial<WhatIfInput>) => ask(change).sustainableRatePerSecond;
const full = (change: Partial<WhatIfInput>) => ask(change).exhaustion.fromInUseSeconds;
const NO_LIMITS = defaultInput().limits;

describe('the acceptance figures, asked as people ask them', () => {
  it.each<[number, string, number | null, number]>([
    [12, 'windows-legacy', sustainable({ profileId: 'windows-legacy' }), 16.5667],
    [14, 'windows as documented', sustainable({ profileId: 'windows-240' }), 68.2667],
    [14, 'windows in practice', sustainable({ profileId: 'windows' }), 136.5333],
    [14, 'macOS', sustainable({ profileId: 'macos' }), 546.1333],
    [15, 'Linux', sustainable({}), 470.5333],
    [15, 'Linux with 28,000', sustainable({ profileId: 'linux-rhel' }), 466.6667],
    [16, 'Linux 1024–65535', sustainable({ profileId: 'linux-tuned' }), 1075.2],
    [17, 'FreeBSD', sustainable({ profileId: 'freebsd' }), 925.6],
    [19, 'reserved ports', sustainable({ reservedPorts: '35000-35999,50051' }), 453.85],
    [23, 'held 0.2 s', sustainable({ holdSeconds: 0.2 }), 468.9701],
    [24, 'the server closes first', sustainable({ holdSeconds: 0.2, activeCloseShare: 0 }), 141160],
    [25, 'half of them', sustainable({ holdSeconds: 0.2, activeCloseShare: 0.5 }), 934.8344],
    [26, 'reuse after 1 s', sustainable({ reuseMode: 'all' }), 28232],
    [26, 'reuse, held 0.05 s', sustainable({ reuseMode: 'all', holdSeconds: 0.05 }), 26887.619],
    [27, 'reuse after 0.2 s', sustainable({ reuseMode: 'all', reuseDelayMs: 200 }), 141160],
    [
      29,
      'reuse without timestamps',
      sustainable({ portCount: 100, reuseMode: 'all', timestamps: false }),
      1.6667,
    ],
    [30, 'reuse 2 to an address that is not loopback', sustainable({ reuseMode: 'loopback' }), 470.5333],
    [31, 'steady at 400/s', ask({ ratePerSecond: 400 }).steady.inUse, 24000],
    [32, 'steady, held 0.2 s', ask({ ratePerSecond: 400, holdSeconds: 0.2 }).steady.inUse, 24080],
    [33, '600/s from empty', full({}), 47.0533],
    [34, '600/s from 10,000', full({ inUse: 10_000 }), 42.0738],
    [34, 'its bound', ask({ inUse: 10_000 }).exhaustion.withoutDeparturesSeconds, 30.3867],
    [35, '500/s from 20,000', full({ ratePerSecond: 500, inUse: 20_000 }), 49.392],
    [36, '471/s', full({ ratePerSecond: 471 }), 59.9406],
    [37, '2000/s', full({ ratePerSecond: 2000 }), 14.116],
    [39, 'three destinations', sustainable({ destinations: 3 }), 1411.6],
    [39, 'and four sources', sustainable({ destinations: 3, sourceAddresses: 4 }), 5646.4],
    [40, 'macOS, three destinations', sustainable({ profileId: 'macos', destinations: 3 }), 546.1333],
    [42, '450/s on Windows', full({ profileId: 'windows', ratePerSecond: 450, destinations: 3 }), 36.4089],
    [43, '1000/s needs', ask({ ratePerSecond: 1000 }).portsNeeded, 60000],
    [
      46,
      '5000 requests/s, 100 each',
      ask({ ratePerSecond: 5000, requestsPerConnection: 100 }).steady.timeWait,
      3000,
    ],
    [51, 'AWS', sustainable({ profileId: 'aws-nat' }), 916.6667],
  ])('#%i %s', (_number, _what, actual, expected) => {
    expect(Math.abs((actual ?? NaN) - expected) / expected).toBeLessThanOrEqual(0.0001);
  });

  it('#36 470/s never runs out', () => {
    expect(ask({ ratePerSecond: 470 }).exhaustion).toMatchObject({ expected: false, fromEmptySeconds: null });
  });

  it.each<[number, Partial<WhatIfInput['limits']>, string, number]>([
    [47, { timeWaitSockets: 131_072 }, 'time-wait-sockets', 2184.5333],
    [48, { conntrackEntries: 262_144 }, 'conntrack', 2184.5333],
  ])('#%i %j', (_number, limits, id, expected) => {
    const limit = ask({ limits: { ...NO_LIMITS, ...limits } }).limits.find(
      (candidate) => candidate.id === id,
    );
    expect(limit?.holdsRatePerSecond).toBeCloseTo(expected, 3);
  });
});

describe('the sentence', () => {
  it.each<[Partial<WhatIfInput>, string, string]>([
    [
      {},
      'warning',
      'At 600 connections/s to one destination, Linux runs out of ports after 47 s. It can hold 470/s indefinitely.',
    ],
    [
      { ratePerSecond: 300 },
      'notice',
      'At 300 connections/s to one destination, Linux never runs out of ports: it levels off at 64%. Past half, connect() gets slow.',
    ],
    [
      { ratePerSecond: 100 },
      'ok',
      'At 100 connections/s to one destination, Linux never runs out of ports: it levels off at 21%.',
    ],
    [
      { profileId: 'macos', destinations: 3 },
      'warning',
      'At 600 connections/s to 3 destinations, macOS runs out of ports after 27 s. It can hold 546/s indefinitely.',
    ],
    [
      { ratePerSecond: 5000, requestsPerConnection: 100 },
      'ok',
      'At 5,000 requests/s, 100 on each connection, to one destination, Linux never runs out of ports: it levels off at 11%.',
    ],
    [
      { activeCloseShare: 0 },
      'ok',
      'At 600 connections/s to one destination, Linux never runs out of ports: no port stays locked.',
    ],
    [
      { ratePerSecond: 300, holdSeconds: 2, limits: { ...NO_LIMITS, fileDescriptors: 256 } },
      'warning',
      'At 300 connections/s to one destination, Linux has ports enough, but file descriptors for only 128/s.',
    ],
    [
      { ratePerSecond: 400, inUse: 28_232 },
      'warning',
      'At 400 connections/s to one destination, Linux has no port left now; once those in use are back it holds.',
    ],
  ])('%j', (change, level, sentence) => {
    const { verdict } = ask(change);
    expect([verdict.level, verdict.sentence]).toEqual([level, sentence]);
    expect(verdict.spans.map((span) => span.text).join('')).toBe(sentence);
  });

  it('has the arithmetic in its second line', () => {
    expect(ask().verdict.detail).toBe(
      'Each closed connection locks its port for 60 s, so 600/s needs 36,000 ports. The range has 28,232.',
    );
  });
});

describe('what would make it hold', () => {
  it('names what the program and what the host can do', () => {
    expect(ask().smallestChange?.sentence).toBe(
      'Smallest change: let each connection carry 2 requests or widen the range to 25000–60999.',
    );
  });

  it('does not promise that keep-alive frees what is open at the same moment', () => {
    const { smallestChange } = ask({ ratePerSecond: 20_000, holdSeconds: 3 });
    expect(smallestChange?.sentence).toBe(
      'Smallest change: spread the load over 45 destinations or connect from 45 source addresses.',
    );
  });

  it('is null when everything holds', () => {
    expect(ask({ ratePerSecond: 400 }).smallestChange).toBeNull();
  });

  it('raises the other limits too', () => {
    const limits = { ...NO_LIMITS, fileDescriptors: 256, conntrackEntries: 20_000 };
    expect(ask({ ratePerSecond: 300, holdSeconds: 2, limits }).smallestChange?.sentence).toBe(
      'Smallest change: raise the limit of file descriptors to 600 and raise the limit of conntrack entries to 36,600.',
    );
  });

  it('lists the options with their figures, those without effect last', () => {
    expect(ask().options.map(({ id, figure, helps, fits }) => [id, figure, helps, fits])).toEqual([
      ['keep-alive', '60/s needed', true, true],
      ['reuse', '28,232/s', true, true],
      ['wider-range', '1,075/s', true, true],
      ['source-address', '941/s', true, true],
      ['destination', '941/s', true, true],
      ['server-closes', 'any rate', true, true],
      ['fin-timeout', 'no effect', false, false],
    ]);
  });

  it('says that more destinations do nothing where the whole host shares one pool', () => {
    const options = ask({ profileId: 'windows' }).options.filter((option) => !option.helps);
    expect(options.map((option) => option.id)).toEqual(['source-address', 'destination']);
  });

  it('knows that reuse does not help who binds before connecting', () => {
    const option = ask({ scope: 'address' }).options.find(({ id }) => id === 'reuse');
    expect(option).toMatchObject({ helps: false, figure: 'no effect' });
  });

  it('multiplies two options', () => {
    expect(ask().combination?.sentence).toBe(
      'Options multiply. A wider range and one more source address together hold 2,150/s.',
    );
  });

  it('an option that fits makes the load hold when it is set', () => {
    const { portCount } = ask({ range: { first: 1024, last: 65535 } }).effective;
    expect(portCount).toBe(64_512);
    expect(ask({ range: { first: 1024, last: 65535 } }).exhaustion.expected).toBe(false);
    expect(ask({ range: { first: 25_000, last: 60_999 } }).exhaustion.expected).toBe(false);
    expect(ask({ range: { first: 25_001, last: 60_999 } }).exhaustion.expected).toBe(true);
    expect(ask({ requestsPerConnection: 2 }).exhaustion.expected).toBe(false);
  });
});

describe('refusals', () => {
  it.each<[Partial<WhatIfInput>, string]>([
    [{ ratePerSecond: -1 }, 'rate'],
    [{ ratePerSecond: NaN }, 'rate'],
    [{ ratePerSecond: 0 }, 'rate'],
    [{ ratePerSecond: Infinity }, 'rate'],
    [{ ratePerSecond: 1e12 }, 'rate'],
    [{ requestsPerConnection: 0 }, 'requests per connection'],
    [{ holdSeconds: -0.1 }, 'hold time'],
    [{ holdSeconds: 1e9 }, 'hold time'],
    [{ activeCloseShare: 1.1 }, 'share closed by this side'],
    [{ destinations: 0 }, 'number of destinations'],
    [{ destinations: 1.5 }, 'number of destinations'],
    [{ sourceAddresses: -3 }, 'number of source addresses'],
    [{ inUse: -1 }, 'ports in use'],
    [{ portCount: 0 }, 'number of ports'],
    [{ portCount: 65_536 }, 'number of ports'],
    [{ timeWaitSeconds: 0 }, 'TIME_WAIT'],
    [{ timeWaitSeconds: NaN }, 'TIME_WAIT'],
    [{ reuseDelayMs: 60_001 }, 'reuse delay'],
    [{ range: { first: 60_000, last: 50_000 } }, 'range'],
    [{ range: { first: 0, last: 100 } }, 'range'],
    [{ range: { first: 1024, last: 70_000 } }, 'range'],
    [{ range: { first: 1024.5, last: 2000 } }, 'range'],
    [{ reservedPorts: '1-65535' }, 'reserved ports'],
    [{ reservedPorts: 'eighty' }, 'reserved ports'],
    [{ limits: { ...NO_LIMITS, fileDescriptors: 0 } }, 'limit of file descriptors'],
    [{ profileId: 'constructor' }, 'profile'],
  ])('refuses %j and names the field', (change, field) => {
    const outcome = evaluateWhatIf({ ...defaultInput(), ...change }, null);
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'invalid', field } });
    if (!outcome.ok) expect(failureSentence(outcome.failure).toLowerCase()).toContain(field.toLowerCase());
  });

  it('says that this machine has not been sampled yet', () => {
    const outcome = evaluateWhatIf({ ...defaultInput(), profileId: 'this-machine' }, null);
    expect(outcome.ok ? '' : failureSentence(outcome.failure)).toBe(
      'This machine’s live values is not available: it has not been sampled yet.',
    );
  });
});

describe('curves and comparison', () => {
  it('the occupancy curve reaches the capacity at the moment of exhaustion and stays', () => {
    const { occupancy, capacity } = ask();
    expect(occupancy.exhaustedAtSeconds).toBeCloseTo(47.0533, 3);
    const at = occupancy.atSeconds.indexOf(occupancy.exhaustedAtSeconds ?? NaN);
    expect(occupancy.inUse[at]).toBeCloseTo(capacity, 6);
    expect(occupancy.inUse.slice(at).every((count) => Math.abs(count - capacity) < 1e-6)).toBe(true);
    expect(occupancy.inUse[0]).toBe(0);
  });

  it('time to full falls with the rate, from TIME_WAIT at the rate that just holds', () => {
    const [curve] = ask().timeToFull;
    expect(curve?.ratePerSecond[0]).toBeCloseTo(470.533, 2);
    expect(curve?.secondsToFull[0]).toBeCloseTo(60, 6);
    expect(curve?.ratePerSecond.at(-1)).toBeCloseTo(5000, 6);
    expect(curve?.secondsToFull.at(-1)).toBeCloseTo(28_232 / 5000, 6);
    expect(curve?.secondsToFull).toEqual([...(curve?.secondsToFull ?? [])].sort((a, b) => b - a));
  });

  it('compares every profile and this machine, and marks the one asked for', () => {
    const { comparison } = ask({ profileId: 'macos' });
    expect(comparison.map((row) => row.profileId)).toEqual([...PROFILES.map(({ id }) => id), 'this-machine']);
    expect(comparison.filter((row) => row.isSelected).map((row) => row.profileId)).toEqual(['macos']);
  });

  it('gives what was set by hand a row of its own', () => {
    const [first, ...others] = ask({ timeWaitSeconds: 30 }).comparison;
    expect(first).toMatchObject({
      profileId: 'custom',
      waitSeconds: 30,
      waitKnownFrom: 'as given',
      isSelected: true,
    });
    expect(others.some((row) => row.isSelected)).toBe(false);
  });

  it('takes this machine’s range, reserved and blocked ports from the last sample', () => {
    const { effective } = ask({ profileId: 'this-machine' });
    expect(effective).toMatchObject({
      profileKind: 'machine',
      portCount: 28_232 - 10 - 2,
      reservedCount: 10,
    });
  });
});

const anyInput = fc.record({
  profileId: fc.constantFrom(...PROFILES.map(({ id }) => id), 'this-machine', 'custom'),
  ratePerSecond: fc.double({ min: 0.001, max: 1e7, noNaN: true }),
  requestsPerConnection: fc.integer({ min: 1, max: 1_000_000 }),
  holdSeconds: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 604_800, noNaN: true })),
  activeCloseShare: fc.double({ min: 0, max: 1, noNaN: true }),
  destinations: fc.integer({ min: 1, max: 1_000_000 }),
  sourceAddresses: fc.integer({ min: 1, max: 65_536 }),
  inUse: fc.integer({ min: 0, max: 100_000 }),
  portCount: fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: null }),
  timeWaitSeconds: fc.option(fc.double({ min: 0.1, max: 3600, noNaN: true }), { nil: null }),
  reuseMode: fc.constantFrom(null, 'off', 'all', 'loopback'),
});

it('every valid input gets an answer that the contract accepts, without NaN or an endless sentence', () => {
  fc.assert(
    fc.property(anyInput, (change) => {
      const result = ask(change as Partial<WhatIfInput>);
      expect(CALLS['whatif.evaluate'].result.safeParse(result).error).toBeUndefined();
      expect(result.verdict.sentence).not.toMatch(/NaN|Infinity|undefined/);
      expect(result.exhaustion.expected).toBe(result.exhaustion.fromInUseSeconds !== null);
      const { fromEmptySeconds, fromInUseSeconds } = result.exhaustion;
      if (fromEmptySeconds !== null && fromInUseSeconds !== null) {
        expect(fromInUseSeconds).toBeLessThanOrEqual(fromEmptySeconds * (1 + 1e-9));
      }
    }),
    { numRuns: 300 },
  );
});
