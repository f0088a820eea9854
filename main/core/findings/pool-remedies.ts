/** What helps a pool that is filling, in order of worth: change the application, then buy time, then relief. Pure. */
import type { Pool, Remedy } from '../model.ts';
import type { FindingEvidence } from './evidence.ts';
import { remedy } from './remedies.ts';
import { ownerOf } from './subjects.ts';

/** Remedies for ports that one destination uses up. */
export function poolRemedies(evidence: FindingEvidence, pool: Pool): Remedy[] {
  const owner = ownerOf(pool) ?? 'the program';
  const closesFirst = (pool.byState.TIME_WAIT ?? 0) >= pool.used / 2;
  const first = closesFirst
    ? remedy('app-keep-alive', `removes the cause: ${owner} then needs a new port only now and then`)
    : remedy('app-close-connections', `${owner} holds most of these ports open`);
  return [first, ...systemRemedies(evidence, pool, closesFirst)];
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
        remedy('macos-msl', 'each port comes back sooner; old segments may then meet new connections'),
      ];
  }
}

function linuxRemedies({ settings }: FindingEvidence, pool: Pool, closesFirst: boolean): Remedy[] {
  const canWiden = settings.range.first > 1024 || settings.range.last < 65535;
  return [
    remedy('app-spread-destinations', 'each destination address or port has a pool of its own'),
    ...(canWiden ? [remedy('linux-widen-range', 'buys time: more ports in every pool, at once')] : []),
    ...(closesFirst && !pool.reuseEffective
      ? [remedy('linux-tw-reuse', 'a closed connection’s port is free again after 1 s')]
      : []),
    remedy('linux-source-addresses', 'each source address has pools of its own'),
    ...(closesFirst ? [remedy('linux-release-time-wait', 'frees the ports now; the cause stays')] : []),
  ];
}
