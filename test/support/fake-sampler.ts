/** A sampler process that does what the test says; and a summary that the contract accepts. */
import type { Summary } from '../../main/core/model.ts';
import type { FromSampler, ToSampler } from '../../main/sampling/protocol.ts';
import { FakeChild } from './fake-child.ts';

export class FakeSampler extends FakeChild<ToSampler, FromSampler> {
  /** Answers calls at once when given. */
  answer: ((call: Extract<ToSampler, { type: 'call' }>) => FromSampler) | null = null;

  constructor(pid = 1000) {
    super(pid);
  }

  /** Ids of the calls it was sent. */
  get callIds(): number[] {
    return this.received.flatMap((message) => (message.type === 'call' ? [message.id] : []));
  }

  protected override react(message: ToSampler): void {
    if (message.type === 'call' && this.answer) this.say(this.answer(message));
  }
}

/** A summary of a quiet machine. */
export function quietSummary(change: Partial<Summary> = {}): Summary {
  return {
    sequence: 1,
    takenAtMs: 1_700_000_000_000,
    origin: { kind: 'live' },
    target: { hostname: 'host', platform: 'linux', release: '6.18', address: '192.0.2.1' },
    settings: {
      profileId: 'linux',
      profileName: 'Linux 6.18',
      range: { first: 32768, last: 60999 },
      reserved: [],
      timeWaitSeconds: 60,
      timeWaitBasis: 'kernel constant',
      reuse: { mode: 'loopback', delayMs: 1000, timestamps: true },
      scope: 'destination',
      slowFromShare: 0.5,
      maxTimeWaitSockets: 65536,
    },
    reservedCount: 0,
    totals: { sockets: 0, byState: {} },
    rates: { opensPerSecond: 0, closesPerSecond: 0, basis: 'timers and dumps' },
    pools: [],
    poolCount: 0,
    consumers: [],
    ownership: { observed: 0, inferred: 0, unknown: 0, notPermitted: 0 },
    listeners: [],
    verdict: {
      level: 'ok',
      sentence: 'Ports are plentiful.',
      spans: [{ text: 'Ports are plentiful.', kind: 'text' }],
      poolKey: null,
      confidence: 'high',
      confidenceReason: '3 sources agree',
      sources: ['sock_diag'],
    },
    findings: [],
    counters: {
      activeOpens: 0,
      passiveOpens: 0,
      attemptFails: 0,
      establishedResets: 0,
      retransmittedSegments: 0,
      timeWaitEntered: 0,
      timeWaitRecycled: 0,
      timeWaitOverflow: 0,
      listenOverflows: 0,
      listenDrops: 0,
      socketStatTimeWait: 0,
      socketStatInUse: 0,
      socketStatInUse6: 0,
      orphans: 0,
      conntrackCount: null,
      conntrackMax: null,
      fileHandlesUsed: 0,
      fileHandlesMax: 0,
    },
    degradations: [],
    sampler: {
      source: 'sock_diag',
      dumpMs: 1,
      sampleMs: 2,
      sockets: 0,
      approximate: false,
      intervalMs: 1000,
      effectiveIntervalMs: 1000,
      paused: false,
      costShare: 0,
      memoryBytes: 50_000_000,
    },
    ...change,
  };
}
