import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Probe } from '../../../main/probes/probe.ts';
import { probesOf } from '../../../main/probes/catalogue.ts';
import type { RunInfo } from '../../../preload/contract-evidence.ts';
import { rigEvidence, type EvidenceRig } from '../../support/evidence-rig.ts';
import { descendantsOf, realChildren, stillRunning, type RealChildren } from '../../support/real-children.ts';

const LIMIT = { timeout: 15_000, interval: 20 };
const isLinux = process.platform === 'linux';

const base = probesOf('linux').find(({ id }) => id === 'linux.file-nr');
/** Waits for ever for what nobody types. */
const hanging = { ...base, id: 'test.hang', argv: [] } as Probe;
/** One line without end. */
const endless = { ...base, id: 'test.endless', argv: ['/dev/zero'] } as Probe;

let rig: EvidenceRig;
let children: RealChildren;

beforeEach(() => {
  children = realChildren();
  rig = rigEvidence({ children, probes: [...probesOf('linux'), hanging, endless] });
});
afterEach(async () => {
  const pid = children.terminalPid();
  const left = pid === 0 ? [] : [pid, ...descendantsOf(pid)];
  await rig.stop();
  await vi.waitFor(() => expect(stillRunning(left)).toEqual([]), LIMIT);
});

async function finished(runId: string): Promise<RunInfo> {
  return vi.waitFor(async () => {
    const listed = await rig.handlers['runs.list']({});
    const info = listed.ok ? listed.value.runs.find((run) => run.runId === runId) : undefined;
    if (info?.state !== 'finished') throw new Error('still running');
    return info;
  }, LIMIT);
}

/** The commands that the terminal runs now. */
async function commands(count: number): Promise<number[]> {
  return vi.waitFor(() => {
    const pids = descendantsOf(children.terminalPid());
    if (pids.length < count) throw new Error('not started yet');
    return pids;
  }, LIMIT);
}

describe.skipIf(!isLinux)('probes in the real terminal', () => {
  test('runs one, shows what it printed and what was understood', async () => {
    const { runId } = await rig.run('linux.file-nr');
    const info = await finished(runId);
    expect(info).toMatchObject({ outcome: 'good', exitCode: 0, signal: null, truncated: false });
    const transcript = await rig.handlers['runs.transcript']({ runId, offset: 0, limit: 1000 });
    expect(transcript.ok && transcript.value.text).toMatch(/^\d+\t0\t\d+\r?\n$/);
    expect(await rig.handlers['runs.parsed']({ runId, offset: 0, limit: 10 })).toMatchObject({
      ok: true,
      value: { factCount: 3, problemCount: 0, restsOn: [1] },
    });
    expect(rig.log).toEqual([]);
  });

  test('C6: a command that prints for ever ends with a sentence; others run on meanwhile', async () => {
    const slow = await rig.run('test.hang');
    const fast = await rig.run('test.endless');
    expect(await finished(fast.runId)).toMatchObject({ truncated: true });
    expect(await rig.handlers['runs.cancel']({ runId: slow.runId })).toMatchObject({
      value: { cancelled: true },
    });
    expect(await finished(slow.runId)).toMatchObject({ outcome: 'cancelled' });
    expect(stillRunning(descendantsOf(children.terminalPid()))).toEqual([]);
  });

  test('C8: the commands of a terminal that is killed end with it', async () => {
    const { runId } = await rig.run('test.hang');
    const pids = await commands(1);
    process.kill(children.terminalPid(), 'SIGKILL');
    expect(await finished(runId)).toMatchObject({
      outcome: 'failed',
      endSentence: 'The terminal process that ran it is no longer there. Try again.',
    });
    await vi.waitFor(() => expect(stillRunning(pids)).toEqual([]), LIMIT);
  });

  test('C8: stopping the workbench ends the commands before the terminal', async () => {
    await rig.run('test.hang');
    const pids = [...(await commands(1)), children.terminalPid()];
    await rig.stop();
    expect(stillRunning(pids)).toEqual([]);
  });

  test('C8: after SIGKILL of the workbench nothing is left', async () => {
    const entry = fileURLToPath(new URL('../../support/evidence-host.ts', import.meta.url));
    const host: ChildProcess = spawn(process.execPath, [entry, JSON.stringify(hanging)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { pid, stdout } = host;
    if (pid === undefined || !stdout) throw new Error('the host did not start');
    await once(stdout, 'data');
    // The terminal and its three commands.
    const pids = await vi.waitFor(() => {
      const found = descendantsOf(pid);
      expect(found.length).toBeGreaterThanOrEqual(4);
      return found;
    }, LIMIT);
    host.kill('SIGKILL');
    await vi.waitFor(() => expect(stillRunning(pids)).toEqual([]), LIMIT);
  });
});
