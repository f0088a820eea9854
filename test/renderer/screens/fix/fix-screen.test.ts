import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import { LinkError } from '../../../../renderer/link/link.ts';
import FixScreen from '../../../../renderer/screens/fix/FixScreen.vue';
import { useHeadroom } from '../../../../renderer/stores/headroom.ts';
import { useNavigation, type NavigationParams } from '../../../../renderer/stores/navigation.ts';
import { useWizard } from '../../../../renderer/stores/wizard.ts';
import { aFinding } from '../../../support/findings.ts';
import { fixHost, incidentWithFindings } from '../../../support/fix-host.ts';
import { importedSummary } from '../../../support/imports.ts';
import { INCIDENT_POOL_KEY } from '../../../support/incident.ts';
import { mountScreen, settle } from '../../../support/mount-screen.ts';

enableAutoUnmount(afterEach);

/** Mounts the screen as if it had been gone to. */
async function show(host = fixHost(), params: NavigationParams = {}) {
  await mountScreen(FixScreen, host.link);
  const navigation = useNavigation();
  navigation.go('fix', params);
  await settle();
  await settle();
  return { ...host, navigation, wizard: useWizard() };
}
const textOf = (node: Element | null | undefined) => (node?.textContent ?? '').replace(/\s+/g, ' ').trim();
const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
const title = () => textOf(document.querySelector('h1'));
async function press(name: RegExp, within: ParentNode = document): Promise<void> {
  const button = [...within.querySelectorAll('button')].find((each) => name.test(textOf(each)));
  if (!button) throw new Error(`There is no button ${name}`);
  button.click();
  await settle();
  await settle();
}
async function key(target: Element | null, name: string): Promise<void> {
  target?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
  await settle();
}
const rows = () => all('[role="radio"].fix-option');
const rowOf = (name: string) =>
  rows().find((row) => textOf(row.querySelector('.title')).startsWith(name)) ?? null;
const titlesOf = (elements: HTMLElement[]) =>
  elements.map((row) => textOf(row.querySelector('.title span') ?? row));

describe('Fix', () => {
  it('opens on what the verdict speaks of, and keeps that wizard when it is left and come back to', async () => {
    const { link, navigation } = await show();
    expect(title()).toBe('Why the ports run out');
    const finding = incidentWithFindings().findings[0];
    expect(link.callsOf('wizard.open')).toEqual([
      { findingId: finding?.id, poolKey: INCIDENT_POOL_KEY, fixId: null, changeId: null },
    ]);
    navigation.go('headroom');
    navigation.go('fix');
    await settle();
    expect(link.callsOf('wizard.open')).toHaveLength(1);
  });

  it('opens for a finding at the fix that was asked for, and plans it', async () => {
    await show(fixHost(), { poolKey: INCIDENT_POOL_KEY, fixId: 'linux-widen-range' });
    expect([title(), useWizard().step]).toEqual(['Widen the port range', 'preview']);
  });

  it('says why it could not be opened, and tries again', async () => {
    const host = fixHost();
    host.link.respond('wizard.open', () => {
      throw new LinkError('unavailable', 'The first sample is under way.');
    });
    await show(host);
    expect(textOf(document.querySelector('[role="alert"]'))).toContain('The first sample is under way.');
    host.link.respond('wizard.open', (subject) => host.wizards.open(subject, null));
    await press(/^Try again$/);
    expect(title()).toBe('Why the ports run out');
  });

  it('lets steps that are done be gone back to, and none that are to come', async () => {
    await show();
    expect(all('.wizard-stepper button').map(textOf)).toEqual(['2Choose']);
    await press(/^Choose a fix/);
    expect(all('.wizard-stepper [aria-current="step"]').map(textOf)).toEqual(['2Choose']);
    expect(all('.wizard-stepper button').map(textOf)).toEqual(['Understand, done']);
    await press(/^Understand/);
    expect(useWizard().step).toBe('understand');
  });

  it('opens a wizard when one is turned to for the first time from the catalogue', async () => {
    const { link } = await show(fixHost(), { fixView: 'catalogue' });
    useWizard().view = 'wizard';
    await settle();
    expect(title()).toBe('Why the ports run out');
    // One of the catalogue's own, for recipes, and this.
    expect(link.callsOf('wizard.open')).toHaveLength(2);
  });

  it('opens anew when files are shown instead of this machine', async () => {
    const host = fixHost();
    const { link } = await show(host);
    await press(/^Choose a fix/);
    const imported = { ...incidentWithFindings(), origin: importedSummary().origin, findings: [] };
    host.summary = imported as never;
    link.emit('summary.updated', imported);
    await settle();
    await settle();
    expect([useWizard().step, useWizard().wizard?.findingId]).toEqual(['understand', null]);
    expect(link.callsOf('wizard.open')).toHaveLength(2);
  });
});

describe('Understand', () => {
  it('adds the ports up, and says what it is not', async () => {
    await show();
    expect(all('.sum-table tbody tr').map((row) => textOf(row.querySelector('.ports')))).toEqual([
      '24,168',
      '1,491',
      '32',
      '25,691',
    ]);
    expect(all('.look-alike-list li').length).toBeGreaterThan(2);
    expect(textOf(document.querySelector('.fix-note'))).toMatch(/^TIME_WAIT is not a fault/);
    expect(textOf(document.querySelector('.port-time-bar'))).toContain(
      '412 connections/s keep about 26,000 ports',
    );
  });

  it('follows the samples, and keeps what was last said while the next answer is missing', async () => {
    const host = fixHost();
    const { link } = await show(host);
    const total = () => textOf(all('.sum-table tr').at(-1)?.querySelector('.ports'));
    const [pool] = host.summary.pools;
    if (!pool) throw new Error('The incident has a pool');
    host.summary = { ...host.summary, sequence: 500, pools: [{ ...pool, used: 26_000 }] };
    link.emit('summary.updated', host.summary as never);
    await settle();
    expect(total()).toBe('26,000');
    link.respond('fixes.understand', () => {
      throw new LinkError('unavailable', 'Busy.');
    });
    link.emit('summary.updated', { ...host.summary, sequence: 501 } as never);
    await settle();
    expect(total()).toBe('26,000');
  });

  it('speaks of the finding where it is about no pool', async () => {
    const finding = aFinding({
      id: 'descriptors-process:4312',
      title: 'python3 is near its limit of open files',
      sentence: 'python3 (pid 4312) has 1,010 of 1,024 files open.',
      evidence: '1,010 of 1,024 descriptors',
      poolKey: null,
    });
    await show(fixHost({ ...incidentWithFindings(), findings: [finding] }), { findingId: finding.id });
    expect(title()).toBe(finding.title);
    expect(document.querySelector('.connection-diagram')).toBeNull();
    expect(textOf(document.querySelector('.found-list'))).toContain(finding.sentence);
    expect(textOf(document.querySelector('.fix-note'))).toBe('It is not so if: The count falls.');
  });

  it('says on an idle machine that there is nothing to fix', async () => {
    const summary = { ...incidentWithFindings(), pools: [], consumers: [], findings: [] };
    await show(fixHost(summary));
    expect(title()).toBe('No port pool is in use');
    await press(/^Catalogue$/, document.querySelector('.wizard-body') ?? document);
    expect(useWizard().view).toBe('catalogue');
  });

  it('leads to the findings and to the evidence', async () => {
    const { navigation } = await show();
    await press(/^Show evidence$/);
    expect([navigation.screen, navigation.params]).toEqual(['evidence', { figure: 'time-to-exhaustion' }]);
    navigation.go('fix');
    await settle();
    await press(/^All findings$/);
    expect([navigation.screen, useHeadroom().listView]).toEqual(['headroom', 'findings']);
  });
});

describe('Choose', () => {
  async function choose(host = fixHost()) {
    const shown = await show(host);
    await press(/^Choose a fix/);
    return shown;
  }

  it('offers to change the application first, tuning as buying time, and what cannot be done last', async () => {
    const host = fixHost();
    const list = await host.link.call('fixes.list', { findingId: null, poolKey: INCIDENT_POOL_KEY });
    const refused = list.fixes.map((fix) =>
      fix.fixId === 'linux-tw-reuse' ? { ...fix, refused: 'Timestamps are off.' } : fix,
    );
    host.link.respond('fixes.list', () => ({ ...list, fixes: refused }));
    await choose(host);
    expect(all('.choose-panel .group').map(textOf)).toEqual([
      'Application: removes the cause',
      'System: buys time',
      'Relief: helps now, not for long',
      'Not as things are: each says why',
    ]);
    expect(titlesOf(rows())[0]).toBe('Keep connections open and reuse them');
    const last = rows().at(-1);
    expect([titlesOf(rows()).at(-1), textOf(last?.querySelector('.words'))]).toEqual([
      'Reuse TIME_WAIT ports for new connections',
      'Timestamps are off.',
    ]);
    last?.click();
    await nextTick();
    expect(last?.getAttribute('aria-checked')).toBe('false');
  });

  it('shows how full the pool is with each, beside now', async () => {
    await choose();
    expect(textOf(document.querySelector('.choose-panel .heads'))).toContain('Pool in use after, now 91%');
    const row = rowOf('Keep connections open');
    expect(textOf(row?.querySelector('.effect-bar b'))).toBe('11%');
    expect(row?.querySelectorAll('.tick[data-kind="limit"]')).toHaveLength(1);
    expect(textOf(row)).toContain('Admin not needed');
  });

  it('starts the keys on the first fix, moves with arrows, and previews with Enter', async () => {
    await choose();
    expect(document.activeElement).toBe(rows()[0]);
    await key(document.activeElement, 'ArrowDown');
    expect([document.activeElement, rows()[1]?.getAttribute('aria-checked')]).toEqual([rows()[1], 'true']);
    await key(document.activeElement, 'ArrowUp');
    await key(document.activeElement, 'ArrowUp');
    expect(document.activeElement).toBe(rows().at(-1));
    const chosen = rows().at(-1)?.dataset.fix;
    await key(document.activeElement, 'Enter');
    await settle();
    expect([useWizard().step, useWizard().wizard?.fixId]).toEqual(['preview', chosen]);
  });

  it('previews what is chosen by pointer', async () => {
    await choose();
    rowOf('Widen the port range')?.click();
    await nextTick();
    await press(/^Preview/, document.querySelector('.wizard-footer') ?? document);
    expect(useWizard().plan?.fixId).toBe('linux-widen-range');
  });

  it('lists what does not help, with the reason', async () => {
    await choose();
    const advice = all('.advice-list li').map(textOf);
    expect(advice.length).toBeGreaterThan(3);
    expect(advice.join(' ')).toContain('Turn on tcp_tw_recycle. Is gone. Removed in Linux 4.12');
  });

  it('says of files that a fix can be planned and not applied', async () => {
    const imported = { ...incidentWithFindings(), origin: importedSummary().origin };
    await choose(fixHost(imported));
    expect(textOf(document.querySelector('.wizard-footer'))).toContain(
      'planned and saved as a script, not applied',
    );
  });

  it('says why nothing could be worked out, and tries again', async () => {
    const host = fixHost();
    host.link.respond('fixes.list', () => {
      throw new LinkError('unavailable', 'Settings could not be read.');
    });
    await choose(host);
    expect(textOf(document.querySelector('.empty-state'))).toContain('Settings could not be read.');
    host.link.respond('fixes.list', () => ({
      canApply: true,
      target: null,
      shareNow: null,
      fixes: [],
      advice: [],
    }));
    await press(/^Try again$/);
    expect(textOf(document.querySelector('.empty-state'))).toContain('No fix is known for this system');
  });
});

describe('the catalogue', () => {
  const options = () => all('.catalogue-list [role="option"]');

  it('lists every fix by kind, and what does not help', async () => {
    await show(fixHost(), { fixView: 'catalogue' });
    expect(all('.catalogue-list .group').map(textOf)).toEqual([
      'Application removes the cause',
      'System buys time',
      'Relief helps now, not for long',
      'Does not help often suggested',
    ]);
    expect(textOf(document.querySelector('.catalogue-panel .sub'))).toMatch(/^\d+ fixes$/);
    await press(/^Relief$/);
    expect(options().map(textOf)).toEqual(['Release the TIME_WAIT ports of this pool now']);
  });

  it('finds by words, in what a fix does as well', async () => {
    await show(fixHost(), { fixView: 'catalogue' });
    const field = document.querySelector<HTMLInputElement>('.catalogue-panel input');
    if (!field) throw new Error('There is a field');
    field.value = 'range ports';
    field.dispatchEvent(new Event('input'));
    await settle();
    expect(options().map(textOf).join()).toMatch(/Widen the port range/);
    expect(options().length).toBeLessThan(10);
    field.value = 'nothing like it';
    field.dispatchEvent(new Event('input'));
    await settle();
    expect(textOf(document.querySelector('.catalogue-panel'))).toContain(
      'Nothing matches “nothing like it”.',
    );
    await key(field, 'Escape');
    expect(options().length).toBeGreaterThan(10);
  });

  it('shows the recipes of a change of the application, before and after, by protocol', async () => {
    await show(fixHost(), { fixView: 'catalogue' });
    expect(all('.recipe-view article').length).toBeGreaterThan(3);
    await press(/^Redis$/);
    const [only, ...more] = all('.recipe-view article');
    expect(more).toEqual([]);
    expect(all('.code-block figcaption').map(textOf)).toEqual(['Before', 'After']);
    expect(only?.querySelectorAll('.pitfalls li').length).toBeGreaterThan(0);
    expect(textOf(document.querySelector('.recipe-view .effect'))).toMatch(/^Predicted here\. python3/);
  });

  it('moves with arrows, tells what each costs, and uses one with Enter', async () => {
    await show(fixHost(), { fixView: 'catalogue' });
    const list = document.querySelector('.catalogue-list');
    const wanted = options().findIndex((option) => textOf(option).startsWith('Widen the port range'));
    for (let step = 0; step < wanted; step++) await key(list, 'ArrowDown');
    expect(list?.getAttribute('aria-activedescendant')).toBe(options()[wanted]?.id);
    const words = textOf(document.querySelector('.fix-details'));
    for (const part of [
      'Does not help',
      'Risk',
      'Administrator rights',
      'Until the next restart, or for good',
    ])
      expect(words).toContain(part);
    await key(list, 'Enter');
    await settle();
    expect([useWizard().view, useWizard().step, useWizard().wizard?.fixId]).toEqual([
      'wizard',
      'preview',
      'linux-widen-range',
    ]);
  });

  it('leads from advice that does not help to what does', async () => {
    await show(fixHost(), { fixView: 'catalogue' });
    const advice = options().find((option) => textOf(option).startsWith('Turn on tcp_tw_recycle'));
    advice?.click();
    await settle();
    expect(textOf(document.querySelector('.fix-details'))).toContain('Is gone');
    expect(
      document.querySelector<HTMLButtonElement>('.wizard-footer [data-variant="primary"]')?.disabled,
    ).toBe(true);
    await press(/^Reuse TIME_WAIT ports/, document.querySelector('.fix-details') ?? document);
    expect(textOf(document.querySelector('.fix-details h2'))).toBe(
      'Reuse TIME_WAIT ports for new connections',
    );
  });
});
