import { symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readLinuxState } from '../../../../main/fixes/linux/state.ts';
import { aProcess, aRoot } from '../../../support/fake-root.ts';

const SYSCTL_FILE = '/etc/sysctl.d/90-fourtuple.conf';
const at = (root: string, pid: number | null = null) => readLinuxState({ tcpPorts: [], pid, root });

describe('the state of this Linux', () => {
  test.skipIf(process.platform !== 'linux')('is read, each setting as the kernel has it', () => {
    const { values, kernel, udpPorts } = readLinuxState({ tcpPorts: [], pid: process.pid });
    expect(values.get('net.ipv4.ip_local_port_range')).toMatchObject({
      text: expect.stringMatching(/^\d+ \d+$/),
    });
    expect(values.get('net.inet.tcp.msl')).toEqual({ kind: 'absent' });
    expect(kernel?.major).toBeGreaterThan(2);
    expect(udpPorts).not.toBeNull();
  });

  test('S8: keeps apart what is absent and what cannot be read', () => {
    const { values, udpPorts, processes } = at(aRoot({}), 1);
    expect(values.get('net.ipv4.tcp_tw_reuse')).toEqual({ kind: 'absent' });
    expect(udpPorts).toBeNull();
    expect(processes).toEqual([]);
  });

  test('F4: has the white space within a setting as one space, and an empty list as empty', () => {
    const root = aRoot({
      '/proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
      '/proc/sys/net/ipv4/ip_local_reserved_ports': '\n',
      '/proc/sys/kernel/osrelease': '6.18.44-generic\n',
    });
    const { values, kernel } = at(root);
    expect(values.get('net.ipv4.ip_local_port_range')).toEqual({ kind: 'value', text: '32768 60999' });
    expect(values.get('net.ipv4.ip_local_reserved_ports')).toEqual({ kind: 'value', text: '' });
    expect(kernel).toEqual({ major: 6, minor: 18 });
  });

  test('F7: has the UDP ports of both families', () => {
    const head = '  sl  local_address rem_address   st tx_queue rx_queue\n';
    const root = aRoot({
      '/proc/net/udp': `${head}  12: 0100007F:0277 00000000:0000 07 00000000:00000000\n`,
      '/proc/net/udp6': `${head}   3: ${'0'.repeat(32)}:14E9 ${'0'.repeat(32)}:0000 07 00000000:00000000\n`,
    });
    expect(at(root).udpPorts?.map(({ port }) => port)).toEqual([631, 5353]);
  });

  test('F8: names the file that is read after ours and sets the same', () => {
    const root = aRoot({
      '/etc/sysctl.d/10-first.conf': 'net.core.somaxconn = 1\n',
      '/etc/sysctl.d/99-site.conf':
        '# net.ipv4.tcp_timestamps = 0\n-net/ipv4/tcp_tw_reuse=2\nvm.swappiness=1\n',
    });
    expect([...at(root).laterFiles]).toEqual([['net.ipv4.tcp_tw_reuse', '/etc/sysctl.d/99-site.conf']]);
  });

  test('has a process with its identity, its limits and the file that keeps them', () => {
    const root = aRoot({ ...aProcess(4312), '/etc/passwd': 'root:x:0:0::/:\nwww-data:x:33:33::/:\n' });
    const { processes, files } = at(root, 4312);
    expect(processes).toEqual([
      {
        pid: 4312,
        startTicks: 88_001,
        process: 'a) R 7 (b',
        descriptors: 2,
        softLimit: 1024,
        hardLimit: 524_288,
        unit: 'order-sync.service',
        user: 'www-data',
      },
    ]);
    expect(files.get('/etc/systemd/system/order-sync.service.d/90-fourtuple.conf')).toEqual({
      kind: 'absent',
    });
    const unlimited = aRoot(aProcess(7, { limits: 'unlimited            unlimited' }));
    expect(at(unlimited, 7).processes).toMatchObject([{ softLimit: null, hardLimit: null }]);
  });

  test('S3: a process that has ended has no limits', () => {
    expect(at(aRoot(aProcess(4312, { state: 'Z' })), 4312).processes).toEqual([]);
  });

  test('F6, F8: a file of ours is read exactly, or not known with the reason', () => {
    const read = (content: string | Uint8Array) =>
      at(aRoot({ [SYSCTL_FILE]: content })).files.get(SYSCTL_FILE);
    expect(read('a\n\n ')).toEqual({ kind: 'value', text: 'a\n\n ' });
    expect(read('')).toEqual({ kind: 'value', text: '' });
    expect(read('\ufeffa')).toEqual({ kind: 'value', text: '\ufeffa' });
    expect(read(Uint8Array.of(0x61, 0xff))).toEqual({ kind: 'unknown', why: 'it is not text' });
    expect(read('a\0b')).toEqual({ kind: 'unknown', why: 'it is not text' });
    expect(read('x'.repeat(70_000))).toMatchObject({ why: 'it is larger than any file of ours' });
    const root = aRoot({ '/etc/sysctl.d/else': 'a' });
    symlinkSync('else', `${root}${SYSCTL_FILE}`);
    expect(at(root).files.get(SYSCTL_FILE)).toEqual({ kind: 'unknown', why: 'it is a link' });
  });
});
