/** What rules want to know of a Linux machine beside its sockets: settings that mislead, limits, surroundings. */
import { existsSync, readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { LinuxExtras, ProcessEvidence, SurroundingsEvidence } from '../../core/findings/evidence.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import type { PlatformExtras } from '../source.ts';
import { readProcText } from './proc-file.ts';
import { parseInteger } from './settings.ts';

/** `procRoot` is where /proc is mounted, `root` where the files of the system are. What cannot be read is null. */
export function readExtras(procRoot: string, root = ''): PlatformExtras {
  return {
    linux: readLinuxExtras(procRoot),
    windows: null,
    macos: null,
    surroundings: readSurroundings(root),
  };
}

function readLinuxExtras(procRoot: string): LinuxExtras {
  const number = (name: string): number | null => {
    const text = readProcText(`${procRoot}/sys/net/${name}`);
    const parsed = text.ok ? parseInteger(text.value) : text;
    return parsed.ok ? parsed.value : null;
  };
  return {
    finTimeoutSeconds: number('ipv4/tcp_fin_timeout'),
    twRecycle: number('ipv4/tcp_tw_recycle'),
    synRetries: number('ipv4/tcp_syn_retries'),
    unprivilegedPortStart: number('ipv4/ip_unprivileged_port_start'),
    maxOrphans: number('ipv4/tcp_max_orphans'),
    conntrackTimeWaitSeconds: number('netfilter/nf_conntrack_tcp_timeout_time_wait'),
    somaxconn: number('core/somaxconn'),
  };
}

/** What clouds write into the firmware's tables (/sys/class/dmi/id, read without privileges). */
const CLOUDS: readonly (readonly [vendor: RegExp, name: string])[] = [
  [/^Amazon EC2/, 'AWS'],
  [/^Microsoft Corporation/, 'Azure'],
  [/^Google/, 'Google Cloud'],
  [/^DigitalOcean/, 'DigitalOcean'],
  [/^Hetzner/, 'Hetzner'],
];

function readSurroundings(root: string): SurroundingsEvidence {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((address) => !address.internal)
    .map((address) => address.address);
  return { addresses, container: readContainer(root), cloud: readCloud(root) };
}

/** Files that container engines leave, and the cgroup of the first process. */
function readContainer(root: string): string | null {
  if (existsSync(`${root}/.dockerenv`)) return 'Docker';
  if (existsSync(`${root}/run/.containerenv`)) return 'Podman';
  if (existsSync(`${root}/var/run/secrets/kubernetes.io`)) return 'Kubernetes';
  const cgroup = readProcText(`${root}/proc/1/cgroup`);
  return cgroup.ok && /\/(docker|kubepods|lxc|containerd)[/-]/.test(cgroup.value) ? 'a container' : null;
}

/** A virtual machine of Microsoft's vendor string may be Hyper-V at home: only its cloud chassis tag tells Azure. */
const AZURE_CHASSIS_TAG = '7783-7084-3265-9085-8269-3286-77';

function readCloud(root: string): string | null {
  const read = (name: string) => {
    const text = readProcText(`${root}/sys/class/dmi/id/${name}`);
    return text.ok ? sanitiseText(text.value.trim()) : '';
  };
  const vendor = read('sys_vendor');
  const cloud = CLOUDS.find(([pattern]) => pattern.test(vendor))?.[1] ?? null;
  return cloud === 'Azure' && read('chassis_asset_tag') !== AZURE_CHASSIS_TAG ? null : cloud;
}

/** Open descriptors of a process and its limit; null where they may not be read. Costs a listing of /proc/PID/fd. */
export function readDescriptors(procRoot: string, pid: number, process: string): ProcessEvidence {
  return {
    pid,
    process,
    descriptors: countDescriptors(procRoot, pid),
    descriptorLimit: readLimit(procRoot, pid),
  };
}

function countDescriptors(procRoot: string, pid: number): number | null {
  try {
    return readdirSync(`${procRoot}/${pid}/fd`).length;
  } catch {
    // Gone, or of another user: both mean that the count is not known.
    return null;
  }
}

/** "Max open files            1024                 524288               files": the soft limit, which counts. */
function readLimit(procRoot: string, pid: number): number | null {
  const text = readProcText(`${procRoot}/${pid}/limits`);
  const limit = text.ok ? /^Max open files\s+(\d+|unlimited)/m.exec(text.value)?.[1] : undefined;
  return limit === undefined || limit === 'unlimited' ? null : Number(limit);
}
