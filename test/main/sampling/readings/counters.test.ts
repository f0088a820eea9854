import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../../main/core/readings.ts';
import { NO_COUNTERS, countersFrom } from '../../../../main/sampling/readings/counters.ts';

const counter = (group: string, name: string, value: number): Fact => ({
  kind: 'counter',
  line: 1,
  group,
  name,
  value,
});

describe('counters from facts', () => {
  it('knows the kernel’s names, and nothing where nothing is told', () => {
    expect(countersFrom([])).toEqual(NO_COUNTERS);
    const counters = countersFrom([
      counter('Tcp', 'ActiveOpens', 3556),
      counter('TcpExt', 'TW', 3),
      counter('sockstat TCP', 'tw', 9),
      counter('sockstat TCP6', 'inuse', 6),
      counter('Udp', 'ActiveOpens', 1),
      { kind: 'setting', line: 2, name: 'net.netfilter.nf_conntrack_max', value: '262144' },
    ]);
    expect(counters).toEqual({
      ...NO_COUNTERS,
      activeOpens: 3556,
      timeWaitEntered: 3,
      socketStatTimeWait: 9,
      socketStatInUse6: 6,
      conntrackMax: 262_144,
    });
  });

  it('knows the words of netstat -s on macOS and FreeBSD', () => {
    const counters = countersFrom([
      counter('tcp', 'connection requests', 120),
      counter('tcp', 'connection accepts', 7),
      counter('tcp', 'listen queue overflows', 2),
    ]);
    expect(counters).toMatchObject({ activeOpens: 120, passiveOpens: 7, listenOverflows: 2 });
  });
});
