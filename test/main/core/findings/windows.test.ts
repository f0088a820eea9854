import { describe, expect, it } from 'vitest';
import { windowsBoundLeak } from '../../../../main/core/findings/windows-bound-leak.ts';
import { windowsEvents } from '../../../../main/core/findings/windows-events.ts';
import { windowsExcludedBlocks } from '../../../../main/core/findings/windows-excluded-blocks.ts';
import { windowsMaxUserPort } from '../../../../main/core/findings/windows-max-user-port.ts';
import { windowsTimedWaitDelay } from '../../../../main/core/findings/windows-timed-wait-delay.ts';
import type { FindingEvidence, WindowsExtras } from '../../../../main/core/findings/evidence.ts';
import { findingEvidence } from '../../../support/evidence-of.ts';
import { aPile } from '../../../support/piles.ts';
import { linuxSettings } from '../../../support/pools.ts';

const settings = linuxSettings({
  profileId: 'windows',
  range: { first: 49152, last: 65535 },
  timeWaitSeconds: 120,
  scope: 'host',
});
const evidence = (windows: Partial<WindowsExtras>, parts: Partial<FindingEvidence> = {}) =>
  findingEvidence({
    system: 'windows',
    settings,
    capacity: 16384,
    windows: { maxUserPort: null, timedWaitDelaySeconds: null, isLegacy: false, events: [], ...windows },
    ...parts,
  });

describe('the rules for Windows', () => {
  it('TcpTimedWaitDelay: speaks of values that Windows does not take', () => {
    const at = (seconds: number | null) =>
      windowsTimedWaitDelay.find(evidence({ timedWaitDelaySeconds: seconds })).length;
    expect([at(29), at(30), at(300), at(301), at(null)]).toEqual([1, 0, 0, 1, 0]);
  });

  it('MaxUserPort: speaks where it is set and not read', () => {
    expect(windowsMaxUserPort.find(evidence({ maxUserPort: 65534 }))).toMatchObject([{ level: 'notice' }]);
    expect(windowsMaxUserPort.find(evidence({ maxUserPort: 65534, isLegacy: true }))).toEqual([]);
    expect(windowsMaxUserPort.find(evidence({}))).toEqual([]);
  });

  it('events: 4231 of the last minutes is critical, 4227 a warning, and each says what it means', () => {
    const atMs = Date.parse('2026-11-22T03:20:00Z');
    const at = (lastAt: string | null) => {
      const events = [4227, 4231, 4266, 9999].map((id) => ({ id, count: 2, lastAt }));
      return windowsEvents.find(evidence({ events }, { atMs }));
    };
    const levels = (lastAt: string | null) => at(lastAt).map(({ id, level }) => `${id.slice(-4)} ${level}`);
    expect(levels('2026-11-22 03:12 UTC')).toEqual(['4227 warning', '4231 critical', '4266 warning']);
    expect(at(null)[1]?.sentence).toBe(
      'The System log has 2 events 4231 of Tcpip: a program asked for a port and none of the dynamic range was free.',
    );
  });

  it('events: older ones, and those of unknown age, weigh one level less', () => {
    const events = [{ id: 4231, count: 1, lastAt: '2026-11-22 03:12 UTC' }];
    const level = (at: string, origin: 'live' | 'imported' = 'live') =>
      windowsEvents.find(evidence({ events }, { atMs: Date.parse(at), origin }))[0]?.level;
    expect(level('2026-11-22T03:27:00Z')).toBe('critical');
    expect(level('2026-11-22T03:28:00Z')).toBe('warning');
    expect(level('2026-11-22T03:13:00Z', 'imported')).toBe('warning');
  });

  it('excluded blocks: figures of domain example 21, 560 ports of 16,384', () => {
    const reserved = [
      { first: 49671, last: 49770 },
      { first: 50000, last: 50059 },
    ];
    const at = (reservedCount: number) =>
      windowsExcludedBlocks.find(
        evidence({}, { reservedCount, capacity: 16384 - reservedCount, settings: { ...settings, reserved } }),
      );
    expect(at(490)).toEqual([]);
    expect(at(560)).toMatchObject([{ level: 'notice' }]);
    expect(at(560)[0]?.sentence).toContain(
      '560 of 16,384 dynamic ports are excluded (3%), among them 1 block of 100',
    );
    expect(at(8192)).toMatchObject([{ level: 'warning' }]);
  });

  it('bound sockets: warns of five hundred of one process, critical from half of the range, on Windows only', () => {
    const piles = (sockets: number) => [aPile({ state: 'BOUND', sockets, destination: null })];
    const at = (sockets: number) =>
      windowsBoundLeak.find(evidence({}, { piles: piles(sockets) })).map(({ level }) => level);
    expect([at(499), at(500), at(8192)]).toEqual([[], ['warning'], ['critical']]);
    expect(windowsBoundLeak.find(findingEvidence({ piles: piles(9000) }))).toEqual([]);
  });
});
