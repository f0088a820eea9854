/**
 * watch.ts SECONDS RANGE_FIRST RANGE_LAST: samples and glances as the sampler process does, then prints who it says holds
 * each client socket in TIME_WAIT, as JSON.
 */
import { OwnerConfidence, TcpState, type Summary } from '../../../main/core/model.ts';
import { NO_POOL } from '../../../main/core/pools.ts';
import { choosePlatform } from '../../../main/sampling/choose.ts';
import { Pacer } from '../../../main/sampling/pacer.ts';
import { Sampler } from '../../../main/sampling/sampler.ts';

/** Who holds a socket: pid, name, and the parent of short-lived ones. */
export interface ToldOwner {
  pid: number | null;
  process: string | null;
  parentPid: number | null;
}

export interface WatchReport {
  owners: ToldOwner[];
  /** [remote port, local port, index in owners or −1, "observed" | "inferred" | "unknown"]. */
  sockets: [number, number, number, string][];
  consumers: Summary['consumers'];
  pools: { remotePort: number; opensPerSecond: number | null; unseenPerSecond: number | null }[];
  ownership: Summary['ownership'];
  degradations: string[];
  /** Share of a core, over all the time. */
  costShare: number;
}

const seconds = Number(process.argv[2]);
const platform = choosePlatform(process.platform);
if (!platform.ok) throw new Error(JSON.stringify(platform.failure));
const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
const sampler = new Sampler({ platform: platform.value, clock, poolLimit: 20 });
const opened = sampler.open();
if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const began = { cpuMs: cpuMs(), atMs: clock.monotonicMs() };
const pacer = new Pacer({
  sampler,
  clock,
  cpuMs,
  memoryBytes: () => 0,
  onSummary: () => undefined,
  onFailure: (failure) => process.stderr.write(`${JSON.stringify(failure)}\n`),
});
pacer.start();
setTimeout(() => {
  pacer.stop();
  const outcome = sampler.sample();
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  process.stdout.write(JSON.stringify(report()));
  sampler.close();
}, seconds * 1000);

function report(): WatchReport {
  const last = sampler.last;
  if (!last) throw new Error('no sample');
  const { table, index, summary } = last;
  const owners: ToldOwner[] = [];
  const at = new Map<number, number>();
  const sockets: WatchReport['sockets'] = [];
  for (let row = 0; row < table.length; row++) {
    if (table.state[row] !== TcpState.TIME_WAIT || index.poolOfRow[row] === NO_POOL) continue;
    const owner = table.owner[row] ?? -1;
    if (owner >= 0 && !at.has(owner)) at.set(owner, owners.push(told(owner)) - 1);
    const confidence = Object.entries(OwnerConfidence).find(
      ([, value]) => value === table.ownerConfidence[row],
    );
    sockets.push([
      table.remotePort[row] ?? 0,
      table.localPort[row] ?? 0,
      at.get(owner) ?? -1,
      confidence?.[0] ?? '',
    ]);
  }
  return {
    owners,
    sockets,
    consumers: summary.consumers,
    pools: summary.pools.map((pool) => ({
      remotePort: pool.remotePort,
      opensPerSecond: pool.openRatePerSecond,
      unseenPerSecond: pool.closesUnseenPerSecond ?? null,
    })),
    ownership: summary.ownership,
    degradations: summary.degradations.map(({ code }) => code),
    costShare: (cpuMs() - began.cpuMs) / (clock.monotonicMs() - began.atMs),
  };
}

function told(index: number): ToldOwner {
  const owner = sampler.ownerOf(index);
  return {
    pid: owner?.pid ?? null,
    process: owner?.process ?? null,
    parentPid: owner?.group?.parentPid ?? null,
  };
}
