/** A platform whose sockets, settings and failures a test decides. */
import type { Failure, SocketOwner, StackCounters } from '../../main/core/model.ts';
import type { Platform } from '../../main/sampling/source.ts';
import type { SamplerClock } from '../../main/sampling/sampler.ts';
import { appendRow, type CompactRow } from './tables.ts';
import { linuxSettings } from './pools.ts';

export const NO_COUNTERS: StackCounters = {
  activeOpens: null,
  passiveOpens: null,
  attemptFails: null,
  establishedResets: null,
  retransmittedSegments: null,
  timeWaitEntered: null,
  timeWaitRecycled: null,
  timeWaitOverflow: null,
  listenOverflows: null,
  listenDrops: null,
  socketStatTimeWait: null,
  socketStatInUse: null,
  socketStatInUse6: null,
  orphans: null,
  conntrackCount: null,
  conntrackMax: null,
  fileHandlesUsed: null,
  fileHandlesMax: null,
};

export class FakePlatform implements Platform {
  rows: CompactRow[] = [];
  liveRows: CompactRow[] = [];
  counters = NO_COUNTERS;
  settings = linuxSettings();
  owners_: SocketOwner[] = [];
  failure: Failure | null = null;
  closed = false;

  openSource: Platform['openSource'] = () => ({
    ok: true,
    value: {
      degradations: [],
      source: {
        name: 'sock_diag',
        dump: (table) => this.fill(table, this.rows),
        dumpLive: (table) => this.fill(table, this.liveRows),
        close: () => {
          this.closed = true;
        },
      },
    },
  });

  reader: Platform['reader'] = {
    readTarget: () => ({ hostname: 'ci-runner-07', platform: 'linux', release: '6.18', address: '10.0.2.7' }),
    readSettings: () => ({ settings: this.settings, degradations: [] }),
    readCounters: () => this.counters,
  };

  owners: Platform['owners'] = {
    resolve: () => ({ notPermitted: 0, unresolved: 0, tookMs: 0 }),
    owner: (index) => this.owners_[index] ?? null,
  };

  private fill(table: Parameters<typeof appendRow>[0], rows: readonly CompactRow[]) {
    table.clear();
    if (this.failure) return { ok: false as const, failure: this.failure };
    for (const row of rows) appendRow(table, row);
    return {
      ok: true as const,
      value: { source: 'sock_diag' as const, dumpMs: 1, approximate: false, degradations: [] },
    };
  }
}

/** A clock that a test moves; suspend() moves wall time only, as sleep does. */
export class FakeClock implements SamplerClock {
  private wallMs = 1_700_000_000_000;
  private steadyMs = 1000;
  nowMs = () => this.wallMs;
  monotonicMs = () => this.steadyMs;
  advance(ms: number): void {
    this.wallMs += ms;
    this.steadyMs += ms;
  }
  step(ms: number): void {
    this.wallMs += ms;
  }
}
