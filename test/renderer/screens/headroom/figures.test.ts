import { describe, expect, it } from 'vitest';
import {
  changePerMinute,
  exhaustionFigure,
  rateFigure,
  timeWaitFigure,
  usedFigure,
} from '../../../../renderer/screens/headroom/figures.ts';
import { mapLabel, ownershipShares, trendLabel } from '../../../../renderer/screens/headroom/sentences.ts';
import { INCIDENT_AT_MS, incidentPool, incidentTrend } from '../../../support/incident.ts';

const { trend } = incidentTrend();
const steady = {
  expected: false,
  inSeconds: null,
  likelySeconds: null,
  steadyState: 17_000,
  basis: 'timers',
};

describe('the four figures', () => {
  it('shows how full the pool is, of what', () => {
    expect(usedFigure(incidentPool()).figure).toEqual({
      parts: [{ value: '91.0', unit: '%' }],
      note: '25,691 of 28,232 ports',
      captionStrong: '2,541',
      caption: 'free',
      aside: { text: 'warn 80% · critical 90%' },
    });
  });
  it('shows TIME_WAIT with its hold, and what may be reused instead of a change', () => {
    expect(timeWaitFigure(incidentPool(), trend, 60)).toMatchObject({
      parts: [{ value: '24,168' }],
      caption: 'last 10 min',
      aside: { strong: '60 s', text: 'hold each' },
    });
    expect(timeWaitFigure(incidentPool({ reusable: 4168 }), trend, 60)).toMatchObject({
      parts: [{ value: '20,000' }],
      note: '4,168 more may be reused',
    });
  });
  it('shows the arithmetic of the sustainable rate', () => {
    expect(rateFigure(incidentPool(), trend).figure).toMatchObject({
      parts: [{ value: '412', unit: '/s' }],
      note: 'of 470/s sustainable',
      caption: '28,232 ports ÷ 60 s',
    });
  });
  it('says why a rate is unknown instead of showing zero', () => {
    const { figure } = rateFigure(incidentPool({ openRatePerSecond: null, rateBasis: 'none' }), null);
    expect(figure).toEqual({ unknownReason: 'rate not known yet: no samples to compare yet' });
  });
  it('does not say of a known rate that nothing is known to tell it from', () => {
    expect(rateFigure(incidentPool({ rateBasis: 'none' }), null).figure.aside).toEqual({ text: undefined });
  });
  it('shows when the pool is full, with the band', () => {
    const { figure, gauge } = exhaustionFigure(incidentPool(), INCIDENT_AT_MS, null);
    expect(figure.parts).toEqual([
      { value: '2', unit: 'min' },
      { value: '10', unit: 's' },
    ]);
    expect(figure.note).toMatch(/^at \d\d:34:17$/);
    expect(figure.caption).toBe('likely 1 min 40 s – 3 min');
    expect(gauge.band).toEqual({ from: 100 / 300, to: 180 / 300 });
  });
  it('says "Will not run out" and where it levels off', () => {
    expect(exhaustionFigure(incidentPool({ exhaustion: steady }), INCIDENT_AT_MS, null).figure).toEqual({
      words: 'Will not run out',
      caption: 'levels off at 17,000 ports',
      aside: { strong: '60%', text: 'of the pool' },
    });
  });
  it('says "Full now" when no port is left', () => {
    const exhaustion = { ...steady, expected: true, inSeconds: 0, steadyState: null };
    expect(exhaustionFigure(incidentPool({ exhaustion }), INCIDENT_AT_MS, null).figure.words).toBe(
      'Full now',
    );
  });
  it('hides a forecast that would be out of date, with its reason', () => {
    expect(exhaustionFigure(incidentPool(), INCIDENT_AT_MS, 'hidden while paused').figure).toEqual({
      unknownReason: 'hidden while paused',
    });
  });
  it('measures a change a minute only over most of a minute', () => {
    expect(changePerMinute([0, 30_000, 60_000], [10, 20, 30])).toBe(0);
    expect(changePerMinute([0, 1000], [10, 20])).toBeNull();
    const at = Array.from({ length: 61 }, (_, index) => index * 1000);
    const rising = at.map((ms) => ms / 1000);
    expect(changePerMinute(at, rising)).toBeCloseTo(58, 5);
  });
});

describe('sentences for readers', () => {
  it('states the finding of the trend', () => {
    expect(trendLabel(incidentPool(), true)).toBe(
      'Ports in use to 10.0.3.12:443: 25,691 of 28,232; the forecast reaches the limit in about 2 min 10 s.',
    );
    expect(trendLabel(incidentPool(), false)).toContain('no forecast');
  });
  it('counts the ports of the map inside the range', () => {
    const codes = new Uint8Array(65_536);
    codes.fill(76, 32_768, 32_778).fill(1, 40_000, 40_003).fill(1, 100, 200);
    expect(mapLabel({ codes, range: { first: 32_768, last: 60_999 } }, 'pool')).toContain(
      '13 of the 28,232 ports in the ephemeral range 32768 to 60999 are in use: 10 in TIME-WAIT, 3 established',
    );
  });
  it('gives the shares of known owners and leaves out those that are none', () => {
    const shares = ownershipShares({ observed: 96, inferred: 4, unknown: 0, notPermitted: 0 });
    expect(shares.map((share) => share.text)).toEqual(['seen 96%', 'inferred 4%']);
    expect(ownershipShares({ observed: 0, inferred: 0, unknown: 0, notPermitted: 0 })).toEqual([]);
  });
});
