import { createPinia, setActivePinia } from 'pinia';
import { createApp } from 'vue';
import { afterEach, describe, expect, it } from 'vitest';
import { CALLS } from '../../../preload/contract.ts';
import { LinkError } from '../../../renderer/link/link.ts';
import { useCatalogue } from '../../../renderer/stores/catalogue.ts';
import { useFixes } from '../../../renderer/stores/fixes.ts';
import { linkKey } from '../../../renderer/stores/link-key.ts';
import { useWizard } from '../../../renderer/stores/wizard.ts';
import { useWorkbench } from '../../../renderer/stores/workbench.ts';
import { aChange } from '../../support/changes.ts';
import { fixHost, incidentWithFindings } from '../../support/fix-host.ts';
import { INCIDENT_POOL_KEY } from '../../support/incident.ts';
import { settle } from '../../support/mount-screen.ts';

let stops: (() => void)[] = [];
async function open(host = fixHost()) {
  const pinia = createPinia();
  createApp({ render: () => null })
    .provide(linkKey, host.link)
    .use(pinia);
  setActivePinia(pinia);
  const stores = {
    workbench: useWorkbench(),
    wizard: useWizard(),
    fixes: useFixes(),
    catalogue: useCatalogue(),
  };
  stops = Object.values(stores).map((store) => () => store.$dispose());
  await settle();
  return { host, link: host.link, ...stores };
}
afterEach(() => stops.forEach((stop) => stop()));

const POOL = { findingId: null, poolKey: INCIDENT_POOL_KEY };
const WIDEN = 'linux-widen-range';

describe('the wizard of a page', () => {
  it('opens on a pool, goes to Choose, and previews what is chosen', async () => {
    const { wizard, link } = await open();
    await wizard.open(POOL);
    expect([wizard.step, wizard.wizard?.poolKey, wizard.plan]).toEqual([
      'understand',
      INCIDENT_POOL_KEY,
      null,
    ]);
    await wizard.go('choose');
    await wizard.preview(WIDEN);
    expect([wizard.step, wizard.plan?.fixId, wizard.plan?.planHash]).toEqual([
      'preview',
      WIDEN,
      `hash-${WIDEN}`,
    ]);
    for (const { name, args } of link.calls)
      expect(CALLS[name].args.safeParse(args).success, name).toBe(true);
  });

  it('plans at once where it opens at a fix', async () => {
    const { wizard } = await open();
    await wizard.open({ fixId: WIDEN });
    expect([wizard.step, wizard.plan?.fixId]).toEqual(['preview', WIDEN]);
  });

  it('plans again with other parameters, and forgets the plan of another fix', async () => {
    const { wizard, link } = await open();
    await wizard.open({ ...POOL, fixId: WIDEN });
    const parameters = { ...(wizard.plan?.parameters ?? never()), range: { first: 20_000, last: 60_999 } };
    await wizard.planWith(parameters);
    expect(wizard.plan?.parameters.range).toEqual({ first: 20_000, last: 60_999 });
    await wizard.go('choose');
    link.respond('wizard.plan', () => {
      throw new LinkError('unavailable', 'The first sample is under way.');
    });
    await wizard.preview('linux-tw-reuse');
    expect([wizard.plan, wizard.problem]).toEqual([null, 'The first sample is under way.']);
  });

  it('F1: carries out the plan that is shown, by its hash, and gives the change as it begins', async () => {
    const { wizard, link, host } = await open();
    await wizard.open({ ...POOL, fixId: WIDEN });
    link.respond('wizard.apply', ({ wizardId }) => {
      const applied = host.wizards.advance(wizardId, { type: 'applied', changeId: 7 });
      if (!applied.ok) throw new LinkError('invalid', 'Refused.');
      return { wizard: applied.value, change: aChange({ phase: 'prepared' }) };
    });
    const change = await wizard.apply(300);
    expect(link.callsOf('wizard.apply')).toEqual([
      { wizardId: wizard.wizard?.wizardId, planHash: `hash-${WIDEN}`, undoAfterSeconds: 300 },
    ]);
    expect([change?.changeId, wizard.step, wizard.wizard?.changeId]).toEqual([7, 'apply', 7]);
  });

  it('applies nothing without a plan that can be carried out', async () => {
    const { wizard, link } = await open();
    await wizard.open({ fixId: 'app-keep-alive' });
    expect(wizard.plan?.planHash).toBeNull();
    expect(await wizard.apply(300)).toBeNull();
    expect(link.callsOf('wizard.apply')).toEqual([]);
  });

  it('says why a step was refused and stays where it is', async () => {
    const { wizard, link } = await open();
    await wizard.open(POOL);
    link.respond('wizard.go', () => {
      throw new LinkError('invalid', 'No fix is chosen.');
    });
    await wizard.go('preview');
    expect([wizard.step, wizard.problem]).toEqual(['understand', 'No fix is chosen.']);
    wizard.dismissProblem();
    expect(wizard.problem).toBeNull();
  });

  it('follows its change when the workbench says so, and hears of no other wizard', async () => {
    const { wizard, link } = await open();
    await wizard.open(POOL);
    const known = wizard.wizard ?? never();
    link.emit('wizard.changed', { ...known, wizardId: 'another', step: 'verify' });
    expect(wizard.step).toBe('understand');
    link.emit('wizard.changed', { ...known, step: 'verify', changeId: 7 });
    expect(wizard.step).toBe('verify');
  });

  it('drops an answer for a wizard that was replaced meanwhile', async () => {
    const { wizard, link } = await open();
    await wizard.open(POOL);
    let release = (): void => {};
    const answer = { ...(wizard.wizard ?? never()), step: 'choose' as const };
    link.respond('wizard.go', async () => {
      await new Promise<void>((done) => (release = done));
      return answer;
    });
    const going = wizard.go('choose');
    await settle();
    await wizard.open({ fixId: WIDEN });
    release();
    await going;
    expect([wizard.step, wizard.problem]).toEqual(['preview', null]);
  });

  it('survives a lost link: asks where it is by now', async () => {
    const { wizard, link } = await open();
    await wizard.open(POOL);
    const known = wizard.wizard ?? never();
    link.setState({ kind: 'lost' });
    link.respond('wizard.go', () => ({ ...known, step: 'choose' }));
    link.setState({ kind: 'connected' });
    await settle();
    expect([wizard.step, link.callsOf('wizard.open').length]).toEqual(['choose', 1]);
  });

  it('opens anew after a lost link to a workbench that was started again, at what it was about', async () => {
    const { wizard, link } = await open();
    await wizard.open({ ...POOL, fixId: WIDEN });
    link.setState({ kind: 'lost' });
    link.respond('wizard.go', () => {
      throw new LinkError('gone', 'That wizard is gone.');
    });
    link.setState({ kind: 'connected' });
    await settle();
    expect(link.callsOf('wizard.open').at(-1)).toEqual({ ...POOL, fixId: WIDEN, changeId: null });
    expect([wizard.step, wizard.plan?.fixId, wizard.problem]).toEqual(['preview', WIDEN, null]);
  });

  it('opens anew when the workbench keeps it no more, and says so', async () => {
    const { wizard, link } = await open();
    await wizard.open(POOL);
    link.respond('wizard.go', () => {
      throw new LinkError('gone', 'That wizard is gone.');
    });
    await wizard.go('choose');
    expect(link.callsOf('wizard.open')).toHaveLength(2);
    expect([wizard.step, wizard.problem]).toEqual(['understand', 'That wizard is gone.']);
  });
});

describe('what is said of a subject', () => {
  it('is asked while it is shown, and again with each sample', async () => {
    const { fixes, wizard, link, workbench } = await open();
    await wizard.open(POOL);
    expect(link.callsOf('fixes.understand')).toEqual([]);
    fixes.showsUnderstanding = true;
    await settle();
    expect(fixes.understanding?.target).toBe('10.0.3.12:443');
    const summary = workbench.summary ?? never();
    link.emit('summary.updated', { ...summary, sequence: 426, takenAtMs: summary.takenAtMs + 1000 });
    await settle();
    expect(link.callsOf('fixes.understand')).toEqual([POOL, POOL]);
    fixes.showsUnderstanding = false;
    link.emit('summary.updated', { ...summary, sequence: 427, takenAtMs: summary.takenAtMs + 2000 });
    await settle();
    expect(link.callsOf('fixes.understand')).toHaveLength(2);
  });

  it('asks for the list of fixes every few seconds, and keeps the order that is shown', async () => {
    const { fixes, wizard, link, workbench, host } = await open();
    await wizard.open(POOL);
    fixes.showsList = true;
    await settle();
    const order = fixes.list?.fixes.map(({ fixId }) => fixId);
    const summary = workbench.summary ?? never();
    const later = (seconds: number) => ({
      ...summary,
      sequence: 425 + seconds,
      takenAtMs: summary.takenAtMs + seconds * 1000,
    });
    link.emit('summary.updated', later(2));
    await settle();
    expect(link.callsOf('fixes.list')).toHaveLength(1);
    // Other findings: the workbench would rank them otherwise.
    host.summary = { ...host.summary, findings: [] };
    link.emit('summary.updated', later(6));
    await settle();
    expect(link.callsOf('fixes.list')).toHaveLength(2);
    expect(fixes.list?.fixes.map(({ fixId }) => fixId)).toEqual(order);
    expect(fixes.list?.fixes.every(({ finding }) => finding === null)).toBe(true);
  });

  it('forgets what was said of another subject at once', async () => {
    const { fixes, wizard } = await open();
    await wizard.open(POOL);
    fixes.showsUnderstanding = true;
    fixes.showsList = true;
    await settle();
    const other = incidentWithFindings().pools[1]?.key ?? never();
    const opening = wizard.open({ poolKey: other });
    await opening;
    expect(fixes.understanding?.poolKey === INCIDENT_POOL_KEY).toBe(false);
    await settle();
    expect(fixes.understanding?.poolKey).toBe(other);
  });

  it('says why it could not be had, and asks again', async () => {
    const { fixes, wizard, link } = await open();
    link.respond('fixes.list', () => {
      throw new LinkError('unavailable', 'Settings could not be read.');
    });
    await wizard.open(POOL);
    fixes.showsList = true;
    await settle();
    expect(fixes.listProblem).toBe('Settings could not be read.');
    link.respond('fixes.list', () => ({
      canApply: true,
      target: null,
      shareNow: null,
      fixes: [],
      advice: [],
    }));
    fixes.retry();
    await settle();
    expect([fixes.listProblem, fixes.list?.fixes]).toEqual([null, []]);
  });
});

describe('the catalogue', () => {
  it('plans for its recipes in a wizard of its own', async () => {
    const { catalogue, wizard, link } = await open();
    await wizard.open(POOL);
    const mine = wizard.wizard;
    catalogue.wantPlan('app-keep-alive');
    await settle();
    catalogue.wantPlan('app-timeouts');
    await settle();
    expect(catalogue.plans.get('app-keep-alive')?.recipes.length).toBeGreaterThan(3);
    expect(catalogue.plans.get('app-timeouts')?.recipes.length).toBeGreaterThan(0);
    expect(wizard.wizard).toEqual(mine);
    expect(link.callsOf('wizard.open')).toHaveLength(2);
    catalogue.wantPlan('app-keep-alive');
    await settle();
    expect(link.callsOf('wizard.plan')).toHaveLength(2);
  });

  it('opens another one when the workbench keeps it no more', async () => {
    const { catalogue, link } = await open();
    catalogue.wantPlan('app-keep-alive');
    await settle();
    link.respond('wizard.choose', () => {
      throw new LinkError('gone', 'That wizard is gone.');
    });
    catalogue.wantPlan('app-timeouts');
    await settle();
    expect([catalogue.plans.has('app-timeouts'), catalogue.problem]).toEqual([true, null]);
  });
});

function never(): never {
  throw new Error('The test needs it to be there');
}
