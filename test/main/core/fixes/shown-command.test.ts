import { expect, test } from 'vitest';
import type { Operation } from '../../../../main/core/fixes/model.ts';
import { emptiedSetting, shownCommand } from '../../../../main/core/fixes/shown-command.ts';

const run = (...argv: string[]): Operation => ({ kind: 'run', argv });

test.each([
  [
    run('sysctl', '-w', 'net.ipv4.ip_local_port_range=2048 65000'),
    'sysctl -w net.ipv4.ip_local_port_range="2048 65000"',
  ],
  [run('sysctl', '-w', 'net.ipv4.tcp_tw_reuse=1'), 'sysctl -w net.ipv4.tcp_tw_reuse=1'],
  [
    run('sysctl', '-w', 'net.ipv4.ip_local_reserved_ports='),
    'echo >/proc/sys/net/ipv4/ip_local_reserved_ports',
  ],
  [run('ss', '-tnHK', 'dst', '[::1]', 'dport', '=', ':8080'), "ss -tnHK dst '[::1]' dport = :8080"],
  [run('echo', "it's", 'a="b c"', 'x=$(id) y'), "echo \"it's\" 'a=\"b c\"' 'x=$(id) y'"],
  [run('echo', '\u001b[2J\u202e'), "echo '\\x1b[2J\\u202e'"],
  [
    { kind: 'write-file', path: '/etc/sysctl.d/90-fourtuple.conf', mode: '0644', content: 'x' },
    'write /etc/sysctl.d/90-fourtuple.conf (mode 0644)',
  ],
  [{ kind: 'delete-file', path: '/etc/sysctl.d/90-fourtuple.conf' }, 'rm /etc/sysctl.d/90-fourtuple.conf'],
] satisfies [Operation, string][])('%j is shown as %s', (operation, shown) => {
  expect(shownCommand(operation, 'linux')).toBe(shown);
});

test('only a setting of Linux that becomes empty is written another way than by sysctl', () => {
  expect(shownCommand(run('sysctl', '-w', 'net.inet.x='), 'macos')).toBe('sysctl -w net.inet.x=');
  expect(emptiedSetting(['sysctl', '-w', 'net.ipv4.x=1'])).toBeNull();
  expect(emptiedSetting(['sysctl', '-w', '../../etc/passwd='])).toBeNull();
  expect(emptiedSetting(['sysctl', '-w', 'a=', 'b='])).toBeNull();
  expect(emptiedSetting(['echo', '-w', 'a='])).toBeNull();
});
