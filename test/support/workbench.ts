/** A workbench over fake child processes. */
import { createWorkbench, type Workbench, type WorkbenchOptions } from '../../main/workbench/workbench.ts';
import { FakeParser } from './fake-parser.ts';
import { FakeSampler } from './fake-sampler.ts';
import { FakeTerminal } from './fake-terminal.ts';

export interface WorkbenchRig {
  workbench: Workbench;
  /** Every sampler process so far, oldest first. */
  samplers: FakeSampler[];
  /** The newest sampler process. */
  sampler(): FakeSampler;
  /** Every terminal process so far, oldest first. */
  terminals: FakeTerminal[];
  /** The newest terminal process. */
  terminal(): FakeTerminal;
  log: string[];
}

/** A workbench that is not started yet; `jitter` is 0 and time is Date.now, so that fake timers rule both. */
export function rigWorkbench(change: Partial<WorkbenchOptions> = {}): WorkbenchRig {
  const samplers: FakeSampler[] = [];
  const terminals: FakeTerminal[] = [];
  const log: string[] = [];
  const workbench = createWorkbench({
    forkSampler: () => {
      const sampler = new FakeSampler(1000 + samplers.length);
      samplers.push(sampler);
      return sampler;
    },
    forkTerminal: () => {
      const terminal = new FakeTerminal(2000 + terminals.length);
      terminals.push(terminal);
      return terminal;
    },
    startParser: () => new FakeParser(),
    now: Date.now,
    jitter: () => 0,
    version: '1.2.3',
    host: 'web',
    platform: 'linux',
    log: (line) => log.push(line),
    ...change,
  });
  const sampler = () => newestOf(samplers, 'sampler');
  const terminal = () => newestOf(terminals, 'terminal');
  return { workbench, samplers, sampler, terminals, terminal, log };
}

function newestOf<T>(children: readonly T[], name: string): T {
  const newest = children.at(-1);
  if (!newest) throw new Error(`no ${name} was started`);
  return newest;
}
