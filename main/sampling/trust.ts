/** How far the figures of a live sample can be trusted. */
import type { Degradation, SummaryOrigin, StackCounters, StackSettings } from '../core/model.ts';
import type { Trust } from '../core/words/verdict.ts';
import type { DumpFacts } from './source.ts';

export interface TrustInput {
  origin: SummaryOrigin;
  settings: StackSettings;
  counters: StackCounters;
  dump: DumpFacts;
  degradations: readonly Degradation[];
  table: { length: number };
  /** Seconds since the first sample. */
  watchedSeconds: number;
  /** Whether the source tells TIME_WAIT timers. */
  hasTimers: boolean;
}

/** Seconds of samples that a forecast without timers needs (interface design, "Wording"). */
export const FORECAST_NEEDS_SECONDS = 60;
/** `check --for 60` measures from its first listing to its last, which may be a moment less. */
const SLACK_SECONDS = 0.5;
/** Code of the degradation that says that the port range is a default. */
const RANGE_ASSUMED = 'range-assumed';
/** Where each system's port range was read, by the word before "-" of its profile. */
const RANGE_SOURCES: Partial<Record<string, string>> = {
  linux: 'ip_local_port_range',
  windows: 'netsh dynamicport',
  macos: 'net.inet.ip.portrange',
  freebsd: 'net.inet.ip.portrange',
};

/** Seconds so far and needed while a forecast rests on too few samples; null where it does not. */
export function youngForecast({ origin, hasTimers, watchedSeconds }: TrustInput): {
  seconds: number;
  neededSeconds: number;
} | null {
  if (origin.kind !== 'live' || hasTimers || watchedSeconds >= FORECAST_NEEDS_SECONDS - SLACK_SECONDS)
    return null;
  return { seconds: watchedSeconds, neededSeconds: FORECAST_NEEDS_SECONDS };
}

/** The range being read: the dump against the kernel's own count of TIME_WAIT, or the time it was watched. */
export function judgeTrust(input: TrustInput, timeWaitAll: number): Trust {
  return input.dump.source === 'netstat' ? trustOfListing(input) : trustOfDump(input, timeWaitAll);
}

function trustOfDump({ dump, counters, table }: TrustInput, timeWaitAll: number): Trust {
  const sources = [dump.source === 'sock_diag' ? 'sock_diag' : '/proc/net/tcp'];
  const counted = counters.socketStatTimeWait;
  const agrees = counted !== null && Math.abs(counted - timeWaitAll) <= Math.max(20, 0.03 * counted);
  if (agrees) sources.push('sockstat');
  sources.push('ip_local_port_range');
  if (dump.approximate) {
    return { confidence: 'low', reason: 'the kernel interrupted the dump', sources };
  }
  if (counted !== null && !agrees && table.length > 0) {
    return { confidence: 'medium', reason: 'sockstat counts TIME-WAIT differently', sources };
  }
  if (dump.source === 'proc')
    return { confidence: 'medium', reason: 'sockets read from /proc/net/tcp', sources };
  const reason = sources.length === 3 ? '3 sources agree' : `${sources.length} sources`;
  return { confidence: sources.length >= 3 ? 'high' : 'medium', reason, sources };
}

/** Without timers everything about departures is a bound, and before a hold has passed a guess. */
function trustOfListing(input: TrustInput): Trust {
  const { settings, degradations, watchedSeconds, hasTimers } = input;
  const sources = ['netstat'];
  if (degradations.some(({ code }) => code === RANGE_ASSUMED)) {
    return { confidence: 'low', reason: 'the port range could not be read', sources };
  }
  sources.push(RANGE_SOURCES[settings.profileId.split('-', 1)[0] ?? ''] ?? 'port range');
  if (!hasTimers && watchedSeconds < settings.timeWaitSeconds) {
    const reason = `no socket timers, and ${Math.floor(watchedSeconds)} s of samples for a hold of ${settings.timeWaitSeconds} s`;
    return { confidence: 'low', reason, sources };
  }
  const reason = hasTimers ? 'one source' : 'no socket timers: closed connections are timed since first seen';
  return { confidence: 'medium', reason, sources };
}
