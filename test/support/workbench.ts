/** A workbench over fake sampler processes. */
import { createWorkbench, type Workbench, type WorkbenchOptions } from '../../main/workbench/workbench.ts';
import { FakeSampler } from './fake-sampler.ts';

export interface WorkbenchRig {
  workbench: Workbench;
  /** Every sampler process so far, oldest first. */
  samplers: FakeSampler[];
  /** The newest sampler process. */
  sampler(): FakeSampler;
  log: string[];
}

/** A workbench that is not started yet; `jitter` is 0 and time is Date.now, so that fake timers rule both. */
export function rigWorkbench(change: Partial<WorkbenchOptions> = {}): WorkbenchRig {
  const samplers: FakeSampler[] = [];
  const log: string[] = [];
  const workbench = createWorkbench({
    forkSampler: () => {
      const sampler = new FakeSampler(1000 + samplers.length);
      samplers.push(sampler);
      return sampler;
    },
    now: Date.now,
    jitter: () => 0,
    version: '1.2.3',
    host: 'web',
    platform: 'linux',
    log: (line) => log.push(line),
    ...change,
  });
  const sampler = () => {
    const newest = samplers.at(-1);
    if (!newest) throw new Error('no sampler was started');
    return newest;
  };
  return { workbench, samplers, sampler, log };
}
