/**
 * kill -9 at every point of carrying out and of taking back (hardening F5): of our process, of the helper, of both.
 * Afterwards the journal's account is what the kernel says, undo brings everything back byte for byte, and a second undo
 * changes nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Act, ChildAnswer, Victim } from '../support/change-child.ts';
import { bundleChild, ChangeLane } from '../support/change-lane.ts';
import { aFolder, planOf, removeFolders } from '../support/changes-rig.ts';
import { namespaceMissing } from '../support/namespace.ts';

const missing = namespaceMissing() ?? (process.getuid?.() === 0 ? null : 'it needs root');
const LANES = 2;
const RANDOM_KILLS = 100;

const NAMES = ['ipv4/ip_local_reserved_ports', 'ipv4/ip_local_port_range'];
const BEFORE = ['\n', '32768\t60999\n'];
const AFTER = ['20001\n', '20000\t65535\n'];
const PLAN = planOf('linux-widen-range', {
  range: { first: 20000, last: 65535 },
  reserve: [{ first: 20001, last: 20001 }],
});
const ACTS: readonly Act[] = ['keep', 'undo', 'undo past'];
const VICTIMS: readonly Victim[] = ['us', 'helper', 'both'];

interface Step {
  status: string;
  state: string;
}

interface Written {
  id: number;
  phase: string;
  isInterrupted: boolean;
  steps: Step[];
}

let lanes: ChangeLane[] = [];
beforeAll(async () => {
  if (missing !== null) return;
  const child = await bundleChild(aFolder());
  lanes = await Promise.all(Array.from({ length: LANES }, () => ChangeLane.open(child)));
});
afterAll(async () => {
  await Promise.all(lanes.map((lane) => lane.close()));
  removeFolders();
});

function carry(
  lane: ChangeLane,
  stateHome: string,
  act: Act,
  killAt: number | null = null,
  victim: Victim = 'us',
) {
  return lane.ask({ ask: 'carry', stateHome, plan: PLAN, act, killAt, victim });
}

async function journal(lane: ChangeLane, stateHome: string): Promise<Written[]> {
  const ran = await lane.ask({ ask: 'journal', stateHome });
  expect(ran).toMatchObject({ is: 'ran', status: 0, err: '' });
  return ran?.is === 'ran' ? JSON.parse(ran.out).changes : [];
}

/** A folder for the journal; for "undo past" with a change that is in force. */
async function begin(lane: ChangeLane, act: Act): Promise<string> {
  const stateHome = aFolder();
  if (act !== 'undo past') return stateHome;
  expect(await carry(lane, stateHome, 'keep')).toMatchObject({ is: 'carried' });
  expect(lane.values(...NAMES)).toEqual(AFTER);
  return stateHome;
}

/** What is so, whoever was killed, and that all of it can be taken back. */
async function examine(lane: ChangeLane, stateHome: string, what: string): Promise<void> {
  await lane.quiet();
  const values = lane.values(...NAMES);
  const written = await journal(lane, stateHome);
  if (written.length === 0) {
    expect(values, what).toEqual(BEFORE);
    return;
  }
  const [change] = written;
  if (!change) throw new Error(what);
  const states = values.map((value, index) =>
    value === BEFORE[index] ? 'before' : value === AFTER[index] ? 'after' : 'other',
  );
  expect(
    change.steps.map(({ state }) => state),
    what,
  ).toEqual(states);
  // Nothing is in force that was not begun, and nothing that has ended says otherwise than what is so.
  for (const [index, { status }] of change.steps.entries()) {
    if (states[index] === 'after') expect(status, what).toMatch(/^(started|done)$/);
  }
  if (change.phase === 'kept') expect(values, what).toEqual(AFTER);
  else if (change.phase === 'undone' || change.phase === 'failed') expect(values, what).toEqual(BEFORE);
  else expect(change.isInterrupted, what).toBe(true);
  for (const time of ['once', 'twice']) {
    const undone = await lane.ask({ ask: 'undo', stateHome, changeId: change.id });
    expect(undone, `${what}, undone ${time}`).toMatchObject({ is: 'ran', status: 0, err: '' });
    expect(lane.values(...NAMES), `${what}, undone ${time}`).toEqual(BEFORE);
  }
  expect(await journal(lane, stateHome), what).toMatchObject([{ isInterrupted: false }]);
}

/** Every job once, by whichever lane is free. */
async function share<T>(jobs: readonly T[], run: (lane: ChangeLane, job: T) => Promise<void>): Promise<void> {
  const left = [...jobs];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let job = left.shift(); job !== undefined; job = left.shift()) await run(lane, job);
    }),
  );
}

function pointsOf(carried: ChildAnswer | null): string[] {
  if (carried?.is !== 'carried') throw new Error('it was not carried out');
  return carried.points;
}

describe.skipIf(missing !== null)(`kill -9${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it.each(ACTS)('F5: at every point of "%s", of us, of the helper and of both', async (act) => {
    const [lane] = lanes;
    if (!lane) throw new Error('no namespace');
    const stateHome = await begin(lane, act);
    const points = pointsOf(await carry(lane, stateHome, act));
    await examine(lane, stateHome, 'nobody killed');
    expect(points.join('\n')).toContain(act === 'keep' ? 'after saying keep' : 'before hearing undone 1');
    // Up to where it holds, "undo" is "keep".
    const first = act === 'undo' ? points.findIndex((name) => name.includes('hearing holding')) : 0;
    const jobs = points
      .slice(first)
      .flatMap((name, at) => VICTIMS.map((victim) => ({ name, killAt: first + at + 1, victim })));
    await share(jobs, async (free, { name, killAt, victim }) => {
      const home = await begin(free, act);
      await carry(free, home, act, killAt, victim);
      await examine(free, home, `${victim} killed ${name}`);
    });
  });

  it(`F5: at ${RANDOM_KILLS} moments by chance`, async () => {
    const [lane] = lanes;
    if (!lane) throw new Error('no namespace');
    const beganMs = performance.now();
    const trial = await begin(lane, 'undo');
    await carry(lane, trial, 'undo');
    const tookMs = performance.now() - beganMs;
    const jobs = Array.from({ length: RANDOM_KILLS }, (_, index) => ({
      act: ACTS[index % ACTS.length] ?? 'undo',
      victim: VICTIMS[Math.floor(index / ACTS.length) % VICTIMS.length] ?? 'us',
      afterMs: Math.random() * tookMs,
    }));
    await share(jobs, async (free, { act, victim, afterMs }) => {
      const home = await begin(free, act);
      const timer = setTimeout(() => {
        if (victim !== 'us' && free.helper !== null) killed(free.helper);
        if (victim !== 'helper') free.killChild();
      }, afterMs);
      await carry(free, home, act);
      clearTimeout(timer);
      await examine(free, home, `${victim} killed ${afterMs.toFixed(1)} ms into "${act}"`);
    });
  });
});

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
