/** What fixes need to know of this machine beside its sockets. Reads settings that fixes may write, and writes none. */
import { readdirSync, readFileSync } from 'node:fs';
import { WRITABLE_KEYS } from '../core/fixes/allowed.ts';
import { normalised, valueOf } from '../core/fixes/known.ts';
import { LIMITS_FILE } from '../core/fixes/linux/descriptor-limit.ts';
import { SYSCTL_FILE } from '../core/fixes/linux/persist.ts';
import type { Known, LimitedProcess, PortUser, SystemState } from '../core/fixes/model.ts';
import { kernelOf } from '../core/fixes/state-from-facts.ts';
import { sanitiseText } from '../core/sanitise.ts';

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
  for (const key of [...WRITABLE_KEYS, ...READ_ONLY_KEYS]) {
    const read = readKnown(`${root}/proc/sys/${key.replaceAll('.', '/')}`);
    values.set(key, read.kind === 'value' ? valueOf(normalised(read.text)) : read);
  }
  const limited = pid === null ? null : readProcess(root, pid);
  const paths = [SYSCTL_FILE, LIMITS_FILE, ...(limited?.unit ? [dropInOf(limited.unit)] : [])];
  return {
    system: 'linux',
    isLegacyWindows: false,
    kernel: kernelOf(values.get('kernel.osrelease')),
    values,
    files: new Map(paths.map((path) => [path, readKnown(`${root}${path}`)])),
    laterFiles: readLaterFiles(root),
    tcpPorts,
    udpPorts: readUdpPorts(root),
    processes: limited ? [limited] : [],
  };
}

function dropInOf(unit: string): string {
  return `/etc/systemd/system/${unit}.d/90-fourtuple.conf`;
}

export function readKnown(path: string): Known {
  try {
    return valueOf(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    if (code === 'EACCES' || code === 'EPERM') return { kind: 'unknown', why: 'this user may not read it' };
    return { kind: 'unknown', why: 'it could not be read' };
  }
}

function readText(path: string): string | null {
  const known = readKnown(path);
  return known.kind === 'value' ? known.text : null;
}

/** "  12: 0100007F:0277 00000000:0000 07 …" (net/ipv4/udp.c, udp4_format_sock): the local port in hexadecimal. */
const UDP_ROW = /^\s*\d+: [0-9A-F]{8,32}:([0-9A-F]{4}) /;

function readUdpPorts(root: string): PortUser[] | null {
  const texts = ['udp', 'udp6'].map((name) => readText(`${root}/proc/net/${name}`));
  if (texts.every((text) => text === null)) return null;
  const ports = new Set<number>();
  for (const line of texts.flatMap((text) => text?.split('\n') ?? [])) {
    const row = UDP_ROW.exec(line);
    if (row?.[1] !== undefined) ports.add(parseInt(row[1], 16));
  }
  return [...ports].map((port) => ({ port, protocol: 'udp', process: null }));
}

/** Folders in which sysctl --system looks, and the file that procps reads last. */
const SYSCTL_FOLDERS = [
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
];
const LAST_FILE = '/etc/sysctl.conf';
const OWN_NAME = SYSCTL_FILE.slice(SYSCTL_FILE.lastIndexOf('/') + 1);

function readLaterFiles(root: string): Map<string, string> {
  const later = new Map<string, string>();
  const paths = SYSCTL_FOLDERS.flatMap((folder) =>
    listFolder(`${root}${folder}`)
      .filter((name) => name.endsWith('.conf') && name > OWN_NAME)
      .map((name) => `${folder}/${name}`),
  );
  for (const path of [...paths, LAST_FILE]) {
    for (const line of readText(`${root}${path}`)?.split('\n') ?? []) {
      const key = /^\s*-?([\w./-]+)\s*=/.exec(line)?.[1]?.replaceAll('/', '.');
      if (key !== undefined && WRITABLE_KEYS.includes(key)) later.set(key, sanitiseText(path));
    }
  }
  return later;
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

function readProcess(root: string, pid: number): LimitedProcess | null {
  const folder = `${root}/proc/${pid}`;
  const limits = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(
    readText(`${folder}/limits`) ?? '',
  );
  const stat = readText(`${folder}/stat`);
  if (!limits || stat === null) return null;
  // The name may hold ")" and blanks: the fields begin after the last one (hardening T3).
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const uid = /^Uid:\s+(\d+)/m.exec(readText(`${folder}/status`) ?? '')?.[1];
  return {
    pid,
    startTicks: start !== undefined && /^\d{1,15}$/.test(start) ? Number(start) : null,
    process: sanitiseText((readText(`${folder}/comm`) ?? String(pid)).trimEnd()),
    descriptors: listFolder(`${folder}/fd`).length || null,
    softLimit: limitOf(limits[1]),
    hardLimit: limitOf(limits[2]),
    unit: /\/([\w.@:-]+\.service)(?:\/|$)/m.exec(readText(`${folder}/cgroup`) ?? '')?.[1] ?? null,
    user: uid === undefined ? null : userOf(root, uid),
  };
}

function limitOf(text: string | undefined): number | null {
  return text === undefined || text === 'unlimited' ? null : Number(text);
}

function userOf(root: string, uid: string): string | null {
  const row = readText(`${root}/etc/passwd`)
    ?.split('\n')
    .find((line) => line.split(':')[2] === uid);
  return row?.split(':')[0] ?? null;
}
