/** How many requests the connections of a process to a pool carried on average, recent ones counting more. */
import type { GroupOf } from './pool-users.ts';

const HALF_LIFE_MS = 60_000;
const FORGET_BELOW = 0.05;

interface Mean {
  requests: number;
  connections: number;
}

export class RequestMeans {
  private readonly means = new Map<number, Mean>();
  private updatedMs = 0;

  /** `owner` −1 stands for those whose owner is not known. */
  note(closed: Iterable<{ owner: number; requests: number }>, nowMs: number): void {
    const factor = 0.5 ** (Math.max(0, nowMs - this.updatedMs) / HALF_LIFE_MS);
    this.updatedMs = nowMs;
    for (const [owner, mean] of this.means) {
      mean.requests *= factor;
      mean.connections *= factor;
      if (mean.connections < FORGET_BELOW) this.means.delete(owner);
    }
    for (const { owner, requests } of closed) {
      const mean = this.means.get(owner) ?? { requests: 0, connections: 0 };
      mean.requests += requests;
      mean.connections++;
      this.means.set(owner, mean);
    }
  }

  /** Mean requests of a connection by owner, short-lived processes together. */
  byOwner(groupOf: GroupOf): Map<number, number> {
    const sums = new Map<number, Mean>();
    for (const [owner, { requests, connections }] of this.means) {
      const group = owner < 0 ? owner : groupOf(owner);
      const sum = sums.get(group) ?? { requests: 0, connections: 0 };
      sums.set(group, { requests: sum.requests + requests, connections: sum.connections + connections });
    }
    return new Map([...sums].map(([owner, { requests, connections }]) => [owner, requests / connections]));
  }
}
