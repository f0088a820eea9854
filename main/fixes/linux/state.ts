/** What fixes need to know of this machine beside its sockets. Reads settings that fixes may write, and writes none. */
import { WRITABLE_KEYS } from '../../core/fixes/allowed.ts';
import { LIMITS_FILE } from '../../core/fixes/linux/limits-file.ts';
import { SYSCTL_FILE } from '../../core/fixes/linux/persist.ts';
import type { Known, PortUser, SystemState } from '../../core/fixes/model.ts';
import { kernelOf } from '../../core/fixes/state-from-facts.ts';
import { readSettingFile, readText, readWholeFile } from '../read-known.ts';
import { readLaterFiles } from './later-files.ts';
import { readLimitedProcess } from './limited-process.ts';

/** Read, but never written. */
const READ_ONLY_KEYS = ['net.ipv4.ip_unprivileged_port_start', 'fs.nr_open', 'kernel.osrelease'];

export interface LinuxStateInput {
  tcpPorts: readonly PortUser[];
  /** The process whose limits are wanted, or null. */
  pid: number | null;
  /** Where the machine's files begin; "" but in tests. */
  root?: string;
}

/** The state of the network namespace that this process is in. */
export function readLinuxState({ tcpPorts, pid, root = '' }: LinuxStateInput): SystemState {
  const values = new Map<string, Known>();
  for (const key of [...WRITABLE_KEYS, ...READ_ONLY_KEYS]) values.set(key, readLinuxSetting(key, root));
  const limited = pid === null ? null : readLimitedProcess(pid, root);
  const paths = [SYSCTL_FILE, LIMITS_FILE, ...(limited?.unit ? [dropInOf(limited.unit)] : [])];
  return {
    system: 'linux',
    isLegacyWindows: false,
    kernel: kernelOf(values.get('kernel.osrelease')),
    values,
    files: new Map(paths.map((path) => [path, readWholeFile(`${root}${path}`)])),
    laterFiles: readLaterFiles(root),
    tcpPorts,
    udpPorts: readUdpPorts(root),
    processes: limited ? [limited] : [],
  };
}

/** "net.ipv4.tcp_tw_reuse", of this process's network namespace where it is of one. */
export function readLinuxSetting(key: string, root = ''): Known {
  return readSettingFile(`${root}/proc/sys/${key.replaceAll('.', '/')}`);
}

function dropInOf(unit: string): string {
  return `/etc/systemd/system/${unit}.d/90-fourtuple.conf`;
}

/** "  12: 0100007F:0277 00000000:0000 07 …" (net/ipv4/udp.c, udp4_format_sock): the local port in hexadecimal. */
const UDP_ROW = /^\s*\d+: [0-9A-F]{8,32}:([0-9A-F]{4}) /;

function readUdpPorts(root: string): PortUser[] | null {
  const tables = ['udp', 'udp6'].map((name) => readText(`${root}/proc/net/${name}`));
  if (tables.every(({ kind }) => kind !== 'value')) return null;
  const ports = new Set<number>();
  for (const line of tables.flatMap((table) => (table.kind === 'value' ? table.text.split('\n') : []))) {
    const row = UDP_ROW.exec(line);
    if (row?.[1] !== undefined) ports.add(parseInt(row[1], 16));
  }
  return [...ports].map((port) => ({ port, protocol: 'udp', process: null }));
}
