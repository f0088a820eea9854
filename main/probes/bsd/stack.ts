/** What the sysctls of macOS and FreeBSD say about ports: the range, how long a close holds one, how widely. Pure. */
import { findProfile, timeWaitFromMsl } from '../../core/profiles.ts';
import type { PoolScope, PortRange, StackSettings } from '../../core/model.ts';
import type { Fact } from '../../core/readings.ts';

/**
 * macOS counts TCP time in milliseconds since boot in 32 bits; from 2³² ms on its clock stands still, and a closed
 * connection never gives its port back (xnu, tcp_now; published 2026). 49 days, 17 hours, 2 minutes, 47 seconds.
 */
export const MACOS_CLOCK_LIMIT_SECONDS = 2 ** 32 / 1000;
/** MSL that are believed, milliseconds: what sysctl takes and a person would set. */
const MSL_LIMITS_MS = { least: 1, most: 600_000 } as const;
const OPENBSD_NOTE =
  'OpenBSD is counted as a port a host, with the TIME_WAIT of FreeBSD; neither has been verified.';
const CLOCK_NOTE =
  'This Mac has been up for more than 49.7 days, after which its TCP clock can stand still: that closed connections give ' +
  'their port back after the hold is not certain until one is seen to.';
/** From this release on FreeBSD looks for a free 4-tuple; before, for a free port of the host. */
const FREEBSD_WITH_TUPLES = 13;

export interface BsdStack {
  profileId: 'macos' | 'freebsd';
  /** "macOS", "FreeBSD 14.1". */
  profileName: string;
  range: PortRange;
  /** Whether the range was read; else it is the system's default. */
  isRangeKnown: boolean;
  /** Neither system has a list of reserved ports inside the range. */
  reserved: PortRange[];
  timeWaitSeconds: number;
  timeWaitBasis: StackSettings['timeWaitBasis'];
  scope: PoolScope;
  /** Seconds since boot; null when not told or when the time of the output is not known. */
  uptimeSeconds: number | null;
  /** True on a macOS that is up long enough for its TCP clock to stand still. */
  isClockSuspect: boolean;
  /** One sentence where it is: what the hold then rests on. */
  clockNote: string | null;
  /** One sentence each: what was assumed, and why. */
  notes: string[];
}

/**
 * The settings that these facts imply; what is missing is the system's default and a note says so. `nowMs` (epoch) is
 * the time the facts speak of, for the time since boot; null when it is not known.
 */
export function deriveBsdStack(
  system: 'macos' | 'freebsd',
  facts: readonly Fact[],
  nowMs: number | null = null,
): BsdStack {
  const settings = new Map<string, string>();
  for (const fact of facts) if (fact.kind === 'setting') settings.set(fact.name, fact.value);
  const notes: string[] = [];
  const profile = findProfile(system);
  if (profile === null) throw new Error(`the profile ${system} is gone`);
  const range = readRange(settings);
  if (range === null) {
    notes.push(
      `net.inet.ip.portrange.first and .last are not there: ${profile.range.first}–${profile.range.last}, the default, is assumed.`,
    );
  }
  const mslMs = readNumber(settings, 'net.inet.tcp.msl');
  const isMslUsable = mslMs !== null && mslMs >= MSL_LIMITS_MS.least && mslMs <= MSL_LIMITS_MS.most;
  if (!isMslUsable) {
    notes.push(
      `net.inet.tcp.msl is not there: ${profile.timeWaitSeconds} s in TIME_WAIT, the default, are assumed.`,
    );
  }
  const uptimeSeconds = readUptime(settings, nowMs);
  const isClockSuspect =
    system === 'macos' && uptimeSeconds !== null && uptimeSeconds >= MACOS_CLOCK_LIMIT_SECONDS;
  const release = settings.get('kern.osrelease') ?? null;
  const isOpenBsd = settings.get('kern.ostype') === 'OpenBSD';
  if (isOpenBsd) notes.push(OPENBSD_NOTE);
  return {
    profileId: system,
    profileName:
      system === 'macos' ? macosName(settings) : bsdName(isOpenBsd ? 'OpenBSD' : 'FreeBSD', release),
    range: range ?? profile.range,
    isRangeKnown: range !== null,
    reserved: [],
    timeWaitSeconds: isMslUsable ? timeWaitFromMsl(mslMs) : profile.timeWaitSeconds,
    timeWaitBasis: isMslUsable ? 'setting' : 'documented',
    scope: isOpenBsd ? 'host' : system === 'freebsd' ? freebsdScope(release, notes) : profile.scope,
    uptimeSeconds,
    isClockSuspect,
    clockNote: isClockSuspect ? CLOCK_NOTE : null,
    notes,
  };
}

/** first may stand above last: the kernel then counts down (xnu, in_pcb.c). OpenBSD calls them portfirst, portlast. */
function readRange(settings: ReadonlyMap<string, string>): PortRange | null {
  const first =
    readNumber(settings, 'net.inet.ip.portrange.first') ?? readNumber(settings, 'net.inet.ip.portfirst');
  const last =
    readNumber(settings, 'net.inet.ip.portrange.last') ?? readNumber(settings, 'net.inet.ip.portlast');
  if (first === null || last === null || first > 65_535 || last > 65_535) return null;
  return { first: Math.min(first, last), last: Math.max(first, last) };
}

function readNumber(settings: ReadonlyMap<string, string>, name: string): number | null {
  const value = settings.get(name) ?? '';
  return /^\d{1,12}$/.test(value) ? Number(value) : null;
}

/** kern.boottime: "{ sec = 1763500000, usec = 12 } Tue Nov 18 …"; a clock set back gives no negative time. */
function readUptime(settings: ReadonlyMap<string, string>, nowMs: number | null): number | null {
  const second = /\bsec = (\d{1,12})\b/.exec(settings.get('kern.boottime') ?? '')?.[1];
  if (second === undefined || nowMs === null) return null;
  const seconds = nowMs / 1000 - Number(second);
  return seconds < 0 ? null : seconds;
}

function freebsdScope(release: string | null, notes: string[]): PoolScope {
  const major = Number(/^(\d{1,3})\./.exec(release ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(major)) {
    notes.push(
      'kern.osrelease is not there: ports are counted for each destination, as FreeBSD 13 and later do.',
    );
    return 'destination';
  }
  return major < FREEBSD_WITH_TUPLES ? 'host' : 'destination';
}

/** "FreeBSD 14.1" from "14.1-RELEASE-p3". */
function bsdName(name: string, release: string | null): string {
  const version = /^\d{1,3}\.\d{1,3}/.exec(release ?? '')?.[0];
  return version === undefined ? name : `${name} ${version}`;
}

/** kern.osproductversion is the macOS version; kern.osrelease is Darwin's. */
function macosName(settings: ReadonlyMap<string, string>): string {
  const version = /^\d{1,3}(?:\.\d{1,3}){0,2}$/.exec(settings.get('kern.osproductversion') ?? '')?.[0];
  return version === undefined ? 'macOS' : `macOS ${version}`;
}
