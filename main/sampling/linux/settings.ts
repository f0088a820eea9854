/** The settings of the Linux stack that decide how many ports there are, from /proc/sys/net/ipv4. */
import { release } from 'node:os';
import type {
  Degradation,
  Failure,
  Outcome,
  PortRange,
  ReuseMode,
  ReuseSetting,
  StackSettings,
} from '../../core/model.ts';
import {
  LINUX_REUSE_DELAY_MS,
  LINUX_SLOW_FROM_SHARE,
  LINUX_TIME_WAIT_SECONDS,
  PROFILES,
} from '../../core/profiles.ts';
import { parsePortList } from '../../core/port-range.ts';
import { readProcText } from './proc-file.ts';

const DEFAULT_RANGE: PortRange = PROFILES.find((profile) => profile.id === 'linux')?.range ?? {
  first: 32768,
  last: 60999,
};
/** tcp_tw_reuse since 4.19 (net/ipv4/tcp_ipv4.c, tcp_sk_init). */
const DEFAULT_REUSE_MODE: ReuseMode = 'loopback';
const REUSE_MODES: readonly ReuseMode[] = ['off', 'all', 'loopback'];

/**
 * All settings as the kernel has them now. What cannot be read is replaced by the kernel's default, and each
 * replacement is a degradation. `procRoot` is where /proc is mounted.
 */
export function readSettings(procRoot: string): { settings: StackSettings; degradations: Degradation[] } {
  const degradations: Degradation[] = [];
  const read = <T>(name: string, parse: (text: string) => Outcome<T>) => readSetting(procRoot, name, parse);
  const assume = (key: string, failure: Failure, assumed: string) =>
    degradations.push({
      code: `setting-unreadable:${key}`,
      sentence: `net.ipv4.${key} could not be read (${why(failure)}): ${assumed}.`,
    });

  const range = read('ip_local_port_range', parsePortRange);
  if (!range.ok) {
    assume('ip_local_port_range', range.failure, `${DEFAULT_RANGE.first}–${DEFAULT_RANGE.last} is assumed`);
  }
  const reserved = read('ip_local_reserved_ports', parseReservedPorts);
  if (!reserved.ok) assume('ip_local_reserved_ports', reserved.failure, 'no reserved ports are assumed');
  const maxTimeWait = read('tcp_max_tw_buckets', parseInteger);
  if (!maxTimeWait.ok)
    assume('tcp_max_tw_buckets', maxTimeWait.failure, 'the limit of TIME_WAIT is not known');
  // Only some kernels have it (Alibaba Cloud Linux); where it is absent the constant holds.
  const timeWait = read('tcp_tw_timeout', parseInteger);
  const hasTimeout = timeWait.ok && timeWait.value > 0;

  const settings: StackSettings = {
    profileId: 'linux',
    profileName: profileName(release()),
    range: range.ok ? range.value : DEFAULT_RANGE,
    reserved: reserved.ok ? reserved.value : [],
    timeWaitSeconds: hasTimeout ? timeWait.value : LINUX_TIME_WAIT_SECONDS,
    timeWaitBasis: hasTimeout ? 'setting' : 'kernel constant',
    reuse: readReuse(read, assume),
    scope: 'destination',
    slowFromShare: LINUX_SLOW_FROM_SHARE,
    maxTimeWaitSockets: maxTimeWait.ok ? maxTimeWait.value : null,
  };
  return { settings, degradations };
}

type Read = <T>(name: string, parse: (text: string) => Outcome<T>) => Outcome<T>;
type Assume = (key: string, failure: Failure, assumed: string) => void;

function readReuse(read: Read, assume: Assume): ReuseSetting {
  const mode = read('tcp_tw_reuse', parseReuseMode);
  if (!mode.ok) assume('tcp_tw_reuse', mode.failure, 'the default is assumed, reuse on loopback only');
  const timestamps = read('tcp_timestamps', parseInteger);
  if (!timestamps.ok) assume('tcp_timestamps', timestamps.failure, 'the default is assumed, on');
  // Before 6.14 there is no such file, and a port waits until the next second.
  const delay = read('tcp_tw_reuse_delay', parseInteger);
  if (!delay.ok && delay.failure.code !== 'unavailable') {
    assume('tcp_tw_reuse_delay', delay.failure, `${LINUX_REUSE_DELAY_MS} ms are assumed`);
  }
  return {
    mode: mode.ok ? mode.value : DEFAULT_REUSE_MODE,
    delayMs: delay.ok ? delay.value : LINUX_REUSE_DELAY_MS,
    timestamps: timestamps.ok ? timestamps.value !== 0 : true,
  };
}

function readSetting<T>(procRoot: string, name: string, parse: (text: string) => Outcome<T>): Outcome<T> {
  const text = readProcText(`${procRoot}/sys/net/ipv4/${name}`);
  return text.ok ? parse(text.value) : text;
}

/** "32768\t60999\n". */
export function parsePortRange(text: string): Outcome<PortRange> {
  const parts = /^\s*(\d{1,5})\s+(\d{1,5})\s*$/.exec(text);
  const first = Number(parts?.[1] ?? Number.NaN);
  const last = Number(parts?.[2] ?? Number.NaN);
  if (!(first <= last && last <= 65535)) return unreadable('ip_local_port_range', text);
  return { ok: true, value: { first, last } };
}

/** "8080,9148,40000-40002", or an empty line for none. Ranges come as written. */
export function parseReservedPorts(text: string): Outcome<PortRange[]> {
  const list = text.trim();
  const parsed = parsePortList(list);
  return parsed.ok ? parsed : unreadable('ip_local_reserved_ports', list);
}

/** tcp_tw_reuse: 0 off, 1 all, 2 loopback. */
export function parseReuseMode(text: string): Outcome<ReuseMode> {
  const number = parseInteger(text);
  if (!number.ok) return number;
  const mode = REUSE_MODES[number.value];
  return mode === undefined ? unreadable('tcp_tw_reuse', text) : { ok: true, value: mode };
}

/** One whole number on a line, as most settings are. */
export function parseInteger(text: string): Outcome<number> {
  const trimmed = text.trim();
  if (!/^-?\d{1,19}$/.test(trimmed)) return unreadable('sysctl', text);
  return { ok: true, value: Number(trimmed) };
}

/** "Linux 6.18" from "6.18.44-generic"; "Linux" when the release does not start with a version. */
export function profileName(kernelRelease: string): string {
  const version = /^\d+\.\d+/.exec(kernelRelease)?.[0];
  return version === undefined ? 'Linux' : `Linux ${version}`;
}

function unreadable(source: string, text: string): Outcome<never> {
  return { ok: false, failure: { code: 'unreadable', source, line: 1, text: text.slice(0, 100) } };
}

function why(failure: Failure): string {
  if (failure.code === 'not-permitted') return 'not permitted';
  if (failure.code === 'unavailable') return failure.why;
  return failure.code === 'unreadable' ? 'its value was not understood' : 'the read failed';
}
