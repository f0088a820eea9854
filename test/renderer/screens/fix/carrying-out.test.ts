import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WizardInfo } from '../../../../preload/contract-fixes.ts';
import { LinkError } from '../../../../renderer/link/link.ts';
import FixScreen from '../../../../renderer/screens/fix/FixScreen.vue';
import InterruptedNotice from '../../../../renderer/screens/fix/InterruptedNotice.vue';
import { useChanges } from '../../../../renderer/stores/changes.ts';
import { useNavigation, type NavigationParams } from '../../../../renderer/stores/navigation.ts';
import { useWizard } from '../../../../renderer/stores/wizard.ts';
import { useWorkbench } from '../../../../renderer/stores/workbench.ts';
import {
  aChange,
  anOutcome,
  aPlan,
  APPLIED_AT_MS,
  changesLink,
  someChangeSteps,
  type ChangeInfo,
} from '../../../support/changes.ts';
import type { FakeLink } from '../../../support/fake-link.ts';
import { INCIDENT_POOL_KEY } from '../../../support/incident.ts';
import { mountScreen, settle } from '../../../support/mount-screen.ts';

enableAutoUnmount(afterEach);
beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => vi.restoreAllMocks());

const WIZARD: WizardInfo = {
  wizardId: 'w1',
  step: 'preview',
  reachable: ['understand', 'choose'],
  findingId: null,
  poolKey: INCIDENT_POOL_KEY,
  fixId: 'linux.widen-range',
  parameters: aPlan().parameters,
  planHash: 'c0ffee',
  changeId: null,
};
const PREPARED = aChange({
  phase: 'prepared',
  phaseAtMs: APPLIED_AT_MS - 7000,
  canKeep: false,
  canUndo: false,
  wantsTyping: true,
  undoesAtMs: null,
  steps: someChangeSteps({ status: 'waiting', state: 'before', atMs: null }),
});

/** A workbench whose wizard opens where the test says. */
function wizardLink(wizard: WizardInfo, plan = aPlan(), changes: ChangeInfo[] = []): FakeLink {
  const link = changesLink(changes, { 7: 'sysctl -w …\r\n' });
  return link
    .respond('wizard.open', () => wizard)
    .respond('wizard.plan', ({ parameters }) => ({
      wizard,
      plan: { ...plan, parameters: parameters ?? plan.parameters },
    }))
    .respond('wizard.go', ({ to }) => ({ ...wizard, step: to }))
    .respond('wizard.apply', () => ({
      wizard: { ...wizard, step: 'apply', reachable: [], changeId: 7 },
      change: PREPARED,
    }))
    .respond('fixes.understand', () => {
      throw new LinkError('unavailable', 'Not here.');
    })
    .respond('fixes.list', () => {
      throw new LinkError('unavailable', 'Not here.');
    });
}

async function open(link: FakeLink, params: NavigationParams = { poolKey: INCIDENT_POOL_KEY }) {
  const screen = await mountScreen(FixScreen, link);
  useNavigation().go('fix', params);
  await settle();
  await settle();
  const button = (name: string | RegExp) =>
    [...document.querySelectorAll('button')].find((one) => {
      const text = (one.textContent ?? '').replace(/\s+/g, ' ').trim();
      return typeof name === 'string' ? text === name : name.test(text);
    });
  return {
    link,
    screen,
    text: () => screen.text().replace(/\s+/g, ' '),
    button,
    async press(name: string | RegExp) {
      const found = button(name);
      if (!found) throw new Error(`There is no button ${String(name)}`);
      found.click();
      await settle();
      await settle();
    },
  };
}

describe('Preview', () => {
  it('shows every command whole, the undo plan in the opposite order, and the checks', async () => {
    const { screen } = await open(wizardLink(WIZARD));
    const commands = (label: string) =>
      screen.findAll(`[aria-label="${label}"] code`).map((code) => code.text());
    expect(commands('Commands')).toEqual(aPlan().steps.map(({ command }) => command));
    expect(commands('Commands that undo it')).toEqual(
      aPlan()
        .steps.map(({ undoCommand }) => undoCommand)
        .reverse(),
    );
    expect(screen.get('.plan-checks').text()).toContain('3 passed, 1 to mind');
    expect(screen.get('.plan-effect').text()).toContain('This buys time, it does not remove the cause.');
  });

  it('carries out what it shows, to undo itself when it was told to', async () => {
    const { link, press } = await open(wizardLink(WIZARD));
    await press('15 min');
    await press('Apply 2 changes…');
    expect(link.callsOf('wizard.apply')).toEqual([
      { wizardId: 'w1', planHash: 'c0ffee', undoAfterSeconds: 900 },
    ]);
    expect(useChanges().atWork?.changeId).toBe(7);
  });

  it('plans again to outlast a restart, and with other values', async () => {
    const { link, screen, press } = await open(wizardLink(WIZARD));
    await screen.get('[role="switch"]').trigger('click');
    await settle();
    expect(link.callsOf('wizard.plan').at(-1)?.parameters?.persist).toBe(true);
    await press('Other values');
    await screen.get('[aria-label="First port"]').setValue('70000');
    await screen.get('form').trigger('submit');
    expect(screen.get('[role="alert"]').text()).toBe('A range is two ports from 0 to 65535.');
    expect(link.callsOf('wizard.plan')).toHaveLength(2);
    await screen.get('[aria-label="First port"]').setValue('10240');
    await screen.get('form').trigger('submit');
    await settle();
    expect(link.callsOf('wizard.plan').at(-1)?.parameters?.range).toEqual({ first: 10_240, last: 65_000 });
  });

  it('says why a plan is refused, and goes on with what is offered', async () => {
    const offer = { ...aPlan().parameters, reserve: [{ first: 5432, last: 5434 }] };
    const refused = { reason: 'The new part holds ports of services.', offer };
    const plan = aPlan({ refused, steps: [], effect: null, curve: null, planHash: null, script: null });
    const { link, text, button, press } = await open(wizardLink({ ...WIZARD, planHash: null }, plan));
    expect(text()).toContain('It cannot be done like this. The new part holds ports of services.');
    expect(button(/^Apply/)).toBeUndefined();
    await press('Reserve these 3 ports and go on');
    expect(link.callsOf('wizard.plan').at(-1)?.parameters).toEqual(offer);
  });

  it('offers no Apply where there is an obstacle, and says which', async () => {
    const rights = { way: 'missing' as const, sentence: 'sudo is not here.', obstacle: 'Nothing can ask.' };
    const { text, button } = await open(wizardLink(WIZARD, aPlan({ rights })));
    expect(text()).toContain('It cannot be applied from here. Nothing can ask.');
    expect(button(/^Apply/)?.disabled).toBe(true);
  });

  it('of a fix in the program has advice and no Apply', async () => {
    const advice = [{ sentence: 'Keep the session open.', commands: ['grep -r Session src'] }];
    const plan = aPlan({
      kind: 'application',
      steps: [],
      advice,
      planHash: null,
      script: null,
      ranges: null,
    });
    const { text, button } = await open(wizardLink(WIZARD, plan));
    expect(text()).toContain('Keep the session open.');
    expect(text()).toContain('This is changed in the program, not from here.');
    expect([button(/^Apply/), button('Save as script')]).toEqual([undefined, undefined]);
  });

  it('says so where everything is as proposed already', async () => {
    const { text } = await open(wizardLink(WIZARD, aPlan({ steps: [], planHash: null, script: null })));
    expect(text()).toContain('Nothing to do: everything is as proposed already.');
  });
});

describe('Apply', () => {
  const APPLYING: WizardInfo = { ...WIZARD, step: 'apply', reachable: [], changeId: 7 };

  it('says who waits for a password, and is stopped with Escape', async () => {
    const change = { ...PREPARED, canStop: true };
    const { link, text } = await open(wizardLink(APPLYING, aPlan(), [change]));
    expect(text()).toContain('sudo waits for your password. Type it into the terminal and press Enter');
    link.respond('changes.undo', () => ({ ...change, phase: 'undoing' }));
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    await settle();
    expect(link.callsOf('changes.undo')).toEqual([{ changeId: 7, steps: null }]);
  });

  it('follows the steps as they are carried out', async () => {
    const { link, screen, text } = await open(wizardLink(APPLYING, aPlan(), [PREPARED]));
    const [reserved, range] = someChangeSteps();
    if (!reserved || !range) throw new Error('There are two steps');
    link.emit(
      'change.updated',
      aChange({ phase: 'applying', steps: [reserved, { ...range, status: 'started', state: 'unknown' }] }),
    );
    await settle();
    expect(text()).toContain('step 4 of 5');
    expect(screen.get('[aria-current="step"] p').text()).toBe('To 2048 65000. Reading it back.');
    expect(text()).not.toContain('waits for your password');
  });

  it('that failed says what is so now, and goes back to plan again', async () => {
    const steps = someChangeSteps({ status: 'undone', state: 'before', note: 'exit status 255' });
    const failed = aChange({
      phase: 'failed',
      level: 'warning',
      canStop: false,
      canUndo: false,
      steps,
      sentence:
        'net.ipv4.ip_local_port_range could not be changed (exit status 255). Everything is as before.',
    });
    const { link, text, press } = await open(wizardLink(APPLYING, aPlan(), [failed]));
    expect(text()).toContain('Everything is as before.');
    expect(text()).toContain('Exit status 255. It is 32768 60999 now.');
    await press('Back to Preview');
    expect(link.callsOf('wizard.go').at(-1)?.to).toBe('preview');
  });
});

describe('Verify', () => {
  const VERIFYING: WizardInfo = { ...WIZARD, step: 'verify', reachable: ['apply'], changeId: 7 };

  it('counts down in words and keeps what works', async () => {
    const { link, text, press } = await open(
      wizardLink(VERIFYING, aPlan(), [aChange({ outcome: anOutcome() })]),
    );
    useWorkbench().nowMs = APPLIED_AT_MS + 120_000;
    await settle();
    expect(text()).toContain('Undoes itself in 3 min 00 s unless you keep it.');
    link.respond('changes.keep', () =>
      aChange({ phase: 'kept', canKeep: false, phaseAtMs: APPLIED_AT_MS + 130_000, outcome: anOutcome() }),
    );
    await press('Keep until reboot');
    expect(link.callsOf('changes.keep')).toEqual([{ changeId: 7 }]);
    expect(text()).toContain('Undo takes it back at any time');
  });

  it('keeps it, then previews keeping it for good', async () => {
    const { link, press } = await open(wizardLink(VERIFYING, aPlan(), [aChange({ outcome: anOutcome() })]));
    const wizard = useWizard();
    wizard.plan = aPlan({ value: 262_144 });
    await settle();
    link.respond('changes.keep', () => aChange({ phase: 'kept', phaseAtMs: APPLIED_AT_MS + 130_000 }));
    link.respond('wizard.open', () => WIZARD);
    link.respond('wizard.plan', () => ({ wizard: WIZARD, plan: aPlan() }));
    await press('Keep after reboot…');
    const planned = link.callsOf('wizard.plan').at(-1)?.parameters;
    expect(planned).toMatchObject({ persist: true, range: { first: 2048, last: 65_000 }, value: 262_144 });
    expect(wizard.step).toBe('preview');
  });

  it('says plainly what did not hold, and rather undoes it', async () => {
    const outcome = anOutcome({ level: 'warning', sentence: 'Not as predicted.' });
    const rows = outcome.rows.map((row, index) =>
      index === 0 ? { ...row, measured: '28,232', state: 'missed' as const } : row,
    );
    const { text, button } = await open(
      wizardLink(VERIFYING, aPlan(), [aChange({ outcome: { ...outcome, rows } })]),
    );
    expect(text()).toContain('What did not hold. Usable ports: 28,232 instead of 62,948.');
    expect(button('Undo now')?.dataset.variant).toBe('primary');
    expect(button('Keep until reboot')?.dataset.variant).toBe('default');
  });

  it('asks before a finished change is undone with Ctrl Z', async () => {
    const kept = aChange({ phase: 'kept', canKeep: false, undoesAtMs: null });
    const { link, press } = await open(wizardLink(VERIFYING, aPlan(), [kept]));
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', ctrlKey: true }));
    await settle();
    await settle();
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain(
      'net.ipv4.ip_local_port_range goes back to 32768 60999',
    );
    expect(link.callsOf('changes.undo')).toEqual([]);
    link.respond('changes.undo', () => aChange({ phase: 'undone', phaseAtMs: APPLIED_AT_MS + 200_000 }));
    await press('Undo');
    expect(link.callsOf('changes.undo')).toEqual([{ changeId: 7, steps: null }]);
  });

  it('says why it could not be kept', async () => {
    const { link, text, press } = await open(wizardLink(VERIFYING, aPlan(), [aChange()]));
    link.respond('changes.keep', () => {
      throw new LinkError('failed', 'The journal could not be written: the disk is full.');
    });
    await press('Keep until reboot');
    expect(text()).toContain('The journal could not be written: the disk is full.');
  });
});

describe('the journal', () => {
  const CHANGES = [
    aChange({ changeId: 9, isInterrupted: true, phase: 'applying', canFinish: true, level: 'warning' }),
    aChange({ phase: 'kept', canKeep: false, undoesAtMs: null }),
  ];

  it('says what is so of each step, and takes back the ticked ones after asking', async () => {
    const { link, screen, press } = await open(wizardLink(WIZARD, aPlan(), CHANGES), {
      fixView: 'journal',
      changeId: 7,
    });
    expect(screen.get('.journal-details').text()).toContain('as changed');
    await screen.findAll('.change-steps input')[1]?.setValue(true);
    await press('Undo 1 step…');
    link.respond('changes.undo', () => aChange({ phase: 'undone', phaseAtMs: APPLIED_AT_MS + 1 }));
    await press('Undo');
    expect(link.callsOf('changes.undo')).toEqual([{ changeId: 7, steps: [1] }]);
  });

  it('finishes what was interrupted', async () => {
    const { link, press } = await open(wizardLink(WIZARD, aPlan(), CHANGES), { fixView: 'journal' });
    link.respond('changes.finish', () => aChange({ changeId: 9, phaseAtMs: APPLIED_AT_MS + 1 }));
    await press('Finish');
    expect(link.callsOf('changes.finish')).toEqual([{ changeId: 9 }]);
  });

  it('is empty with a sentence, and says what stands in the way', async () => {
    const link = wizardLink(WIZARD);
    link.respond('changes.list', () => ({ changes: [], obstacle: 'Change 3 is damaged.', folder: '/x' }));
    const { text } = await open(link, { fixView: 'journal' });
    expect(text()).toContain('Nothing was changed');
    expect(text()).toContain('Nothing can be applied now. Change 3 is damaged.');
  });

  it('is one step away from any screen while a change is interrupted', async () => {
    const link = wizardLink(WIZARD, aPlan(), CHANGES);
    const banner = await mountScreen(InterruptedNotice, link);
    await settle();
    expect(banner.text()).toContain('Change 9 was interrupted');
    link.respond('changes.undo', () =>
      aChange({ changeId: 9, phase: 'undone', phaseAtMs: APPLIED_AT_MS + 1 }),
    );
    await banner.findAll('button')[1]?.trigger('click');
    await settle();
    expect(link.callsOf('changes.undo')).toEqual([{ changeId: 9, steps: null }]);
    expect(useNavigation()).toMatchObject({ screen: 'fix', params: { fixView: 'journal', changeId: 9 } });
    expect(banner.text()).toBe('');
  });

  it('says once that an interrupted change was undone by itself', async () => {
    const sentence = 'Interrupted when Fourtuple was ended, and undone by itself. Everything is as before.';
    const undone = aChange({
      phase: 'undone',
      canUndo: false,
      canKeep: false,
      isUndoneByItself: true,
      sentence,
    });
    const banner = await mountScreen(InterruptedNotice, wizardLink(WIZARD, aPlan(), [undone]));
    await settle();
    expect(banner.get('[role="status"]').text()).toContain(
      'Change 7 was undone by itself: Widen the ephemeral port range.',
    );
    expect(banner.text()).toContain(sentence);
    await banner.findAll('button')[1]?.trigger('click');
    expect(banner.text()).toBe('');
    banner.unmount();
    const again = await mountScreen(InterruptedNotice, wizardLink(WIZARD, aPlan(), [undone]));
    await settle();
    expect(again.text()).toBe('');
  });
});
