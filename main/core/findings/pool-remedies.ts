/** What helps a pool that is filling, in order of worth: change the application, then buy time, then relief. Pure. */
import type { Pool, Remedy, StackSettings, TcpStateName } from '../model.ts';
import type { FindingEvidence } from './evidence.ts';
import { remedy } from './remedies.ts';
import { ownerOf } from './subjects.ts';

/** Remedies for ports that one destination uses up. */
export function poolRemedies(evidence: FindingEvidence, pool: Pool): Remedy[] {
  const first = causeRemedy(pool, ownerOf(pool) ?? 'the program');
  const closesFirst = (pool.byState.TIME_WAIT ?? 0) >= pool.used / 2;
  const system = systemRemedies(evidence, pool, closesFirst);
  // Open connections that are all in use: more room is worth more than another program.
  return holdsMost(pool, 'ESTABLISHED') ? [...system, first] : [first, ...system];
}

/** By what most of the pool's ports are held for. */
function causeRemedy(pool: Pool, owner: string): Remedy {
  if (holdsMost(pool, 'SYN_SENT'))
    return remedy('app-timeouts', `${owner} waits for answers that do not come; each attempt holds a port`);
  if (holdsMost(pool, 'CLOSE_WAIT'))
    return remedy('app-close-connections', `removes the cause: ${owner} keeps connections that are over`);
  if (holdsMost(pool, 'ESTABLISHED'))
    return remedy('app-keep-alive', `where ${owner} can send more through fewer connections at a time`);
  return remedy('app-keep-alive', `removes the cause: ${owner} then needs a new port only now and then`);
}

function holdsMost({ byState, used }: Pool, state: TcpStateName): boolean {
  return (byState[state] ?? 0) > used / 2;
}

function systemRemedies(evidence: FindingEvidence, pool: Pool, closesFirst: boolean): Remedy[] {
  switch (evidence.system) {
    case 'linux':
      return linuxRemedies(evidence, pool, closesFirst);
    case 'windows':
      return [
        remedy('windows-widen-range', 'buys time: more ports, at once and without a restart'),
        remedy('windows-auto-reuse', 'ports then count for each destination, where the program allows it'),
      ];
    case 'macos':
    case 'freebsd':
      return [
        remedy('macos-widen-range', 'buys time: more ports, at once'),
        ...(closesFirst
          ? [remedy('macos-msl', 'each port comes back sooner; old segments may then meet new connections')]
          : []),
      ];
  }
}

function linuxRemedies({ settings }: FindingEvidence, pool: Pool, closesFirst: boolean): Remedy[] {
  const canWiden = settings.range.first > 1024 || settings.range.last < 65535;
  return [
    remedy('app-spread-destinations', 'each destination address or port has a pool of its own'),
    ...(canWiden ? [remedy('linux-widen-range', 'buys time: more ports in every pool, at once')] : []),
    ...(closesFirst && !pool.reuseEffective ? reuseRemedies(settings) : []),
    remedy('linux-source-addresses', 'each source address has pools of its own'),
    ...(closesFirst ? [remedy('linux-release-time-wait', 'frees the ports now; the cause stays')] : []),
  ];
}

/** Reuse works with timestamps on both ends alone; where it is on already, the other end lacks them. */
export function reuseRemedies({ reuse }: StackSettings): Remedy[] {
  const seconds = reuse.delayMs / 1000;
  return [
    ...(reuse.timestamps ? [] : [remedy('linux-timestamps', 'TIME_WAIT reuse works with timestamps only')]),
    ...(reuse.mode === 'all'
      ? []
      : [remedy('linux-tw-reuse', `a closed connection’s port is free again after ${seconds} s`)]),
  ];
}
