import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSysctl, sysctlFormat } from '../../../main/probes/sysctl.ts';
import { readFixtureText, readSharedFixture } from '../../support/fixtures.ts';
import { countKinds, read, valuesOf } from '../../support/probe-facts.ts';

describe('parseSysctl', () => {
  it('reads values of Linux and which names do not exist', () => {
    const reading = read(parseSysctl, readFixtureText('linux/sysctl/6.18-with-errors/stdout'));
    expect(reading).toMatchObject({
      format: 'sysctl',
      system: 'linux',
      rows: 0,
      problemCount: 0,
      truncated: false,
    });
    expect(countKinds(reading)).toEqual({ setting: 17, absent: 3 });
    expect(valuesOf(reading)).toMatchObject({
      'net.ipv4.ip_local_port_range': '32768 60999',
      'net.ipv4.ip_local_reserved_ports': '',
      'net.ipv4.tcp_tw_reuse': '2',
      'net.ipv4.tcp_max_tw_buckets': '131072',
      'net.netfilter.nf_conntrack_max': '262144',
    });
    expect(reading.facts.filter((fact) => fact.kind === 'absent')).toEqual([
      { kind: 'absent', line: 18, name: 'net.ipv4.tcp_max_orphans', why: 'it does not exist here' },
      { kind: 'absent', line: 19, name: 'net.ipv4.tcp_mem', why: 'it does not exist here' },
      { kind: 'absent', line: 20, name: 'net.ipv4.tcp_tw_recycle', why: 'it does not exist here' },
    ]);
  });

  it('keeps names with a slash, lists of ports, and what may not be read', () => {
    const reading = read(parseSysctl, readFixtureText('linux/sysctl/ubuntu-like/stdout'));
    expect(valuesOf(reading)).toEqual({
      'fs.file-max': '194386',
      'fs.file-nr': '1024 0 194386',
      'net.core.somaxconn': '128',
      'net.ipv4.conf.eth0/100.arp_filter': '0',
      'net.ipv4.ip_local_port_range': '10240 65535',
      'net.ipv4.ip_local_reserved_ports': '10250,15432,30000-30009',
      'net.ipv4.tcp_available_ulp': '',
      'net.ipv4.tcp_max_tw_buckets': '8192',
      'net.ipv4.tcp_tw_reuse': '1',
    });
    expect(reading.facts.filter((fact) => fact.kind === 'absent')).toEqual([
      {
        kind: 'absent',
        line: 10,
        name: 'net.ipv6.conf.all.stable_secret',
        why: 'reading it is not permitted',
      },
      { kind: 'absent', line: 11, name: 'net.ipv4.tcp_fastopen_key', why: 'reading it is not permitted' },
    ]);
    expect(reading.problemCount).toBe(0);
  });

  it('reads what a normal user gets', () => {
    const reading = read(parseSysctl, readFixtureText('linux/sysctl/refused/stdout'));
    expect(valuesOf(reading)).toEqual({ 'net.ipv4.tcp_tw_reuse': '2' });
    expect(countKinds(reading)).toEqual({ absent: 1, setting: 1 });
  });

  it('reads the form of macOS and knows the system by its names', () => {
    const reading = read(parseSysctl, readFixtureText('macos/sysctl/10.14/stdout'));
    expect(reading).toMatchObject({ system: 'macos', problemCount: 0 });
    expect(valuesOf(reading)).toMatchObject({
      'net.inet.ip.portrange.first': '49152',
      'net.inet.ip.portrange.last': '65535',
      'net.inet.tcp.msl': '15000',
    });
    expect(reading.facts.at(-1)).toMatchObject({ kind: 'absent', name: 'net.inet.tcp.nonsense' });
  });

  it('reads the form of FreeBSD, counting the second line of a value', () => {
    const reading = read(parseSysctl, readFixtureText('freebsd/sysctl/12/stdout'));
    expect(reading).toMatchObject({ system: 'freebsd', problemCount: 0 });
    expect(reading.skipped).toEqual([{ what: 'continuation', count: 1 }]);
    expect(valuesOf(reading)).toMatchObject({
      'net.inet.tcp.maxtcptw': '12860',
      'net.inet.tcp.msl': '30000',
    });
  });

  const shared = [
    [
      'linux-sysctl-ubuntu1804.txt',
      29,
      {
        'net.ipv4.ip_local_port_range': '32768 60999',
        'net.core.somaxconn': '128',
        'net.ipv4.tcp_max_tw_buckets': '8192',
        'net.ipv4.tcp_mem': '22113 29485 44226',
      },
    ],
    [
      'macos-sysctl-osx1014.txt',
      16,
      {
        'net.inet.ip.portrange.first': '49152',
        'net.inet.ip.portrange.last': '65535',
        'net.inet.tcp.msl': '15000',
        'kern.ipc.somaxconn': '128',
      },
    ],
    [
      'freebsd-sysctl-12.txt',
      24,
      {
        'net.inet.ip.portrange.first': '10000',
        'net.inet.ip.portrange.last': '65535',
        'net.inet.tcp.msl': '30000',
        'net.inet.tcp.maxtcptw': '12860',
        'net.inet.tcp.finwait2_timeout': '60000',
      },
    ],
    ['linux-sysctl-6.18-with-errors.txt', 17, { 'net.ipv4.tcp_max_tw_buckets': '131072' }],
  ] as const;
  for (const [name, settings, some] of shared) {
    const fixture = readSharedFixture(name);
    it.skipIf(!fixture.found)(
      `reads the shared recording ${name}${fixture.found ? '' : ` (${fixture.why})`}`,
      () => {
        const text = fixture.found ? new TextDecoder().decode(fixture.bytes) : '';
        const reading = read(parseSysctl, text);
        expect(countKinds(reading)['setting']).toBe(settings);
        expect(reading.problemCount).toBe(0);
        expect(valuesOf(reading)).toMatchObject(some);
        expect(sysctlFormat.recognises(text)).toBe(1);
      },
    );
  }

  it('says which line it does not understand and keeps the others', () => {
    const reading = read(parseSysctl, 'net.a.b = 1\nwhat is this\nnet.a.c = 2\n');
    expect(reading.problems).toEqual([
      { line: 2, text: 'what is this', why: 'neither a setting nor a message of sysctl' },
    ]);
    expect(valuesOf(reading)).toEqual({ 'net.a.b': '1', 'net.a.c': '2' });
  });

  it('C5: drops a last line without its end and says so, since a digit may be missing', () => {
    const reading = read(parseSysctl, 'net.a.b = 1\r\nnet.ipv4.tcp_max_tw_buckets = 1310');
    expect(valuesOf(reading)).toEqual({ 'net.a.b': '1' });
    expect(reading.truncated).toBe(true);
  });

  it('T1: shows hidden characters of a value as escapes', () => {
    expect(valuesOf(read(parseSysctl, 'kernel.hostname = a\u001b[2Jb\u202e\n'))).toEqual({
      'kernel.hostname': 'a\\x1b[2Jb\\u202e',
    });
  });

  it('keeps a list of reserved ports that is long whole', () => {
    const list = Array.from({ length: 5000 }, (_, index) => 10000 + index * 2).join(',');
    const reading = read(parseSysctl, `net.ipv4.ip_local_reserved_ports = ${list}\n`);
    expect(valuesOf(reading)).toEqual({ 'net.ipv4.ip_local_reserved_ports': list });
  });

  it('says nothing at all of an empty output', () => {
    expect(read(parseSysctl, '')).toMatchObject({
      facts: [],
      problemCount: 0,
      truncated: false,
      system: null,
    });
  });

  it('never throws, and loses no setting to any line beside it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (lines) => {
        const noise = lines.map((line) => line.replaceAll('\n', ' ')).join('\n');
        const text = `net.ipv4.tcp_tw_reuse = 1\n${noise}\nnet.core.somaxconn = 4096\n`;
        expect(valuesOf(read(parseSysctl, text))).toMatchObject({
          'net.ipv4.tcp_tw_reuse': '1',
          'net.core.somaxconn': '4096',
        });
      }),
    );
  });
});

describe('sysctlFormat', () => {
  it('takes no listing of sockets and no socket totals for settings', () => {
    expect(sysctlFormat.recognises('TCP: inuse 11 orphan 0\nUDP: inuse 0\n')).toBe(0);
    expect(sysctlFormat.recognises('ESTAB 0 0 10.0.0.1:22 10.0.0.2:50000\n')).toBe(0);
  });
});
