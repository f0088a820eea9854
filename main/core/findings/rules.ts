/** Every rule, in the order in which findings of one level are shown: what fails first, what causes it, what may. */
import type { Finding } from '../model.ts';
import { bindBeforeConnect } from './bind-before-connect.ts';
import { churn } from './churn.ts';
import type { FindingEvidence } from './evidence.ts';
import { poolExhausted } from './pool-exhausted.ts';
import { poolHighRate } from './pool-high-rate.ts';
import { poolNearlyFull } from './pool-nearly-full.ts';
import { poolRunsOut } from './pool-runs-out.ts';
import { poolSlow } from './pool-slow.ts';
import { poolUneven } from './pool-uneven.ts';
import { rangeListener } from './range-listener.ts';
import { rangeReserved } from './range-reserved.ts';
import { rangeSmall } from './range-small.ts';
import { reuseLimited } from './reuse-limited.ts';
import { reuseNoTimestamps } from './reuse-no-timestamps.ts';
import type { Rule } from './rule.ts';
import { timeWaitClient } from './time-wait-client.ts';
import { timeWaitServer } from './time-wait-server.ts';

export const RULES: readonly Rule[] = [
  poolExhausted,
  poolRunsOut,
  poolNearlyFull,
  poolSlow,
  poolHighRate,
  bindBeforeConnect,
  timeWaitClient,
  churn,
  reuseNoTimestamps,
  reuseLimited,
  rangeReserved,
  rangeSmall,
  rangeListener,
  poolUneven,
  timeWaitServer,
];

/** What all rules find. */
export function findAll(evidence: FindingEvidence): Finding[] {
  return RULES.flatMap((rule) => rule.find(evidence));
}
