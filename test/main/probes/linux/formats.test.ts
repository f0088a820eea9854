import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../../main/probes/formats.ts';
import { readFixtureText } from '../../../support/fixtures.ts';

/** Which format takes each recording of Linux tools that prints no sockets, among all formats there are. */
describe('detectFormat', () => {
  it.each([
    ['linux/sysctl/6.18-with-errors', 'sysctl'],
    ['linux/sysctl/ubuntu-like', 'sysctl'],
    ['macos/sysctl/10.14', 'sysctl'],
    ['freebsd/sysctl/12', 'sysctl'],
    ['linux/proc-net-snmp/6.18', 'proc-snmp'],
    ['linux/proc-net-netstat/6.18', 'proc-netstat'],
    ['linux/proc-net-sockstat/6.18', 'proc-sockstat'],
    ['linux/nstat/6.1', 'nstat'],
    ['linux/proc-nf-conntrack/6.18', 'conntrack'],
    ['linux/conntrack-list/1.4.7', 'conntrack'],
    ['linux/conntrack-statistics/losses', 'conntrack-statistics'],
    ['linux/proc-stat-nf-conntrack/four-cpus', 'conntrack-statistics'],
    ['linux/ip-address/json', 'ip-address'],
    ['linux/ip-address/text', 'ip-address'],
    ['linux/ip-address/brief', 'ip-address'],
    ['linux/ip-route/json', 'ip-route'],
    ['linux/ip-route/text', 'ip-route'],
    ['linux/cgroup/docker', 'cgroup'],
    ['linux/cgroup/systemd', 'cgroup'],
    ['linux/process-limits/6.18', 'process-limits'],
    ['linux/file-nr/6.18', 'file-nr'],
  ])('takes %s for %s', (path, format) => {
    const head = readFixtureText(`${path}/stdout`).slice(0, 16 * 1024);
    expect(detectFormat(head)?.id).toBe(format);
    expect(detectFormat(head.replaceAll('\n', '\r\n'))?.id).toBe(format);
  });

  it.each(['linux/conntrack-list/refused', 'linux/descriptors/refused'])(
    'takes a mere refusal for nothing: %s',
    (path) => {
      expect(detectFormat(readFixtureText(`${path}/stdout`))).toBeNull();
    },
  );
});
