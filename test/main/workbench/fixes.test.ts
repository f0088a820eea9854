import { afterEach, describe, expect, it } from 'vitest';
import type { FixParametersInfo } from '../../../preload/contract-fixes.ts';
import { aFinding } from '../../support/findings.ts';
import { rigFixes, type FixRig, type FixRigOptions } from '../../support/fix-rig.ts';
import { tcp } from '../../support/fixes.ts';
import { INCIDENT_POOL_KEY } from '../../support/incident.ts';

const RANGE = 'net.ipv4.ip_local_port_range';
const NOTHING = { findingId: null, poolKey: null, fixId: null, changeId: null };
const NO_PARAMETERS: FixParametersInfo = {
  range: null,
  reserve: null,
  poolKey: null,
  value: null,
  pid: null,
  persist: false,
};

const rigs: FixRig[] = [];
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.close();
});

function begin(options: FixRigOptions = {}): FixRig {
  const rig = rigFixes(options);
  rigs.push(rig);
  rig.summary = {
    ...rig.summary,
    findings: [
      aFinding({
        id: 'pool-runs-out:1',
        poolKey: INCIDENT_POOL_KEY,
        remedies: [
          {
            fixId: 'app-keep-alive',
            label: 'Keep connections open',
            why: 'removes the cause',
            kind: 'application',
          },
          { fixId: 'linux-widen-range', label: 'Widen the range', why: 'more ports', kind: 'system' },
        ],
      }),
    ],
  };
  return rig;
}

/** A wizard on the pool of the incident whose range is previewed. */
async function previewed(rig: FixRig, change: Partial<FixParametersInfo> = {}) {
  const { wizardId } = await rig.call('wizard.open', {
    ...NOTHING,
    poolKey: INCIDENT_POOL_KEY,
    fixId: 'linux-widen-range',
  });
  const parameters = { ...NO_PARAMETERS, poolKey: INCIDENT_POOL_KEY, ...change };
  const { plan } = await rig.call('wizard.plan', { wizardId, parameters });
  return { wizardId, plan, planHash: plan.planHash ?? '' };
}

async function applied(rig: FixRig, undoAfterSeconds: number | null = 300) {
  const { wizardId, planHash, plan } = await previewed(rig);
  const { change } = await rig.call('wizard.apply', { wizardId, planHash, undoAfterSeconds });
  return { wizardId, plan, changeId: change.changeId };
}

describe('a wizard', () => {
  it('goes from the finding through all steps, and its change is kept and undone', async () => {
    const rig = begin();
    const opened = await rig.call('wizard.open', { ...NOTHING, findingId: 'pool-runs-out:1' });
    expect(opened).toMatchObject({ step: 'understand', poolKey: INCIDENT_POOL_KEY, fixId: null });
    const { wizardId } = opened;
    await rig.call('wizard.go', { wizardId, to: 'choose' });
    await rig.call('wizard.choose', { wizardId, fixId: 'linux-widen-range' });
    await rig.call('wizard.go', { wizardId, to: 'preview' });
    const { wizard, plan } = await rig.call('wizard.plan', { wizardId, parameters: null });
    expect(plan).toMatchObject({
      title: 'Widen the port range',
      kind: 'system',
      refused: null,
      rights: { way: 'none', obstacle: null },
      script: { language: 'sh', name: 'fourtuple-linux-widen-range.sh' },
      ranges: { present: { first: 32768, last: 60999 }, presentPorts: 28232 },
    });
    expect(wizard.planHash).toBe(plan.planHash);
    const { planHash } = plan;
    const begun = await rig.call('wizard.apply', {
      wizardId,
      planHash: planHash ?? '',
      undoAfterSeconds: 300,
    });
    expect(begun.wizard).toMatchObject({ step: 'apply', changeId: 1, reachable: [] });
    expect(begun.change).toMatchObject({ phase: 'prepared', canStop: true, isInterrupted: false });
    rig.helper().getRights();
    expect(rig.machine.read({ target: { kind: 'sysctl', key: RANGE } })).not.toEqual({
      kind: 'value',
      text: '32768 60999',
    });
    const kept = await rig.call('changes.keep', { changeId: 1 });
    expect(kept.changeId).toBe(1);
    await expect
      .poll(() => rig.payloads('change.updated').at(-1))
      .toMatchObject({ phase: 'kept', canUndo: true });
    await rig.call('changes.undo', { changeId: 1, steps: null });
    rig.helper().getRights();
    await expect.poll(() => rig.payloads('change.updated').at(-1)?.phase).toBe('undone');
    expect(rig.machine.read({ target: { kind: 'sysctl', key: RANGE } })).toEqual({
      kind: 'value',
      text: '32768 60999',
    });
  });

  it('tells in their order how a change went on, each step, and leads its page to Verify', async () => {
    const rig = begin();
    const { wizardId } = await applied(rig);
    rig.helper().getRights();
    const told = rig
      .payloads('change.updated')
      .map(({ phase, steps }) => `${phase} ${steps.map(({ status }) => status).join(' ')}`);
    expect(told.filter((line, index) => line !== told[index - 1])).toEqual([
      'prepared waiting waiting',
      'applying waiting waiting',
      'applying started waiting',
      'applying done waiting',
      'applying done started',
      'applying done done',
      'holding done done',
    ]);
    expect(rig.payloads('change.updated').every(({ isInterrupted }) => !isInterrupted)).toBe(true);
    expect(rig.payloads('wizard.changed').at(-1)).toMatchObject({ wizardId, step: 'verify' });
  });

  it('plans again with the offer of a refused plan', async () => {
    const rig = begin();
    rig.tcpPorts = [tcp(15432, 'postgres')];
    const range = { first: 10240, last: 65535 };
    const { wizardId, plan } = await previewed(rig, { range });
    expect(plan.refused?.reason).toContain('15432 (postgres)');
    expect(plan.planHash).toBeNull();
    const offer = plan.refused?.offer ?? NO_PARAMETERS;
    const again = await rig.call('wizard.plan', { wizardId, parameters: offer });
    expect(again.plan).toMatchObject({
      refused: null,
      parameters: { reserve: [{ first: 15432, last: 15432 }] },
    });
    expect(again.plan.ranges?.reserved).toContainEqual({ first: 15432, last: 15432, label: 'postgres' });
    expect(again.wizard.planHash).toBe(again.plan.planHash);
  });

  it('F1: applies no plan but the one that was previewed last', async () => {
    const rig = begin();
    const { wizardId, planHash } = await previewed(rig);
    await rig.call('wizard.plan', {
      wizardId,
      parameters: { ...NO_PARAMETERS, range: { first: 20000, last: 60999 } },
    });
    const refused = await rig.ask('wizard.apply', { wizardId, planHash, undoAfterSeconds: 300 });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'invalid', field: 'plan' } });
    expect(rig.helpers).toEqual([]);
  });

  it.each([
    ['chosen', { first: 10240, last: 65535 }, /not possible any more: The new part of .* 15432 \(postgres\)/],
    ['proposed', null, /services in the new part of the range are others than when it was previewed/],
  ])('F7: does not apply a %s range where a service has begun since', async (_how, range, sentence) => {
    const rig = begin();
    const { wizardId, planHash } = await previewed(rig, { range });
    rig.tcpPorts = [tcp(range === null ? 12345 : 15432, 'postgres')];
    const asked = { wizardId, planHash, undoAfterSeconds: 300 };
    expect(await rig.ask('wizard.apply', asked)).toMatchObject({
      ok: false,
      failure: { field: 'plan', message: expect.stringMatching(sentence) },
    });
    expect(rig.helpers).toEqual([]);
    // A port outside of the new part is nobody's business here.
    rig.tcpPorts = [tcp(8080, 'proxy')];
    await rig.call('wizard.apply', asked);
    expect(rig.helpers).toHaveLength(1);
  });

  it('F1: carries out the very script that it shows', async () => {
    const rig = begin();
    const { wizardId, planHash, plan } = await previewed(rig);
    await rig.call('wizard.apply', { wizardId, planHash, undoAfterSeconds: 300 });
    expect(rig.helper().request).toMatchObject({ tool: 'sh', way: 'visible', onParentDeath: 'hang-up' });
    expect(rig.helper().request.argv).toContain(plan.script?.text);
  });

  it('F4: does not begin when a value is another since, and says so', async () => {
    const rig = begin();
    await applied(rig);
    rig.helper().say('refused 2');
    rig.helper().end(2);
    await expect
      .poll(() => rig.payloads('change.updated').at(-1))
      .toMatchObject({ phase: 'refused', level: 'warning' });
  });

  it('goes with what another page does to its change', async () => {
    const rig = begin();
    const { changeId } = await applied(rig);
    const other = await rig.call('wizard.open', { ...NOTHING, changeId });
    expect(other).toMatchObject({ step: 'apply', changeId, fixId: 'linux-widen-range' });
    rig.helper().getRights();
    const led = new Set(rig.payloads('wizard.changed').map(({ wizardId }) => wizardId));
    expect(led.size).toBe(2);
    const { plan } = await rig.call('wizard.plan', { wizardId: other.wizardId, parameters: null });
    expect(plan.steps).toHaveLength(2);
  });

  it('is where it was for a page that connects again while its change is at work', async () => {
    const rig = begin();
    const { wizardId, changeId } = await applied(rig);
    const again = await rig.call('wizard.go', { wizardId, to: 'apply' });
    expect(again).toMatchObject({ step: 'apply', changeId });
    const { changes, obstacle } = await rig.call('changes.list', {});
    expect(changes).toMatchObject([{ changeId, phase: 'prepared', isInterrupted: false, canStop: true }]);
    expect(obstacle).toMatch(/at work/);
  });

  it('lets nothing be chosen while its change is under way', async () => {
    const rig = begin();
    const { wizardId } = await applied(rig);
    expect(await rig.ask('wizard.choose', { wizardId, fixId: 'linux-tw-reuse' })).toMatchObject({
      ok: false,
    });
    expect(await rig.ask('wizard.plan', { wizardId, parameters: NO_PARAMETERS })).toMatchObject({
      ok: false,
    });
    expect(await rig.ask('wizard.go', { wizardId, to: 'choose' })).toMatchObject({ ok: false });
  });

  it('refuses a second change while one is at work (F9)', async () => {
    const rig = begin();
    await applied(rig);
    const { wizardId, planHash, plan } = await previewed(rig);
    expect(plan.rights.obstacle).toMatch(/at work/);
    expect(await rig.ask('wizard.apply', { wizardId, planHash, undoAfterSeconds: 300 })).toMatchObject({
      ok: false,
    });
    expect(rig.helpers).toHaveLength(1);
  });

  it.each([
    ['a finding that is not there', { ...NOTHING, findingId: 'none' }],
    ['a pool that is not there', { ...NOTHING, poolKey: 'none' }],
    ['a fix that is not there', { ...NOTHING, fixId: 'constructor' }],
    ['a fix of another system', { ...NOTHING, fixId: 'windows-widen-range' }],
    ['a change that is not in the journal', { ...NOTHING, changeId: 7 }],
  ])('is not opened on %s', async (_what, args) => {
    expect(await begin().ask('wizard.open', args)).toMatchObject({ ok: false });
  });

  it('is gone after 32 others were opened since it was used', async () => {
    const rig = begin();
    const first = await rig.call('wizard.open', NOTHING);
    const second = await rig.call('wizard.open', NOTHING);
    for (let count = 0; count < 31; count++) {
      await rig.call('wizard.open', NOTHING);
      if (count === 10) await rig.call('wizard.go', { wizardId: first.wizardId, to: 'understand' });
    }
    expect(await rig.ask('wizard.go', { wizardId: first.wizardId, to: 'understand' })).toMatchObject({
      ok: true,
    });
    expect(await rig.ask('wizard.go', { wizardId: second.wizardId, to: 'understand' })).toMatchObject({
      ok: false,
      failure: { code: 'gone' },
    });
  });

  it('answers with a sentence before the first sample', async () => {
    const rig = begin({ parts: { summary: () => null } });
    const { wizardId } = await rig.call('wizard.open', { ...NOTHING, fixId: 'linux-tw-reuse' });
    for (const name of ['fixes.understand', 'fixes.list'] as const) {
      expect(await rig.ask(name, { findingId: null, poolKey: null })).toMatchObject({ ok: false });
    }
    expect(await rig.ask('wizard.plan', { wizardId, parameters: null })).toMatchObject({ ok: false });
  });
});

describe('files in place of this machine', () => {
  function beginWithFiles(): FixRig {
    const rig = begin();
    rig.summary = { ...rig.summary, origin: { kind: 'imported', files: [], profileBasis: 'detected' } };
    rig.facts = [
      { line: 1, kind: 'setting', name: RANGE, value: '32768\t60999' },
      { line: 2, kind: 'setting', name: 'net.ipv4.ip_local_reserved_ports', value: '' },
    ];
    return rig;
  }

  it('can be planned for, with a script to take along, and never applied', async () => {
    const rig = beginWithFiles();
    const { canApply, fixes } = await rig.call('fixes.list', { findingId: null, poolKey: null });
    expect([canApply, fixes.some(({ isAppliable }) => isAppliable)]).toEqual([false, false]);
    const { wizardId, plan, planHash } = await previewed(rig);
    expect(plan).toMatchObject({ refused: null, script: { language: 'sh' } });
    expect(plan.rights.obstacle).toMatch(/files, not of this machine/);
    const refused = await rig.ask('wizard.apply', { wizardId, planHash, undoAfterSeconds: 300 });
    expect(refused).toMatchObject({ ok: false, failure: { field: 'plan' } });
    expect(rig.helpers).toEqual([]);
  });

  it('are not mistaken for this machine while they are just opened or closed', async () => {
    const rig = beginWithFiles();
    rig.facts = null;
    const opened = await rig.call('wizard.open', { ...NOTHING, fixId: 'linux-widen-range' });
    expect(await rig.ask('wizard.plan', { wizardId: opened.wizardId, parameters: null })).toMatchObject({
      ok: false,
      failure: { code: 'unavailable' },
    });
  });
});
