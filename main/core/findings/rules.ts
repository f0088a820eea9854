/** Every rule, in the order in which findings of one level are shown: what fails first, what causes it, what may. */
import type { Finding } from '../model.ts';
import type { SystemId } from '../readings.ts';
import type { FindingEvidence } from './evidence.ts';
import type { Rule } from './rule.ts';
import { bindBeforeConnect } from './bind-before-connect.ts';
import { churn } from './churn.ts';
import { closeWaitLeak } from './close-wait-leak.ts';
import { conntrackNearFull } from './conntrack-near-full.ts';
import { deadPeerPorts } from './dead-peer-ports.ts';
import { descriptorsProcess } from './descriptors-process.ts';
import { descriptorsSystem } from './descriptors-system.ts';
import { finWait2Pile } from './fin-wait-2-pile.ts';
import { listenQueue } from './listen-queue.ts';
import { macosClockStopped } from './macos-clock-stopped.ts';
import { orphansNearLimit } from './orphans-near-limit.ts';
import { poolExhausted } from './pool-exhausted.ts';
import { poolHighRate } from './pool-high-rate.ts';
import { poolNearlyFull } from './pool-nearly-full.ts';
import { poolRunsOut } from './pool-runs-out.ts';
import { poolSlow } from './pool-slow.ts';
import { poolUneven } from './pool-uneven.ts';
import { rangeEmpty } from './range-empty.ts';
import { rangeListener } from './range-listener.ts';
import { rangeReserved } from './range-reserved.ts';
import { rangeSmall } from './range-small.ts';
import { reuseLimited } from './reuse-limited.ts';
import { reuseNoTimestamps } from './reuse-no-timestamps.ts';
import { settingFinTimeout } from './setting-fin-timeout.ts';
import { settingTwBucketsLow } from './setting-tw-buckets-low.ts';
import { settingTwRecycle } from './setting-tw-recycle.ts';
import { sourceNatLikely } from './source-nat-likely.ts';
import { synSentPile } from './syn-sent-pile.ts';
import { timeWaitClient } from './time-wait-client.ts';
import { timeWaitServer } from './time-wait-server.ts';
import { twBucketsOverflow } from './tw-buckets-overflow.ts';
import { windowsBoundLeak } from './windows-bound-leak.ts';
import { windowsEvents } from './windows-events.ts';
import { windowsExcludedBlocks } from './windows-excluded-blocks.ts';
import { windowsMaxUserPort } from './windows-max-user-port.ts';
import { windowsTimedWaitDelay } from './windows-timed-wait-delay.ts';

export const RULES: readonly Rule[] = [
  macosClockStopped,
  rangeEmpty,
  poolExhausted,
  poolRunsOut,
  poolNearlyFull,
  windowsEvents,
  descriptorsProcess,
  descriptorsSystem,
  conntrackNearFull,
  windowsBoundLeak,
  poolSlow,
  poolHighRate,
  closeWaitLeak,
  listenQueue,
  deadPeerPorts,
  synSentPile,
  finWait2Pile,
  orphansNearLimit,
  twBucketsOverflow,
  bindBeforeConnect,
  timeWaitClient,
  churn,
  reuseNoTimestamps,
  reuseLimited,
  rangeReserved,
  windowsExcludedBlocks,
  rangeSmall,
  rangeListener,
  poolUneven,
  sourceNatLikely,
  settingTwRecycle,
  settingFinTimeout,
  settingTwBucketsLow,
  windowsTimedWaitDelay,
  windowsMaxUserPort,
  timeWaitServer,
];

/** The rules that can say something about a system, for the list of all checks. */
export function checksFor(system: SystemId): { rule: string; title: string }[] {
  return RULES.filter(({ systems }) => systems?.includes(system) ?? true).map(({ id, title }) => ({
    rule: id,
    title,
  }));
}

/** What all rules find. */
export function findAll(evidence: FindingEvidence): Finding[] {
  return RULES.flatMap((rule) => rule.find(evidence));
}
