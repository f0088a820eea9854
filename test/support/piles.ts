/** Piles of sockets for rules. */
import type { StatePile } from '../../main/core/findings/evidence.ts';

/** Connections of node (pid 2210) to 10.0.3.12:443, watched for two minutes, neither growing nor old. */
export function aPile(parts: Partial<StatePile> & Pick<StatePile, 'state' | 'sockets'>): StatePile {
  return {
    pid: 2210,
    process: 'node',
    destination: '10.0.3.12:443',
    servicePort: null,
    orphans: 0,
    growthPerSecond: 0,
    watchedSeconds: 120,
    oldestSeconds: 0,
    medianSeconds: 0,
    overTwoMinutes: 0,
    ...parts,
  };
}
