/** Who and where, in words: what the sentences of findings are about. Pure. */
import { compareLevels, worstPool } from '../assess.ts';
import type { Pool } from '../model.ts';
import { mainOwner } from '../words/pool-sentence.ts';
import { sayCount } from '../words/figures.ts';
import { sayPoolTarget } from '../words/pool-target.ts';
import type { FindingEvidence } from './evidence.ts';

/** "10.0.3.12:443", or what a pool without a destination is called. */
export function destinationOf(pool: Pool): string {
  return sayPoolTarget(pool);
}

/** "python3 (pid 4312)", or null when no known process has at least half of the pool. */
export function ownerOf(pool: Pool): string | null {
  const owner = mainOwner(pool);
  return owner ? sayProcess(owner.process, owner.pid) : null;
}

/** "node (pid 2210)", "pid 2210", or "an unknown process". */
export function sayProcess(process: string | null, pid: number | null): string {
  if (process !== null && pid !== null) return `${process} (pid ${pid})`;
  if (process !== null) return process;
  return pid === null ? 'an unknown process' : `pid ${pid}`;
}

/** "24,168 TIME_WAIT, 1,491 ESTABLISHED of 28,232 ports": what a pool holds, largest first. */
export function holdingsOf(pool: Pool): string {
  const states = Object.entries(pool.byState).sort(([, a], [, b]) => b - a);
  const held = states.slice(0, 3).map(([state, sockets]) => `${sayCount(sockets)} ${state}`);
  return `${held.join(', ') || 'nothing'} of ${sayCount(pool.capacity)} ports`;
}

/** "1 connection", "2,000 connections". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${sayCount(count)} ${count === 1 ? one : many}`;
}

/** Whether some pool is in trouble itself: nothing may then be said to be the problem instead of ports. */
export function arePortsShort({
  pools,
  capacity,
  thresholds,
}: Pick<FindingEvidence, 'pools' | 'capacity' | 'thresholds'>): boolean {
  const worst = worstPool(pools, thresholds)?.assessment.level ?? 'ok';
  return capacity === 0 || compareLevels(worst, 'warning') >= 0;
}

/** "Ports are not the problem: the firewall …", or "The firewall …" where ports are a problem, too. */
export function sayInsteadOfPorts(
  evidence: Pick<FindingEvidence, 'pools' | 'capacity' | 'thresholds'>,
  sentence: string,
): string {
  if (!arePortsShort(evidence)) return `Ports are not the problem: ${sentence}`;
  return sentence.replace(/^(?:a|an|the) /, (article) => article.charAt(0).toUpperCase() + article.slice(1));
}
