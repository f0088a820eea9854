/** What rules want to know beside sockets and counters, out of what tools print: settings, events, surroundings. Pure. */
import type {
  LinuxExtras,
  MacosExtras,
  SurroundingsEvidence,
  WindowsExtras,
} from '../../core/findings/evidence.ts';
import type { Fact, SystemId } from '../../core/readings.ts';
import { deriveBsdStack } from '../../probes/bsd/stack.ts';
import { readRegistry } from '../../probes/windows/family-ports.ts';
import { deriveWindowsStack } from '../../probes/windows/stack.ts';
import type { PlatformExtras } from '../source.ts';

export interface ExtrasContext {
  /** Epoch milliseconds that the facts speak of; null when that is not known: uptime is then unknown too. */
  atMs: number | null;
  /** Whether it is Windows 2000, XP or Server 2003 by a person's choice; false leaves it to the facts. */
  isLegacy?: boolean;
  /** Whether TIME_WAIT was seen to end; null when it was not watched long enough. */
  timeWaitEnds: boolean | null;
  surroundings: SurroundingsEvidence;
}

/** Null for what this system does not have; null inside for what no fact tells. */
export function extrasFrom(
  system: SystemId | null,
  facts: readonly Fact[],
  context: ExtrasContext,
): PlatformExtras {
  const { surroundings } = context;
  return {
    linux: system === 'linux' ? linuxExtras(facts) : null,
    windows: system === 'windows' ? windowsExtras(facts, context) : null,
    macos: system === 'macos' ? macosExtras(facts, context) : null,
    surroundings,
  };
}

function linuxExtras(facts: readonly Fact[]): LinuxExtras {
  const number = (name: string): number | null => {
    const fact = facts.find((candidate) => candidate.kind === 'setting' && candidate.name === `net.${name}`);
    const text = fact?.kind === 'setting' ? fact.value.trim() : '';
    return /^-?\d{1,15}$/.test(text) ? Number(text) : null;
  };
  return {
    finTimeoutSeconds: number('ipv4.tcp_fin_timeout'),
    twRecycle: number('ipv4.tcp_tw_recycle'),
    synRetries: number('ipv4.tcp_syn_retries'),
    unprivilegedPortStart: number('ipv4.ip_unprivileged_port_start'),
    maxOrphans: number('ipv4.tcp_max_orphans'),
    conntrackTimeWaitSeconds: number('netfilter.nf_conntrack_tcp_timeout_time_wait'),
    somaxconn: number('core.somaxconn'),
  };
}

function windowsExtras(facts: readonly Fact[], { isLegacy }: ExtrasContext): WindowsExtras {
  return {
    maxUserPort: readRegistry(facts, 'MaxUserPort') ?? null,
    timedWaitDelaySeconds: readRegistry(facts, 'TcpTimedWaitDelay') ?? null,
    isLegacy: isLegacy === true || deriveWindowsStack(facts).profileId === 'windows-legacy',
    events: countEvents(facts),
  };
}

/** "2025-11-22T21:04:11.482", with or without a zone: what wevtutil and PowerShell print. */
const ISO_TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d{1,9})?)?(Z)?/;

/** By id. Of times in one form the latest counts; in a language of its own the first told, as logs list the newest first. */
function countEvents(facts: readonly Fact[]): WindowsExtras['events'] {
  const byId = new Map<number, { id: number; count: number; lastAt: string | null }>();
  for (const fact of facts) {
    if (fact.kind !== 'event') continue;
    const event = byId.get(fact.id) ?? { id: fact.id, count: 0, lastAt: null };
    byId.set(fact.id, { id: fact.id, count: event.count + 1, lastAt: laterOf(event.lastAt, fact.at) });
  }
  return [...byId.values()]
    .sort((a, b) => a.id - b.id)
    .map((event) => ({ ...event, lastAt: event.lastAt === null ? null : sayTime(event.lastAt) }));
}

function laterOf(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return ISO_TIME.test(one) && ISO_TIME.test(other) && other > one ? other : one;
}

function sayTime(at: string): string {
  const time = ISO_TIME.exec(at);
  return time ? `${time[1]} ${time[2]}${time[3] === undefined ? '' : ' UTC'}` : at;
}

function macosExtras(facts: readonly Fact[], { atMs, timeWaitEnds }: ExtrasContext): MacosExtras {
  return { uptimeSeconds: deriveBsdStack('macos', facts, atMs).uptimeSeconds, timeWaitEnds };
}

const LOOPBACK = /^lo\d?$/;

/** What `ip address` and the cgroup files of an import tell; an import says nothing of a cloud. */
export function surroundingsFrom(facts: readonly Fact[]): SurroundingsEvidence {
  const addresses = facts.flatMap((fact) =>
    fact.kind === 'address' && !LOOPBACK.test(fact.interface) ? fact.address : [],
  );
  const container = facts.find((fact) => fact.kind === 'note' && fact.name === 'container');
  return {
    addresses: [...new Set(addresses)],
    container: container?.kind === 'note' ? container.value : null,
    cloud: null,
  };
}
