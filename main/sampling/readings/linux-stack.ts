/** What a listing of Linux sysctls says about ports. Pure. */
import { LINUX_REUSE_DELAY_MS, LINUX_TIME_WAIT_SECONDS, findProfile } from '../../core/profiles.ts';
import type { PortRange, ReuseMode, ReuseSetting } from '../../core/model.ts';
import { parsePortList } from '../../core/port-range.ts';
import type { Fact } from '../../core/readings.ts';
import type { StackFacts } from './stack-facts.ts';

const DEFAULT_RANGE: PortRange = findProfile('linux')?.range ?? { first: 32768, last: 60999 };
/** tcp_tw_reuse since 4.19 (net/ipv4/tcp_ipv4.c, tcp_sk_init). */
const DEFAULT_REUSE_MODE: ReuseMode = 'loopback';
const REUSE_MODES: readonly ReuseMode[] = ['off', 'all', 'loopback'];

/** The settings these facts tell; what they do not is the kernel's default and a note says so. */
export function deriveLinuxStack(facts: readonly Fact[]): StackFacts {
  const told = new Map<string, string>();
  for (const fact of facts) {
    if (fact.kind === 'setting' && !told.has(fact.name)) told.set(fact.name, fact.value.trim());
  }
  const tcp = (name: string) => told.get(`net.ipv4.${name}`);
  const range = parseRange(tcp('ip_local_port_range'));
  const reserved = parseReserved(tcp('ip_local_reserved_ports'));
  const reuseMode = REUSE_MODES[parseWhole(tcp('tcp_tw_reuse')) ?? -1];
  // Only some kernels have it (Alibaba Cloud Linux); where it is absent the constant holds.
  const timeWaitSeconds = parseWhole(tcp('tcp_tw_timeout'));
  const hasTimeout = timeWaitSeconds !== null && timeWaitSeconds > 0;
  const assumed = [
    ...(reserved === null ? ['no reserved ports'] : []),
    ...(reuseMode === undefined ? ['TIME_WAIT reuse on loopback only'] : []),
  ];
  const version = /^\d+\.\d+/.exec(told.get('kernel.osrelease') ?? '')?.[0];
  return {
    profileId: 'linux',
    profileName: version === undefined ? 'Linux' : `Linux ${version}`,
    values: {
      range: range ?? DEFAULT_RANGE,
      reserved: reserved ?? [],
      timeWaitSeconds: hasTimeout ? timeWaitSeconds : LINUX_TIME_WAIT_SECONDS,
      timeWaitBasis: hasTimeout ? 'setting' : 'kernel constant',
      reuse: readReuse(tcp, reuseMode ?? DEFAULT_REUSE_MODE),
      scope: 'destination',
      maxTimeWaitSockets: parseWhole(tcp('tcp_max_tw_buckets')),
    },
    isRangeTold: range !== null,
    isTimeWaitTold: hasTimeout,
    holdNotes: [],
    notes:
      assumed.length === 0 ? [] : [`Not told and assumed, the defaults of Linux: ${assumed.join(', ')}.`],
  };
}

function readReuse(tcp: (name: string) => string | undefined, mode: ReuseMode): ReuseSetting {
  // Before 6.14 there is no delay to set, and a port waits until the next second.
  const delayMs = parseWhole(tcp('tcp_tw_reuse_delay')) ?? LINUX_REUSE_DELAY_MS;
  return { mode, delayMs, timestamps: tcp('tcp_timestamps') !== '0' };
}

function parseRange(text: string | undefined): PortRange | null {
  const parts = /^(\d{1,5})\s+(\d{1,5})$/.exec(text ?? '');
  const first = Number(parts?.[1] ?? Number.NaN);
  const last = Number(parts?.[2] ?? Number.NaN);
  return first <= last && last <= 65535 ? { first, last } : null;
}

function parseReserved(text: string | undefined): PortRange[] | null {
  if (text === undefined) return null;
  const ranges = parsePortList(text);
  return ranges.ok ? ranges.value : null;
}

function parseWhole(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : null;
}
