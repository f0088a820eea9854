import { describe, expect, it } from 'vitest';
import {
  durationParts,
  formatAge,
  formatDuration,
  formatForecast,
  formatHold,
  formatPace,
  formatWorkTime,
} from '../../../renderer/format/durations.ts';
import {
  formatAxisCount,
  formatBytes,
  formatCount,
  formatCountOf,
  formatShare,
} from '../../../renderer/format/numbers.ts';
import { formatEndpoint, formatPoolTarget, poolFilter } from '../../../renderer/format/pools.ts';
import { portMeaning } from '../../../renderer/format/port-codes.ts';
import { formatChangePerMinute, formatRate, formatSustainable } from '../../../renderer/format/rates.ts';
import { formatState, formatStateWord, stateKind } from '../../../renderer/format/states.ts';

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [0.0004, '0.4 ms'],
    [0.038, '38 ms'],
    [0.4, '0.4 s'],
    [9.96, '10 s'],
    [47, '47 s'],
    [59.6, '1 min'],
    [130, '2 min 10 s'],
    [180, '3 min'],
    [12_000, '3 h 20 min'],
    [93_600, '1 d 2 h'],
    [-3, '0 s'],
  ])('writes %d s as "%s"', (seconds, words) => expect(formatDuration(seconds)).toBe(words));

  it.each([
    [134.9, '2 min 10 s'],
    [60.9, '1 min'],
    [59.9, '59 s'],
    [0, '0 s'],
  ])('rounds a forecast of %d s down to "%s"', (seconds, words) =>
    expect(formatForecast(seconds)).toBe(words),
  );

  it('writes the hold in seconds, so that the sum beside it can be redone', () => {
    expect([formatHold(60), formatHold(240), formatHold(0.25)]).toEqual(['60 s', '240 s', '0.3 s']);
  });
  it('says the age of data', () => {
    expect([formatAge(20), formatAge(400), formatAge(27_000)]).toEqual(['now', '0.4 s ago', '27 s ago']);
  });
  it('splits a duration into figures and units', () => {
    expect(durationParts(130)).toEqual([
      { value: '2', unit: 'min' },
      { value: '10', unit: 's' },
    ]);
  });
  it('writes work times and paces', () => {
    expect([formatWorkTime(0.42), formatWorkTime(38.2), formatWorkTime(1234), formatPace(200)]).toEqual([
      '0.4 ms',
      '38 ms',
      '1.2 s',
      '0.2 s',
    ]);
  });
});

describe('numbers', () => {
  it('groups thousands, and writes unknown as an en dash, never as zero', () => {
    expect([formatCount(24_168), formatCount(0), formatCount(null), formatCount(Number.NaN)]).toEqual([
      '24,168',
      '0',
      '–',
      '–',
    ]);
  });
  it('agrees with its noun', () => {
    expect([formatCountOf(1, 'port'), formatCountOf(28_232, 'port')]).toEqual(['1 port', '28,232 ports']);
  });
  it.each([
    [0.91, '91%'],
    [0.043, '4.3%'],
    [0.0004, '<0.1%'],
    [0, '0%'],
    [1, '100%'],
    [0.9996, '>99.9%'],
    [null, '–'],
  ])('writes a share of %s as %s', (share, words) => expect(formatShare(share)).toBe(words));
  it('shortens on axes only', () => {
    expect([0, 500, 2500, 10_000, 1_000_000].map(formatAxisCount)).toEqual(['0', '500', '2.5k', '10k', '1M']);
  });
  it('writes bytes in binary steps', () => {
    expect([formatBytes(31 * 1024 ** 2), formatBytes(1.4 * 1024 ** 3), formatBytes(2048)]).toEqual([
      '31 MB',
      '1.4 GB',
      '2 KB',
    ]);
  });
});

describe('rates', () => {
  it.each([
    [412, '412/s'],
    [6.1, '6.1/s'],
    [0.4, '0.4/s'],
    [0.01, '<0.1/s'],
    [0, '0/s'],
    [null, '–'],
  ])('writes %s a second as %s', (rate, words) => expect(formatRate(rate)).toBe(words));
  it.each([
    [28_232 / 60, '470/s'],
    [3976 / 240, '16.5/s'],
    [16_384 / 240, '68.2/s'],
    [16_384 / 30, '546/s'],
  ])('rounds what can be sustained down: %d is %s', (rate, words) =>
    expect(formatSustainable(rate)).toBe(words),
  );
  it('signs a change', () => {
    expect([formatChangePerMinute(1104), formatChangePerMinute(-30), formatChangePerMinute(0.2)]).toEqual([
      '+1,104 per minute',
      '−30 per minute',
      'steady',
    ]);
  });
});

describe('states', () => {
  it('has a shape for every state, so that colour is never alone', () => {
    const states = [
      'TIME_WAIT',
      'ESTABLISHED',
      'LISTEN',
      'CLOSE_WAIT',
      'SYN_SENT',
      'FIN_WAIT_2',
      'RESERVED',
      'FREE',
    ];
    expect(new Set(states.map(stateKind)).size).toBe(states.length);
    expect(stateKind('SOMETHING_NEW')).toBe('fin');
  });
  it("writes a state as the system's own tools do", () => {
    expect([formatState('TIME_WAIT'), formatState('TIME_WAIT', 'win32')]).toEqual(['TIME-WAIT', 'TIME_WAIT']);
    expect([formatStateWord('ESTABLISHED'), formatStateWord('CLOSE_WAIT')]).toEqual([
      'Established',
      'CLOSE-WAIT',
    ]);
  });
  it('reads the codes of the port map', () => {
    expect([
      portMeaning(0, true),
      portMeaning(0, false),
      portMeaning(46, true),
      portMeaning(8, true),
    ]).toEqual([
      { state: 'FREE', shareLeft: null },
      { state: 'OUTSIDE', shareLeft: null },
      { state: 'TIME_WAIT', shareLeft: 0.5 },
      { state: 'TIME_WAIT', shareLeft: null },
    ]);
  });
});

describe('pools', () => {
  it('brackets an IPv6 address before its port', () => {
    expect(formatEndpoint('2001:db8::1', 443)).toBe('[2001:db8::1]:443');
  });
  it('names a pool without destination by what it has', () => {
    expect(formatPoolTarget({ localAddress: '', remoteAddress: '', remotePort: 0 })).toBe('any destination');
    expect(formatPoolTarget({ localAddress: '10.0.2.7', remoteAddress: '', remotePort: 0 })).toBe(
      'from 10.0.2.7',
    );
  });
  it('writes the filter that selects a pool', () => {
    const pool = { localAddress: '10.0.2.7', remoteAddress: '10.0.3.12', remotePort: 443 };
    expect(poolFilter(pool)).toBe('src:10.0.2.7 dst:10.0.3.12:443');
  });
});
