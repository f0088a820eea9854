/** C10: probes run a thousand times through the workbench's service leave nothing behind, in any process. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Probe } from '../../main/probes/probe.ts';
import { probesOf } from '../../main/probes/catalogue.ts';
import { choosePrograms, findProgram } from '../../main/terminal/programs.ts';
import { rigEvidence, type EvidenceRig } from '../support/evidence-rig.ts';
import { descendantsOf, realChildren, type RealChildren } from '../support/real-children.ts';

const RUNS = 1000;
const WARM_UP = 24;
/** Every so many runs one is cancelled while it hangs, and one prints a line without end. */
const CANCEL_EVERY = 20;
const ENDLESS_EVERY = 50;
/** Descriptors, threads and listeners may wander by this much; a leak of one a run would show 1000. */
const SLACK = 4;

const programs = choosePrograms('linux');
const wanted = [
  'linux.file-nr',
  'linux.ss-tan',
  'linux.sysctl-ports',
  'linux.cgroup-self',
  'linux.ss-summary',
];
const usable = probesOf('linux').filter(
  ({ id, tool }) => wanted.includes(id) && findProgram(programs, tool).ok,
);
const [first] = usable;
const missing =
  process.platform !== 'linux'
    ? `processes are counted through /proc, this is ${process.platform}`
    : first === undefined
      ? 'none of the tools is installed'
      : null;

describe.skipIf(missing !== null)(`1,000 probe runs${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const hanging = { ...first, id: 'test.hang', tool: 'cat', argv: [] } as unknown as Probe;
  const endless = { ...hanging, id: 'test.endless', argv: ['/dev/zero'] };
  let rig: EvidenceRig;
  let children: RealChildren;

  beforeAll(() => {
    children = realChildren();
    rig = rigEvidence({ children, probes: [...usable, hanging, endless] });
  });
  afterAll(() => rig.stop());

  test('leak no descriptor, process, thread or listener', async () => {
    await runMany(WARM_UP);
    const before = census();
    const outcomes = await runMany(RUNS);
    await settle();
    const after = census();
    process.stdout.write(`before ${JSON.stringify(before)}\nafter  ${JSON.stringify(after)}\n`);
    expect(after.commands).toBe(0);
    for (const what of [
      'hostDescriptors',
      'hostThreads',
      'terminalDescriptors',
      'terminalThreads',
      'listeners',
    ] as const) {
      expect(after[what], what).toBeLessThanOrEqual(before[what] + SLACK);
    }
    expect(outcomes.get('good')).toBe(RUNS - RUNS / CANCEL_EVERY - RUNS / ENDLESS_EVERY);
    expect(outcomes.get('cancelled')).toBe(RUNS / CANCEL_EVERY);
    expect(rig.log).toEqual([]);
  });

  /** Four at a time; gives how many ended how. */
  async function runMany(count: number): Promise<Map<string, number>> {
    const outcomes = new Map<string, number>();
    let started = 0;
    const lane = async () => {
      while (started < count) {
        const outcome = await runOne(++started);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
    return outcomes;
  }

  async function runOne(number: number): Promise<string> {
    // Never both: the one is a multiple, the other one beside it.
    const isCancelled = number % CANCEL_EVERY === 0;
    const isEndless = number % ENDLESS_EVERY === 1;
    const probe = isCancelled ? hanging : isEndless ? endless : usable[number % usable.length];
    const { runId } = await rig.run(probe?.id ?? '');
    if (isCancelled) setTimeout(() => void rig.handlers['runs.cancel']({ runId }), 20);
    for (;;) {
      const event = rig.events.find(
        ({ name, payload }) => name === 'run.finished' && payload.runId === runId,
      );
      if (event?.name === 'run.finished') {
        rig.events.splice(rig.events.indexOf(event), 1);
        return event.payload.outcome ?? 'none';
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  function census() {
    const terminal = children.terminalPid();
    return {
      hostDescriptors: entries('/proc/self/fd'),
      hostThreads: entries('/proc/self/task'),
      terminalDescriptors: entries(`/proc/${terminal}/fd`),
      terminalThreads: entries(`/proc/${terminal}/task`),
      /** Zombies count. */
      commands: descendantsOf(terminal).length,
      listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
      terminalMegabytes: residentMegabytes(terminal),
    };
  }
});

/** What ends a moment later has ended. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 500));
}

function entries(folder: string): number {
  return readdirSync(folder).length;
}

function residentMegabytes(pid: number): number {
  return Math.round(
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
  );
}
