/** What the sampler publishes at each tick: this machine, or the files that are shown instead of it. */
import type { Summary } from '../core/model.ts';

export interface PublisherOptions {
  /** The summary of the files that are shown, or null while this machine is. */
  imported(): Summary | null;
  post(summary: Summary): void;
}

/** Live sampling goes on under an import: its pace and cost are published with it, its trend is there afterwards. */
export class Publisher {
  private readonly options: PublisherOptions;
  private lastLive: Summary | null = null;
  /** Added to the sequence, so that it grows with every change of what is shown as it does with every sample. */
  private changes = 0;

  constructor(options: PublisherOptions) {
    this.options = options;
  }

  /** A sample of this machine was taken, or its pace was changed. */
  live(summary: Summary): void {
    this.lastLive = summary;
    this.publish();
  }

  /** Files are shown now, other files, or this machine again. */
  changed(): void {
    this.changes++;
    this.publish();
  }

  private publish(): void {
    const { lastLive } = this;
    const imported = this.options.imported();
    const sequence = (lastLive?.sequence ?? 0) + this.changes;
    if (imported) this.options.post({ ...imported, sequence, sampler: paced(imported, lastLive) });
    else if (lastLive) this.options.post({ ...lastLive, sequence });
  }
}

function paced({ sampler }: Summary, live: Summary | null): Summary['sampler'] {
  if (!live) return sampler;
  const { intervalMs, effectiveIntervalMs, paused, costShare, memoryBytes } = live.sampler;
  return { ...sampler, intervalMs, effectiveIntervalMs, paused, costShare, memoryBytes };
}
