/** A change through the whole workbench, in a namespace of its own: planned, applied, measured, taken back exactly. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixUserMissing, makeFixUser, type FixUser } from '../support/fix-user.ts';
import { startLoad, type Load } from '../support/load/load.ts';
import { namespaceMissing, openNamespace, type TestNamespace } from '../support/namespace.ts';
import { WORKBENCH_PROGRAM, WorkbenchProcess } from '../support/workbench-process.ts';

const SERVER = { address: '127.0.0.1', port: 8080 };
const SETTINGS = { portRange: { first: 40000, last: 40099 }, twReuse: 0 } as const;
const NO_PARAMETERS = { range: null, reserve: null, poolKey: null, value: null, pid: null, persist: false };
const missing =
  namespaceMissing() ?? (process.geteuid?.() === 0 ? null : 'rights to change settings without a password');

const noUser = fixUserMissing([process.execPath, WORKBENCH_PROGRAM]);

let folder = '';
let namespace: TestNamespace;
let load: Load;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fourtuple-workbench-'));
  if (missing !== null) return;
  namespace = await openNamespace(SETTINGS);
  // A pool of 100 ports that 4 connections a second fill within half a minute, and that 300 ports would bear.
  const clients = [
    { ...SERVER, count: 20, holdMs: 0 },
    { ...SERVER, ratePerSecond: 4, holdMs: 0 },
  ];
  load = startLoad({ servers: [SERVER], clients, seconds: 120 }, namespace);
  await load.first('started', 5000);
});
afterAll(async () => {
  await load?.stop();
  await namespace?.close();
  rmSync(folder, { recursive: true, force: true });
});

function readRange(): string {
  return namespace.run(['cat', '/proc/sys/net/ipv4/ip_local_port_range']).stdout;
}

/** A workbench with a journal of its own. */
async function withWorkbench(
  name: string,
  run: (workbench: WorkbenchProcess) => Promise<void>,
  become: readonly string[] = [],
): Promise<void> {
  const workbench = new WorkbenchProcess(namespace, join(folder, name), become);
  try {
    await run(workbench);
  } finally {
    await workbench.stop();
  }
}

/** Opens a wizard on the pool and previews a range of 300 ports. */
async function preview(workbench: WorkbenchProcess) {
  const { pools } = await workbench.until(
    'summary.updated',
    ({ pools: [pool] }) => (pool?.used ?? 0) > 10 && pool?.openRatePerSecond !== null,
  );
  const poolKey = pools[0]?.key ?? '';
  const opened = await workbench.call('wizard.open', {
    findingId: null,
    poolKey,
    fixId: 'linux-widen-range',
    changeId: null,
  });
  const { wizardId } = opened;
  const parameters = { ...NO_PARAMETERS, poolKey, range: { first: 39800, last: 40099 } };
  const { plan } = await workbench.call('wizard.plan', { wizardId, parameters });
  return { wizardId, plan, planHash: plan.planHash ?? '' };
}

describe.skipIf(missing !== null)(
  `a change in the workbench${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    it('is planned, applied, measured while it holds, and taken back to the exact value', async () => {
      await withWorkbench('whole', async (workbench) => {
        const { wizardId, plan, planHash } = await preview(workbench);
        expect(plan).toMatchObject({
          refused: null,
          steps: [{ title: 'net.ipv4.ip_local_port_range', current: '40000 40099', proposed: '39800 40099' }],
          rights: { way: 'none', obstacle: null },
          ranges: { presentPorts: 100, proposedPorts: 300 },
          effect: { capacity: { now: 100, then: 300 } },
        });
        const { change, wizard } = await workbench.call('wizard.apply', {
          wizardId,
          planHash,
          undoAfterSeconds: 300,
        });
        expect(wizard).toMatchObject({ step: 'apply', changeId: change.changeId });
        const { changeId } = change;
        const holds = await workbench.until('change.updated', ({ phase }) => phase === 'holding');
        expect(holds).toMatchObject({ canKeep: true, canUndo: true, canStop: false, wantsTyping: false });
        expect(readRange()).toBe('39800\t40099\n');
        await workbench.until('wizard.changed', ({ step }) => step === 'verify');
        const measured = await workbench.until(
          'change.updated',
          ({ outcome }) => outcome?.level === 'ok',
          20_000,
        );
        const ports = measured.outcome?.rows.find(({ title }) => title === 'Usable ports');
        expect(ports).toMatchObject({ before: '100', predicted: '300', measured: '300', state: 'held' });
        await workbench.call('changes.undo', { changeId, steps: null });
        const undone = await workbench.until('change.updated', ({ phase }) => phase === 'undone');
        expect(undone.changeId).toBe(changeId);
        expect(readRange()).toBe('40000\t40099\n');
        const printed = await workbench.call('changes.transcript', { changeId, offset: 0, limit: 32768 });
        expect(printed.text).toContain('sysctl -w');
        expect(printed.text).not.toContain('\u001e');
        await expect
          .poll(async () => (await workbench.call('changes.list', {})).changes[0])
          .toMatchObject({
            phase: 'undone',
            canUndo: false,
            isInterrupted: false,
            steps: [{ state: 'before' }],
          });
      });
    });

    it('that holds is taken back when the workbench ends, and the next one says so', async () => {
      await withWorkbench('ends', async (workbench) => {
        const { wizardId, planHash } = await preview(workbench);
        await workbench.call('wizard.apply', { wizardId, planHash, undoAfterSeconds: 300 });
        await workbench.until('change.updated', ({ phase }) => phase === 'holding');
        await workbench.stop();
        expect(readRange()).toBe('40000\t40099\n');
        const next = new WorkbenchProcess(namespace, join(folder, 'ends'));
        const { changes, obstacle } = await next.call('changes.list', {});
        expect(obstacle).toBeNull();
        expect(changes).toMatchObject([
          {
            phase: 'undone',
            isInterrupted: false,
            sentence: expect.stringContaining('ended before it was kept'),
          },
        ]);
        await next.stop();
      });
    });

    it('whose terminal process is killed while it holds is taken back by its helper, and that is said', async () => {
      await withWorkbench('killed', async (workbench) => {
        const { wizardId, planHash } = await preview(workbench);
        await workbench.call('wizard.apply', { wizardId, planHash, undoAfterSeconds: 300 });
        await workbench.until('change.updated', ({ phase }) => phase === 'holding');
        process.kill(workbench.terminalPid, 'SIGKILL');
        await expect.poll(() => readRange(), { timeout: 10_000 }).toBe('40000\t40099\n');
        const ended = await workbench.until('change.updated', ({ phase }) => phase === 'failed');
        expect(ended.sentence).toMatch(/helper was lost.* Everything is as before\./);
        expect(ended.steps).toMatchObject([{ state: 'before' }]);
      });
    });

    it.skipIf(noUser !== null)(
      `F11: is carried out by a user who types a password for sudo${noUser ? ` (skipped: ${noUser})` : ''}`,
      async () => {
        const user = makeFixUser();
        const own = join(folder, 'user');
        mkdirSync(own);
        chownSync(own, user.uid, user.gid);
        chmodSync(folder, 0o711);
        try {
          await withWorkbench('user', (workbench) => byUser(workbench, user), user.become);
        } finally {
          user.remove();
        }
      },
    );
  },
);

/** A wrong password, then the right one; neither is found in anything that was told or kept. */
async function byUser(workbench: WorkbenchProcess, user: FixUser): Promise<void> {
  const { wizardId, plan, planHash } = await preview(workbench);
  expect(plan.rights).toMatchObject({ way: 'sudo', obstacle: null });
  const { change } = await workbench.call('wizard.apply', { wizardId, planHash, undoAfterSeconds: 300 });
  const { changeId } = change;
  expect(change).toMatchObject({ wantsTyping: true, asUser: `uid ${user.uid}` });
  const wrong = 'not the password';
  await workbench.until('change.printed', ({ text }) => text.includes(`Password of ${user.name}`));
  expect(await workbench.call('changes.type', { changeId, data: `${wrong}\n` })).toEqual({ typed: true });
  await workbench.until('change.printed', ({ text }) => text.includes('Sorry'));
  await workbench.call('changes.type', { changeId, data: `${user.password}\n` });
  const holds = await workbench.until('change.updated', ({ phase }) => phase === 'holding');
  expect(holds.wantsTyping).toBe(false);
  expect(readRange()).toBe('39800\t40099\n');
  await workbench.call('changes.undo', { changeId, steps: null });
  await workbench.until('change.updated', ({ phase }) => phase === 'undone');
  expect(readRange()).toBe('40000\t40099\n');
  const { text } = await workbench.call('changes.transcript', { changeId, offset: 0, limit: 32_768 });
  const kept = readdirSync(join(folder, 'user'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const everything = [text, JSON.stringify(workbench.events), workbench.complaint, ...kept].join('\n');
  for (const secret of [wrong, user.password]) expect(everything).not.toContain(secret);
}
