/** What plans of fixes need of the sampled sockets, and of the files in their place. */
import type { PortUser } from '../core/fixes/model.ts';
import { isFull, WANTED_OVER_SECONDS, wantedRate, type WantedRates } from '../core/fixes/wanted.ts';
import { OwnerIndex, TcpState, type Outcome } from '../core/model.ts';
import type { Fact } from '../core/readings.ts';
import type { FixFacts } from './protocol.ts';
import type { Sampler } from './sampler.ts';

/** Facts that a state can be made of (core/fixes/state-from-facts.ts); `sysctl -a` has some 1,500 lines. */
const KINDS: ReadonlySet<Fact['kind']> = new Set<Fact['kind']>([
  'setting',
  'absent',
  'dynamic-ports',
  'excluded-ports',
  'registry',
  'auto-reuse-ports',
]);
const MAX_FACTS = 10_000;

/** Fails before the first sample. `facts` of the files that are shown, or null. */
export function fixFactsOf(sampler: Sampler, facts: readonly Fact[] | null): Outcome<FixFacts> {
  if (!sampler.last) {
    const failure = {
      code: 'unavailable',
      what: 'ports of services',
      why: 'the first sample is under way',
    } as const;
    return { ok: false, failure };
  }
  const told = facts?.filter(({ kind }) => KINDS.has(kind)).slice(0, MAX_FACTS) ?? null;
  const wanted = [...wantedRatesOf(sampler)].map(([poolKey, opensPerSecond]) => ({
    poolKey,
    opensPerSecond,
  }));
  return { ok: true, value: { tcpPorts: portsOf(sampler), facts: told, wanted } };
}

/** What full pools are asked for, from the trend of each. */
export function wantedRatesOf({ last, trends }: Pick<Sampler, 'last' | 'trends'>): WantedRates {
  const rates = new Map<string, number>();
  for (const { pool } of last?.reports ?? []) {
    if (!isFull(pool)) continue;
    const trend = trends.read(pool.key, WANTED_OVER_SECONDS, last?.table.takenAtMs ?? 0);
    const rate = wantedRate(trend?.opensPerSecond ?? []);
    if (rate !== null) rates.set(pool.key, rate);
  }
  return rates;
}

/** Ports with a TCP listener or a socket bound without being connected, each once, lowest first. */
export function portsOf(sampler: Pick<Sampler, 'last' | 'ownerOf'>): PortUser[] {
  const table = sampler.last?.table;
  const ports = new Map<number, PortUser>();
  for (let row = 0; table && row < table.length; row++) {
    const state = table.state[row];
    if (state !== TcpState.LISTEN && state !== TcpState.BOUND) continue;
    const port = table.localPort[row] ?? 0;
    const known = ports.get(port);
    if (known && known.process !== null) continue;
    const process = sampler.ownerOf(table.owner[row] ?? OwnerIndex.unknown)?.process ?? null;
    ports.set(port, { port, protocol: 'tcp', process });
  }
  return [...ports.values()].sort((a, b) => a.port - b.port);
}
