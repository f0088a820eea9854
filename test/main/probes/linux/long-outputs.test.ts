import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import type { OutputParser } from '../../../../main/core/readings.ts';
import { recogniseError } from '../../../../main/probes/errors.ts';
import { parseCgroup } from '../../../../main/probes/linux/cgroup.ts';
import { parseConntrack, parseConntrackStatistics } from '../../../../main/probes/linux/conntrack.ts';
import { parseIpAddress, parseIpRoute } from '../../../../main/probes/linux/ip.ts';
import { MISLEADING_LINUX_PROBES } from '../../../../main/probes/linux/misleading.ts';
import { parseNstat } from '../../../../main/probes/linux/nstat.ts';
import { parseProcSnmp } from '../../../../main/probes/linux/proc-snmp.ts';
import { parseProcSockstat } from '../../../../main/probes/linux/proc-sockstat.ts';
import { parseDescriptors, parseProcessLimits } from '../../../../main/probes/linux/process-limits.ts';
import { MAX_FACTS } from '../../../../main/probes/reading-builder.ts';
import { parseSysctl } from '../../../../main/probes/sysctl.ts';
import { read } from '../../../support/probe-facts.ts';

/** Linear is a factor of 10; the rest is room for a busy machine and the collector of garbage. */
const MOST_FOR_TENFOLD = 60;
const SHORT = 5000;

const FLOW =
  'tcp      6 118 TIME_WAIT src=192.0.2.10 dst=192.0.2.11 sport=52974 dport=8080 src=192.0.2.11 dst=192.0.2.10 sport=8080 dport=52974 [ASSURED] mark=0 use=1\n';

const LINES: readonly (readonly [string, OutputParser, string])[] = [
  ['sysctl', parseSysctl, 'net.ipv4.conf.eth0.arp_filter = 0\n'],
  ['conntrack', parseConntrack, FLOW],
  ['conntrack statistics', parseConntrackStatistics, 'cpu=0 found=1 drop=2\n'],
  ['snmp', parseProcSnmp, 'Tcp: A B\nTcp: 1 2\n'],
  ['sockstat', parseProcSockstat, 'TCP: inuse 11 orphan 0\n'],
  ['nstat', parseNstat, 'TcpActiveOpens 4 0.0\n'],
  ['cgroup', parseCgroup, '0::/system.slice/nginx.service\n'],
  [
    'limits',
    parseProcessLimits,
    'Max open files            20000                20000                files     \n',
  ],
  ['descriptors', parseDescriptors, 'lrwx------ 1 root root 64 Nov 23 03:37 19 -> socket:[8027228]\n'],
  ['ip addr', parseIpAddress, '    inet 192.0.2.10/24 scope global v0\n'],
  ['ip route', parseIpRoute, '192.0.2.0/24 dev v0 proto kernel\n'],
  ['hostile lines', parseConntrack, `tcp 6 1 ${'src= '.repeat(20)}\n`],
  ['error lines', parseSysctl, 'sysctl: cannot stat /proc/sys/net/x: No such file or directory\n'],
];

function millisecondsFor(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

describe('long outputs', () => {
  // Again where something else took the processor meanwhile.
  it.each(LINES)('%s: ten times the lines take about ten times as long', { retry: 3 }, (_, parser, line) => {
    const short = line.repeat(SHORT);
    const long = line.repeat(SHORT * 10);
    read(parser, short);
    const once = Math.max(
      2,
      millisecondsFor(() => read(parser, short)),
    );
    expect(millisecondsFor(() => read(parser, long)) / once).toBeLessThan(MOST_FOR_TENFOLD);
  });

  it('keeps 100,000 facts of 150,000 lines and counts the others', { timeout: 60_000 }, () => {
    const reading = read(parseConntrack, FLOW.repeat(150_000));
    expect(reading.facts).toHaveLength(MAX_FACTS);
    expect(reading.skipped).toEqual([{ what: 'facts', count: 150_000 - MAX_FACTS }]);
    expect(reading.problemCount).toBe(0);
  });

  it('one line of 10 MB costs no more than itself', { timeout: 60_000 }, () => {
    for (const [, parser, line] of LINES) {
      const text = `${line.trimEnd().repeat(Math.ceil(10_000_000 / line.length))}\n${line}`;
      const reading = read(parser, text);
      for (const { text: shown } of reading.problems) expect(shown.length).toBeLessThanOrEqual(256);
    }
    for (const { folklore } of MISLEADING_LINUX_PROBES) folklore?.reduce('x '.repeat(5_000_000));
    expect(recogniseError(': '.repeat(5_000_000))).toBeNull();
  });
});
