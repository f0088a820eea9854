/** Programs of Linux. The last folder is NixOS's, whose programs are nowhere else; root owns it too. */
import { toolsOf, type ProgramEntry, type ProgramTable } from './table.ts';

/** Programs of NixOS that give rights stand there; those in the last folder have no set-uid bit. */
const WRAPPERS = '/run/wrappers/bin';
const FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/run/current-system/sw/bin'];

export const LINUX_PROGRAMS: ProgramTable = new Map([
  ...packaged('iproute2 or iproute', 'ss', 'ip', 'nstat'),
  ...packaged('net-tools', 'netstat'),
  ...packaged('procps or procps-ng', 'sysctl', 'ps'),
  ...packaged('conntrack or conntrack-tools', 'conntrack'),
  ...packaged('lsof', 'lsof'),
  ...packaged('coreutils', 'cat', 'ls', 'uname'),
  ...packaged('libc-bin or glibc-common', 'getconf'),
  ...packaged('nftables', 'nft'),
  ...packaged('iptables', 'iptables-save'),
  ...packaged('systemd', 'systemctl'),
  ...packaged('dash or bash', 'sh'),
  ...toolsOf([WRAPPERS, ...FOLDERS], ['sudo', 'doas'], (tool) => `${tool} is in the package of that name`),
  ...toolsOf([WRAPPERS, ...FOLDERS], ['pkexec'], () => 'pkexec is in the package polkit'),
]);

function packaged(name: string, ...tools: string[]): [string, ProgramEntry][] {
  return toolsOf(FOLDERS, tools, (tool) => `${tool} is in the package ${name}`);
}
