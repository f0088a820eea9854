import { describe, expect, it } from 'vitest';
import { sayVerdict, sayUnknown } from '../../../../main/core/words/verdict.ts';
import { findAll } from '../../../../main/core/findings/rules.ts';
import { newMemory, settle } from '../../../../main/core/findings/settle.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPool, linuxSettings } from '../../../support/pools.ts';
import type { Pool } from '../../../../main/core/model.ts';

const trust = { confidence: 'high', reason: '3 sources agree', sources: ['sock_diag'] } as const;
const verdictOf = (...pools: Pool[]) =>
  sayVerdict({
    pools,
    capacity: 28232,
    settings: linuxSettings(),
    trust: { ...trust, sources: [...trust.sources] },
    findings: settle(newMemory(), findAll(findingEvidence({ pools })), 0).settled,
  });

const python = { pid: 4312, process: 'python3', sockets: 25691, share: 1, confidence: 'observed' } as const;

describe('the verdict', () => {
  it('says which pool runs out, when, how full it is, and whose doing that is', () => {
    const pool = aPool({
      used: 25691,
      byState: { TIME_WAIT: 24168, ESTABLISHED: 1491 },
      openRatePerSecond: 412,
      exhaustion: {
        expected: true,
        inSeconds: 130,
        likelySeconds: { from: 100, to: 180 },
        steadyState: null,
        basis: '',
      },
      owners: [python],
    });
    expect(verdictOf(pool)).toMatchObject({
      level: 'critical',
      sentence:
        'Port pool to 10.0.3.12:443 runs out in about 2 min 10 s — 91% used; ' +
        'python3 (pid 4312) opens 412 connections/s and closes them itself.',
    });
  });

  it('says that a full pool is full, and the error programs get', () => {
    const full = aPool({ used: 28232, owners: [python] });
    expect(verdictOf(full)).toMatchObject({
      level: 'critical',
      sentence:
        'Port pool to 10.0.3.12:443 is full: all 28,232 ports are in use and connect() fails with EADDRNOTAVAIL (99).' +
        ' Largest user: python3 (pid 4312).',
    });
  });

  it('words a pool past half as slow connect(), not as running out', () => {
    const { level, sentence } = verdictOf(
      aPool({ used: 18000, openRatePerSecond: 300, byState: { TIME_WAIT: 18000 }, steady: 18000 }),
    );
    expect(level).toBe('warning');
    expect(sentence).toBe(
      'Port pool to 10.0.3.12:443 is 64% used, past half: connect() is slow now because the kernel searches for a ' +
        'free port; 300/s are opened, it would be full above 470/s.',
    );
  });

  it('is ok with a quiet pool, and with none at all', () => {
    expect(verdictOf(aPool({ used: 1129 }))).toMatchObject({
      level: 'ok',
      sentence: 'Plenty of ports: the fullest pool, to 10.0.3.12:443, is 4% used and nothing is growing.',
    });
    expect(verdictOf()).toMatchObject({
      level: 'ok',
      sentence: 'Plenty of ports: no outgoing connection locks a port of 32768–60999.',
    });
  });

  it('does not call a burst that has used a twentieth of the pool critical', () => {
    const burst = aPool({
      used: 1000,
      openRatePerSecond: 2000,
      exhaustion: { expected: true, inSeconds: 13, likelySeconds: null, steadyState: null, basis: '' },
    });
    expect(verdictOf(burst).level).toBe('warning');
  });

  it('speaks of the worst pool, not of the first', () => {
    const quiet = aPool({ used: 20, remoteAddress: '10.0.0.1' });
    const nearlyFull = aPool({ used: 26000, remoteAddress: '10.0.0.2' });
    expect(verdictOf(quiet, nearlyFull).poolKey).toBe(nearlyFull.key);
  });

  it('is critical when every port is reserved or listened on, though nothing is in use', () => {
    const none = sayVerdict({
      pools: [],
      capacity: 0,
      settings: linuxSettings(),
      trust: { ...trust, sources: [] },
      findings: [],
    });
    expect(none).toMatchObject({
      level: 'critical',
      sentence:
        'No port is left to hand out: every port of 32768–60999 is reserved or taken by a listening socket, ' +
        'and connect() fails with EADDRNOTAVAIL (99).',
    });
  });

  it('says that nothing is opened any more when the load is over and the ports are still locked', () => {
    const owners = [{ ...python, share: 0.97 }];
    const over = aPool({ used: 25691, byState: { TIME_WAIT: 25691 }, openRatePerSecond: 0, owners });
    expect(verdictOf(over).sentence).toBe(
      'Port pool to 10.0.3.12:443 is 91% used; nothing is opened now; python3 (pid 4312) used most of it.',
    );
  });

  it('says why it cannot say', () => {
    expect(sayUnknown('the sockets could not be read.')).toMatchObject({
      level: 'unknown',
      sentence: 'Cannot say: the sockets could not be read.',
    });
  });

  it('keeps to the wording guide at every level', () => {
    for (const used of [0, 300, 9000, 15000, 24000, 27000, 28232]) {
      for (const openRatePerSecond of [0, 12.3, 400, 900]) {
        const { sentence } = verdictOf(aPool({ used, openRatePerSecond, owners: [python], steady: used }));
        expect(sentence).not.toMatch(/!|please|oops|NaN|undefined|null|\s{2}/i);
        expect(sentence).toMatch(/\.$/);
      }
    }
  });
});
