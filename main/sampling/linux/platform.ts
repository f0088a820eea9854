/** Linux as the sampler sees it: netlink, else /proc; settings and counters from /proc; owners from /proc/PID/fd. */
import { hostname, networkInterfaces, release } from 'node:os';
import { sanitiseText } from '../../core/sanitise.ts';
import type { Degradation, Failure, Outcome, Target } from '../../core/model.ts';
import { SocketTable } from '../socket-table.ts';
import type { CloseEvents, Platform, SocketSource } from '../source.ts';
import { openCloseEvents } from './close-events.ts';
import { readCounters } from './counters.ts';
import { readDescriptors, readExtras } from './extras.ts';
import { loadLibc } from './libc.ts';
import { openNetlink } from './netlink.ts';
import { ProcOwnerFinder } from './owners.ts';
import { realProcFiles } from './proc-file.ts';
import { openProcNetTcp } from './proc-source.ts';
import { readSettings } from './settings.ts';

export interface LinuxPlatformOptions {
  /** Where /proc is mounted. Default "/proc". */
  procRoot?: string;
  /** Leaves netlink out, as on a machine where it is refused. */
  forceSource?: 'proc';
}

/** The parts for this machine; nothing is opened or read yet. */
export function createLinuxPlatform(options: LinuxPlatformOptions = {}): Platform {
  const procRoot = options.procRoot ?? '/proc';
  return {
    openSource: () => openSource(procRoot, options.forceSource === 'proc'),
    ...(options.forceSource === 'proc' ? {} : { openCloseEvents: openEvents }),
    reader: {
      readTarget,
      readSettings: () => readSettings(procRoot),
      readCounters: () => readCounters(procRoot),
    },
    readExtras: () => readExtras(procRoot),
    readDescriptors: (pid, name) => readDescriptors(procRoot, pid, name),
    owners: new ProcOwnerFinder({
      files: realProcFiles,
      procRoot,
      monotonicMs: () => performance.now(),
      ownUid: process.geteuid?.() ?? null,
    }),
  };
}

function openSource(
  procRoot: string,
  isNetlinkLeftOut: boolean,
): Outcome<{ source: SocketSource; degradations: Degradation[] }> {
  const netlink = isNetlinkLeftOut ? leftOut() : openBestNetlink();
  if (netlink.ok) return { ok: true, value: { source: netlink.value, degradations: [] } };
  const proc = openProcNetTcp({ procRoot });
  if (!proc.ok) {
    const why = `sock_diag: ${reasonOf(netlink.failure)}; ${procRoot}/net/tcp: ${reasonOf(proc.failure)}`;
    return { ok: false, failure: { code: 'unavailable', what: 'the list of TCP sockets', why } };
  }
  const sentence =
    `Sockets are read from /proc/net/tcp because sock_diag is not available (${reasonOf(netlink.failure)}): ` +
    'slower, and ports that are bound but neither listen nor connect are not seen.';
  return { ok: true, value: { source: proc.value, degradations: [{ code: 'source-proc', sentence }] } };
}

function openBestNetlink(): Outcome<SocketSource> {
  const libc = loadLibc();
  return libc.ok ? openNetlink(libc.value, new SocketTable()) : libc;
}

function openEvents(): Outcome<CloseEvents> {
  const libc = loadLibc();
  return libc.ok ? openCloseEvents(libc.value) : libc;
}

function leftOut(): Outcome<never> {
  return { ok: false, failure: { code: 'unavailable', what: 'sock_diag', why: 'left out by request' } };
}

function readTarget(): Target {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const first = addresses.find((address) => address.family === 'IPv4' && !address.internal);
  return {
    hostname: sanitiseText(hostname()),
    platform: 'linux',
    release: sanitiseText(release()),
    address: first?.address ?? null,
  };
}

function reasonOf(failure: Failure): string {
  switch (failure.code) {
    case 'system':
      return failure.errno === null ? failure.message : `${failure.call}: errno ${failure.errno}`;
    case 'not-permitted':
      return 'not permitted';
    case 'unavailable':
      return sanitiseText(`${failure.what}: ${failure.why}`);
    default:
      return failure.code;
  }
}
