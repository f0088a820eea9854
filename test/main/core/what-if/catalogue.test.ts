/** Profiles with a source for each figure, quoted figures, folklore, and this machine as a question. */
import { describe, expect, it } from 'vitest';
import { describeProfiles } from '../../../../main/core/what-if/catalogue.ts';
import { evaluateWhatIf } from '../../../../main/core/what-if/evaluate.ts';
import { CALLS } from '../../../../preload/contract.ts';
import { aPool } from '../../../support/pools.ts';
import { aSummary } from '../../../support/what-if-summary.ts';

describe('the catalogue', () => {
  it('is what the contract says, before and after the first sample', () => {
    for (const summary of [null, aSummary()]) {
      const parsed = CALLS['whatif.profiles'].result.safeParse(describeProfiles(summary));
      expect(parsed.error).toBeUndefined();
    }
  });

  it('gives a source for each figure of each profile', () => {
    for (const profile of describeProfiles(null).profiles) {
      expect(profile.sources.map(({ figure }) => figure)).toEqual(['range', 'TIME_WAIT', 'pool', 'error']);
      expect(profile.sources.every(({ source }) => source.length > 3)).toBe(true);
    }
  });

  it('answers with defaults that can be asked', () => {
    expect(evaluateWhatIf(describeProfiles(null).defaults, null).ok).toBe(true);
  });

  it('has the figures that everyone quotes, exactly', () => {
    const exact = describeProfiles(null).quoted.map(({ exactPerSecond }) => exactPerSecond.toFixed(2));
    expect(exact).toEqual(
      expect.arrayContaining(['16.57', '16.67', '33.13', '68.27', '136.53', '470.53', '466.67', '546.13']),
    );
  });

  it('answers the folklore that people meet', () => {
    const answers = Object.fromEntries(describeProfiles(null).folklore.map(({ id, answer }) => [id, answer]));
    expect(answers).toMatchObject({
      'tcp-fin-timeout': 'No.',
      'range-61000': 'One more.',
      'netsh-dynamicport': 'No.',
      'range-1024-65535': 'It helps, with care.',
      'tcp-timed-wait-delay': 'Up to Server 2003, after a restart; later it is unproven.',
      'tw-recycle': 'It no longer exists.',
      'so-linger-0': 'Yes, by breaking the connection.',
    });
  });
});

describe('this machine', () => {
  it('is asked with the fullest pool’s rate, hold and ports in use, and the limits that are known', () => {
    const pool = aPool({
      used: 12_000,
      openRatePerSecond: 200,
      byState: { TIME_WAIT: 11_900, ESTABLISHED: 100 },
    });
    const { thisMachine } = describeProfiles(aSummary([pool]));
    expect(thisMachine).toMatchObject({
      name: 'ci-runner-07',
      destination: '10.0.3.12:443',
      input: {
        profileId: 'this-machine',
        ratePerSecond: 200,
        holdSeconds: 0.5,
        inUse: 12_000,
        limits: { timeWaitSockets: 131_072, conntrackEntries: 262_144 },
      },
    });
  });

  it('at rest is asked with one connection per second', () => {
    const { thisMachine } = describeProfiles(aSummary([]));
    expect(thisMachine).toMatchObject({
      destination: null,
      input: { ratePerSecond: 1, holdSeconds: 0, inUse: 0 },
    });
  });

  it('is absent before the first sample', () => {
    expect(describeProfiles(null).thisMachine).toBeNull();
  });
});
