import { enableAutoUnmount, flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_PARAMETERS } from '../../../main/core/fixes/plan.ts';
import type { Notice } from '../../../preload/contract-settings.ts';
import NoticeToasts from '../../../renderer/screens/NoticeToasts.vue';
import { useNavigation } from '../../../renderer/stores/navigation.ts';
import { useWizard } from '../../../renderer/stores/wizard.ts';
import type { FakeLink } from '../../support/fake-link.ts';
import { aFinding } from '../../support/findings.ts';
import { FakeNotifications } from '../../support/fake-notifications.ts';
import { INCIDENT_AT_MS, INCIDENT_POOL_KEY, incidentSummary } from '../../support/incident.ts';
import { incidentLink, mountScreen, settle } from '../../support/mount-screen.ts';

enableAutoUnmount(afterEach);

const SENTENCE = 'Port pool to 10.0.3.12:443 is full; 188 connections failed in the last second.';
let lastId = 0;
let browser: FakeNotifications;

beforeEach(() => {
  vi.useFakeTimers();
  browser = new FakeNotifications();
  browser.install();
});
afterEach(() => {
  browser.restore();
  vi.useRealTimers();
  setVisibility('visible');
});

function setVisibility(state: DocumentVisibilityState): void {
  Object.defineProperty(document, 'visibilityState', { configurable: true, value: state });
  document.dispatchEvent(new Event('visibilitychange'));
}

function aNotice(change: Partial<Notice> = {}): Notice {
  return {
    id: ++lastId,
    kind: 'worse',
    level: 'critical',
    title: 'Ports: critical',
    body: SENTENCE,
    poolKey: INCIDENT_POOL_KEY,
    atMs: INCIDENT_AT_MS,
    ...change,
  };
}

const over = (change: Partial<Notice> = {}) =>
  aNotice({ kind: 'over', level: 'ok', title: 'Ports: over', body: 'Plenty of ports.', ...change });

async function open(screen: 'sockets' | 'headroom' = 'sockets', link: FakeLink = incidentLink()) {
  const wrapper = await mountScreen(NoticeToasts, link);
  const navigation = useNavigation();
  navigation.go(screen);
  const raise = async (notice: Notice) => {
    link.emit('notice.raised', notice);
    await settle();
  };
  const toasts = () => [...document.querySelectorAll<HTMLElement>('.notice-toast')];
  const titles = () =>
    toasts().map((toast) => toast.querySelector('.title')?.firstChild?.textContent?.trim());
  const button = (name: string, at = 0) =>
    [...(toasts()[at]?.querySelectorAll('button') ?? [])].find(
      (one) => (one.getAttribute('aria-label') ?? one.textContent?.trim()) === name,
    );
  const spoken = (politeness: string) =>
    document.querySelector(`[aria-live="${politeness}"]`)?.textContent ?? '';
  return { wrapper, link, navigation, raise, toasts, titles, button, spoken };
}

function press(target: EventTarget, key: string): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}

describe('notices in the page', () => {
  it('show the sentence, and lead to the wizard on what the verdict speaks of', async () => {
    const finding = aFinding({ id: 'pool-exhausted:x', level: 'critical', poolKey: INCIDENT_POOL_KEY });
    const link = incidentLink(incidentSummary({ findings: [finding] }));
    const { raise, toasts, button, navigation } = await open('sockets', link);
    await raise(aNotice());
    expect(toasts()[0]?.textContent).toContain(SENTENCE);
    button('Fix…')?.click();
    await settle();
    expect(navigation.screen).toBe('fix');
    expect(navigation.params).toMatchObject({ poolKey: INCIDENT_POOL_KEY, findingId: finding.id });
    expect(toasts()).toHaveLength(0);
  });

  it('lead to the wizard on their pool when the verdict speaks of another one by then', async () => {
    const { raise, button, navigation } = await open();
    await raise(aNotice({ poolKey: 'another' }));
    button('Fix…')?.click();
    expect([navigation.screen, navigation.params]).toEqual(['fix', { poolKey: 'another' }]);
  });

  it('lead to Headroom, and what is over to Trends', async () => {
    const { raise, button, navigation } = await open();
    await raise(aNotice());
    button('Show')?.click();
    expect([navigation.screen, navigation.params]).toEqual(['headroom', { poolKey: INCIDENT_POOL_KEY }]);
    navigation.go('sockets');
    await raise(over());
    expect(button('Fix…')).toBeUndefined();
    button('Show in Trends')?.click();
    expect(navigation.screen).toBe('trends');
  });

  it('stay away from Headroom while it is in sight, and leave when it comes in sight', async () => {
    const { raise, toasts, navigation } = await open('headroom');
    await raise(aNotice());
    expect(toasts()).toHaveLength(0);
    setVisibility('hidden');
    await raise(aNotice());
    navigation.go('sockets');
    setVisibility('visible');
    await settle();
    expect(toasts()).toHaveLength(1);
    navigation.go('headroom');
    await settle();
    expect(toasts()).toHaveLength(0);
  });

  it('do not tell who is at the wizard of that very pool what it is about', async () => {
    const link = incidentLink().respond('wizard.open', ({ poolKey }) => ({
      wizardId: 'w',
      step: 'understand',
      reachable: [],
      findingId: null,
      poolKey,
      fixId: null,
      parameters: { ...NO_PARAMETERS, reserve: null },
      planHash: null,
      changeId: null,
    }));
    const { raise, titles, navigation } = await open('sockets', link);
    await useWizard().open({ poolKey: INCIDENT_POOL_KEY });
    navigation.go('fix');
    await raise(aNotice());
    expect(titles()).toEqual([]);
    await raise(aNotice({ poolKey: 'another', title: 'Ports: another' }));
    await raise(over());
    expect(titles()).toEqual(['Ports: over']);
  });

  it('are three at most, the newest on top, one for each pool, and none is left of what is over', async () => {
    const { raise, titles, toasts } = await open();
    for (const pool of ['a', 'b', 'c', 'd', 'd']) {
      await raise(aNotice({ poolKey: pool, title: `Ports: ${pool}` }));
    }
    expect(titles()).toEqual(['Ports: d', 'Ports: c', 'Ports: b']);
    await raise(over());
    expect(titles()).toEqual(['Ports: over']);
    await raise(aNotice({ kind: 'test', level: 'notice', title: 'A test', poolKey: null }));
    expect(toasts()).toHaveLength(2);
  });

  it('go by themselves only when it is over, once they were in sight', async () => {
    const { raise, titles, toasts } = await open();
    await raise(aNotice());
    vi.advanceTimersByTime(600_000);
    await settle();
    expect(titles()).toEqual(['Ports: critical']);
    setVisibility('hidden');
    await raise(over());
    vi.advanceTimersByTime(600_000);
    await settle();
    expect(titles()).toEqual(['Ports: over']);
    setVisibility('visible');
    await settle();
    toasts()[0]?.dispatchEvent(new Event('pointerenter'));
    await settle();
    vi.advanceTimersByTime(60_000);
    await settle();
    expect(titles()).toEqual(['Ports: over']);
    toasts()[0]?.dispatchEvent(new Event('pointerleave'));
    await settle();
    vi.advanceTimersByTime(11_000);
    await settle();
    expect(titles()).toEqual([]);
  });

  it('are spoken: at once when critical, else when there is a pause', async () => {
    const { raise, spoken } = await open();
    await raise(aNotice());
    expect([spoken('assertive'), spoken('polite')]).toEqual([`Ports: critical. ${SENTENCE}`, '']);
    await raise(aNotice({ level: 'warning', title: 'Ports: warning' }));
    expect([spoken('assertive'), spoken('polite')]).toEqual(['', `Ports: warning. ${SENTENCE}`]);
    await raise(over());
    expect(spoken('polite')).toBe('Ports: over. Plenty of ports.');
  });

  it('close by Escape, where nothing else has a use for it', async () => {
    const { raise, titles } = await open();
    await raise(aNotice({ poolKey: 'a', title: 'a' }));
    await raise(aNotice({ poolKey: 'b', title: 'b' }));
    const field = document.body.appendChild(document.createElement('input'));
    press(field, 'Escape');
    field.remove();
    const takeIt = (event: Event) => event.preventDefault();
    window.addEventListener('keydown', takeIt);
    press(document.body, 'Escape');
    vi.advanceTimersByTime(1);
    window.removeEventListener('keydown', takeIt);
    await settle();
    expect(titles()).toEqual(['b', 'a']);
    press(document.body, 'Escape');
    vi.advanceTimersByTime(1);
    await settle();
    expect(titles()).toEqual(['a']);
  });

  it('are reached by G N; Escape there closes the one with the focus, which goes on and then back', async () => {
    const { raise, titles } = await open();
    const before = document.body.appendChild(document.createElement('button'));
    before.focus();
    await raise(aNotice({ poolKey: 'a', title: 'a' }));
    await raise(aNotice({ poolKey: 'b', title: 'b' }));
    press(before, 'g');
    press(before, 'n');
    expect(document.activeElement?.closest('[data-notice]')?.textContent).toContain('b');
    const heard = vi.fn();
    window.addEventListener('keydown', heard);
    press(document.activeElement ?? document.body, 'Escape');
    await settle();
    expect(titles()).toEqual(['a']);
    expect(document.activeElement?.closest('[data-notice]')?.textContent).toContain('a');
    press(document.activeElement ?? document.body, 'Escape');
    await settle();
    expect(document.activeElement).toBe(before);
    // A screen's own Escape, which may undo a change, never hears of it.
    expect(heard).not.toHaveBeenCalled();
    window.removeEventListener('keydown', heard);
    before.remove();
  });

  it('are in the other corner when the pointer or the focus is in theirs', async () => {
    const { raise, wrapper } = await open();
    const side = () => wrapper.find('.notice-toasts').attributes('data-side');
    await raise(aNotice());
    expect(side()).toBe('right');
    document.dispatchEvent(
      Object.assign(new Event('pointermove'), {
        clientX: window.innerWidth - 50,
        clientY: window.innerHeight - 60,
      }),
    );
    await raise(aNotice({ poolKey: 'b' }));
    // What is there does not jump.
    expect(side()).toBe('right');
    await raise(over());
    for (const close of document.querySelectorAll<HTMLElement>('.notice-toast .close')) close.click();
    await settle();
    await raise(aNotice());
    expect(side()).toBe('left');
  });
});

describe('notifications of the browser', () => {
  async function raiseAway(notice: Notice, link?: FakeLink) {
    const opened = await open('sockets', link);
    browser.hasFocus = false;
    await opened.raise(notice);
    await vi.advanceTimersByTimeAsync(300);
    await flushPromises();
    return opened;
  }

  it('carry the sentence, take the place of the last one, and open the wizard', async () => {
    const { navigation } = await raiseAway(aNotice());
    expect(browser.shown).toMatchObject([
      { title: 'Ports: critical', options: { body: SENTENCE, tag: 'fourtuple' } },
    ]);
    browser.shown[0]?.onclick?.();
    await settle();
    expect(navigation.screen).toBe('fix');
    expect(browser.shown[0]?.isClosed).toBe(true);
  });

  it('are not shown to who looks at the page, unless it is a test', async () => {
    const { raise } = await open();
    await raise(aNotice());
    await vi.advanceTimersByTimeAsync(300);
    expect(browser.shown).toHaveLength(0);
    await raise(aNotice({ kind: 'test', title: 'A test' }));
    await vi.advanceTimersByTimeAsync(300);
    expect(browser.shown.map(({ title }) => title)).toEqual(['A test']);
  });

  it.each(['denied', 'default'] as const)('are not shown when the permission is %s', async (permission) => {
    browser.permission = permission;
    await raiseAway(aNotice());
    expect(browser.shown).toHaveLength(0);
  });

  it('are left to the desktop where the window is our own', async () => {
    const link = incidentLink().respond('workbench.describe', () => ({
      version: '0.1.0',
      host: 'desktop',
      platform: 'linux',
      windowControls: true,
    }));
    await raiseAway(aNotice(), link);
    expect(browser.shown).toHaveLength(0);
  });

  it('are shown by one page of several', async () => {
    const notice = aNotice();
    await raiseAway(notice);
    const { raise } = await open();
    await raise(notice);
    await vi.advanceTimersByTimeAsync(300);
    expect(browser.shown).toHaveLength(1);
  });

  it('are shown by none when another page is looked at', async () => {
    const notice = aNotice();
    const away = await open();
    browser.hasFocus = false;
    await away.raise(notice);
    // Looked at, it claims the notice at once, and says it in the page.
    browser.hasFocus = true;
    const looked = await open();
    await looked.raise(notice);
    await vi.advanceTimersByTimeAsync(300);
    expect(browser.shown).toHaveLength(0);
  });

  it('do not disturb a page whose browser refuses to make one', async () => {
    browser.refuses = true;
    const { toasts } = await raiseAway(aNotice());
    expect(toasts()).toHaveLength(1);
  });
});

it('a summary of files keeps no notice from being shown on Headroom', async () => {
  const origin = { kind: 'imported' as const, files: [], profileBasis: 'detected' as const };
  const { raise, toasts } = await open('headroom', incidentLink(incidentSummary({ origin })));
  await raise(aNotice());
  expect(toasts()).toHaveLength(1);
});
