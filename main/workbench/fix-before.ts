/** What Verify shows as "before": a pool's ports as they were when its change began, and what was predicted of it. */
import { portMapSchema, type PortMapInfo } from '../../preload/contract-port-map.ts';
import type { CallResult } from '../../preload/contract.ts';
import type { Change } from '../core/fixes/change.ts';
import { curveOf } from '../core/fixes/curve.ts';
import type { Outcome } from '../core/model.ts';

/** A change does not wait longer for its picture. */
const TAKE_LIMIT_MS = 1500;
/** Pictures of 88 KB; older changes go without. */
const MAX_PICTURES = 8;

export interface BeforeParts {
  askSampler(name: 'ports.map', args: { poolKey: string }): Promise<Outcome<unknown>>;
  setTimer(milliseconds: number, run: () => void): () => void;
}

export class BeforePictures {
  readonly #parts: BeforeParts;
  /** By change, the oldest first. */
  readonly #maps = new Map<number, PortMapInfo>();

  constructor(parts: BeforeParts) {
    this.#parts = parts;
  }

  /** The ports as they are; null without a pool, or where no picture can be had soon. */
  async take(poolKey: string | null): Promise<PortMapInfo | null> {
    if (poolKey === null) return null;
    let stopTimer = () => {};
    const late = new Promise<null>((resolve) => {
      stopTimer = this.#parts.setTimer(TAKE_LIMIT_MS, () => resolve(null));
    });
    const answer = await Promise.race([this.#parts.askSampler('ports.map', { poolKey }), late]);
    stopTimer();
    const parsed = answer?.ok ? portMapSchema.safeParse(answer.value) : null;
    return parsed?.success ? parsed.data : null;
  }

  keep(changeId: number, map: PortMapInfo | null): void {
    if (map !== null) this.#maps.set(changeId, map);
    const [oldest] = this.#maps.keys();
    if (this.#maps.size > MAX_PICTURES && oldest !== undefined) this.#maps.delete(oldest);
  }

  /** The prediction is in the journal, whoever made it; the picture is of this process's own changes. */
  of({ id, plan, before }: Change): CallResult<'changes.before'> {
    return {
      capacity: plan.effect?.capacity.now ?? before?.capacity ?? null,
      curve: plan.effect && curveOf(plan.effect),
      map: this.#maps.get(id) ?? null,
    };
  }
}
