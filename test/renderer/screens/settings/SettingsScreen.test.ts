import { enableAutoUnmount, type VueWrapper } from '@vue/test-utils';
import { afterEach, describe, expect, test } from 'vitest';
import SettingsScreen from '../../../../renderer/screens/settings/SettingsScreen.vue';
import { useReport } from '../../../../renderer/stores/report.ts';
import { useTheme } from '../../../../renderer/stores/theme.ts';
import type { SettingsState } from '../../../../preload/contract-settings.ts';
import { DEFAULT_SETTINGS } from '../../../../main/settings/defaults.ts';
import { mountScreen, settle } from '../../../support/mount-screen.ts';
import { settingsLink } from '../../../support/settings-link.ts';

enableAutoUnmount(afterEach);
afterEach(() => localStorage.clear());

async function open(state: Partial<SettingsState> = {}, link = settingsLink(state)) {
  const wrapper = await mountScreen(SettingsScreen, link);
  await settle();
  return { link, wrapper };
}
const stateOf = (settings: SettingsState['settings']): SettingsState => ({
  settings,
  defaults: DEFAULT_SETTINGS,
  file: null,
  sentence: null,
});
const box = (wrapper: VueWrapper, label: string) =>
  wrapper.get<HTMLInputElement>(`input[aria-label="${label}"]`);
const button = (wrapper: VueWrapper, words: string) => {
  const found = wrapper.findAll('button').find((each) => each.text().includes(words));
  if (!found) throw new Error(words);
  return found;
};

describe('a number', () => {
  test('is set when it is left, not while it is typed', async () => {
    const { wrapper, link } = await open();
    const warning = box(wrapper, 'Warning from, %');
    await warning.setValue('6');
    expect(link.callsOf('settings.change')).toEqual([]);
    await warning.setValue('60');
    await warning.trigger('blur');
    await settle();
    expect(link.callsOf('settings.change')).toEqual([{ thresholds: { warningShare: 0.6 } }]);
    expect(warning.element.value).toBe('60');
  });

  test('that cannot be stays in its box with the reason, until Escape', async () => {
    const { wrapper, link } = await open();
    const warning = box(wrapper, 'Warning from, %');
    await warning.setValue('much');
    await warning.trigger('keydown', { key: 'Enter' });
    const alert = () => wrapper.find('[role=alert]');
    expect(alert().text()).toBe('“much” is not a number.');
    expect(warning.attributes('aria-describedby')).toBe(alert().attributes('id'));
    await warning.setValue('95');
    await warning.trigger('keydown', { key: 'Enter' });
    await settle();
    expect(alert().text()).toBe('A warning cannot begin above where critical begins. It stays 80%.');
    expect(warning.element.value).toBe('95');
    await warning.trigger('keydown', { key: 'Escape' });
    expect([alert().exists(), warning.element.value]).toEqual([false, '80']);
    expect(link.callsOf('settings.change')).toHaveLength(1);
  });

  test('is moved by the arrow keys, and brought back to its default', async () => {
    const { wrapper, link } = await open();
    const rate = box(wrapper, 'Warning at a rate of, %');
    await rate.trigger('keydown', { key: 'ArrowUp' });
    await settle();
    expect(rate.element.value).toBe('81');
    await wrapper.get('[aria-label="Warning at a rate of: back to the default, 80%"]').trigger('click');
    await settle();
    expect(rate.element.value).toBe('80');
    expect(link.callsOf('settings.change')).toEqual([
      { thresholds: { warningRateShare: 0.81 } },
      { thresholds: { warningRateShare: 0.8 } },
    ]);
  });

  test('follows what another window sets', async () => {
    const { wrapper, link } = await open();
    const settings = { ...DEFAULT_SETTINGS, sampling: { intervalMs: 5000 } };
    link.emit('settings.changed', { settings, defaults: DEFAULT_SETTINGS, file: null, sentence: null });
    await settle();
    expect(box(wrapper, 'Read sockets every, s').element.value).toBe('5');
  });

  test('says why where the workbench did not answer', async () => {
    const link = settingsLink().respond('settings.change', () => {
      throw new Error('The link was lost.');
    });
    const { wrapper } = await open({}, link);
    const warning = box(wrapper, 'Warning from, %');
    await warning.setValue('60');
    await warning.trigger('blur');
    await settle();
    expect(wrapper.text()).toContain('The link was lost.');
    expect(warning.element.value).toBe('60');
  });
});

describe('quiet hours', () => {
  test('begin with a night, can be moved, and refuse what is no time', async () => {
    const { wrapper, link } = await open();
    await wrapper.get('[role=switch][aria-label="Quiet hours"]').trigger('click');
    await settle();
    const until = box(wrapper, 'Quiet until');
    expect([box(wrapper, 'Quiet from').element.value, until.element.value]).toEqual(['22:00', '07:00']);
    await until.setValue('25:00');
    await until.trigger('change');
    expect(wrapper.get('[role=alert]').text()).toBe('A time is written as 22:00.');
    await until.setValue('6:30');
    await until.trigger('change');
    await settle();
    expect(link.callsOf('settings.change').at(-1)).toEqual({
      notifications: { quietHours: { fromMinute: 1320, toMinute: 390 } },
    });
    expect(until.element.value).toBe('06:30');
  });

  test('that are refused, or half typed while something else is set, stay as they were typed', async () => {
    const quietHours = { fromMinute: 1320, toMinute: 420 };
    const settings = {
      ...DEFAULT_SETTINGS,
      notifications: { ...DEFAULT_SETTINGS.notifications, quietHours },
    };
    const { wrapper, link } = await open({ settings });
    const from = box(wrapper, 'Quiet from');
    await from.setValue('07:00');
    await from.trigger('change');
    // Each call about settings is told to every page, also one that changed nothing.
    link.emit('settings.changed', structuredClone(stateOf(settings)));
    await settle();
    expect(from.element.value).toBe('07:00');
    expect(wrapper.get('[role=alert]').text()).toBe('Quiet hours need an end that is not their beginning.');
  });
});

describe('the file', () => {
  test('is named, and what is wrong with it', async () => {
    const sentence = 'The settings file could not be used: it is no JSON.';
    const { wrapper } = await open({ sentence });
    expect(wrapper.text()).toContain('/home/ann/.local/state/fourtuple/settings.json');
    expect(wrapper.text()).toContain(sentence);
  });

  test('a reset says what it changes, and changes it', async () => {
    const settings = { ...DEFAULT_SETTINGS, sampling: { intervalMs: 5000 } };
    const { wrapper, link } = await open({ settings });
    await button(wrapper, 'Reset to defaults…').trigger('click');
    await settle();
    const dialog = document.querySelector('[role=dialog]');
    expect(dialog?.querySelector('tbody')?.textContent).toBe('Sampling: read sockets every5 s1 s');
    const reset = [...(dialog?.querySelectorAll('button') ?? [])].find(
      (each) => each.textContent === 'Reset',
    );
    reset?.click();
    await settle();
    expect(link.callsOf('settings.reset')).toHaveLength(1);
    expect(box(wrapper, 'Read sockets every, s').element.value).toBe('1');
    expect(button(wrapper, 'Reset to defaults…').attributes('disabled')).toBeDefined();
  });
});

test('a switch is described by the line below its name', async () => {
  const { wrapper } = await open();
  const toggle = wrapper.get('[role=switch][aria-label="History keeps command lines"]');
  expect(document.getElementById(toggle.attributes('aria-describedby') ?? '')?.textContent).toBe(
    'Names of processes are always kept. What was kept before stays.',
  );
});

test('the tray is offered to a window of our own only, with the reason where there is none', async () => {
  const sentence = 'This desktop shows no tray.';
  const link = settingsLink()
    .respond('workbench.describe', () => ({
      version: '0.1.0',
      host: 'desktop',
      platform: 'linux',
      windowControls: true,
    }))
    .respond('background.get', () => ({ isPossible: false, sentence }));
  const { wrapper } = await open({}, link);
  const tray = wrapper.get('[role=switch][aria-label="Keep watching in the tray"]');
  expect([tray.attributes('disabled'), tray.attributes('title')]).toEqual(['', sentence]);
  expect(wrapper.text()).not.toContain('In this browser');
  const inBrowser = await open();
  expect(inBrowser.wrapper.text()).not.toContain('Keep watching in the tray');
  expect(inBrowser.wrapper.text()).toContain('In this browser');
});

test('a test is sent, and that it was is said', async () => {
  const link = settingsLink().respond('notices.test', () => ({
    id: 1,
    kind: 'test',
    level: 'notice',
    title: 'A test',
    body: '',
    poolKey: null,
    atMs: 0,
  }));
  const { wrapper } = await open({}, link);
  await button(wrapper, 'Send a test').trigger('click');
  await settle();
  expect(wrapper.text()).toMatch(/Sent at \d\d:\d\d:\d\d\./);
});

test('says what history takes of the disk', async () => {
  const { wrapper } = await open();
  expect(wrapper.text()).toContain('38 MB of 200 MB on the disk, the last 2 h');
});

test('the theme is the settings’, kept in this browser for its first paint only', async () => {
  localStorage.setItem('fourtuple.theme', 'dark');
  const { wrapper } = await open({ settings: { ...DEFAULT_SETTINGS, appearance: { theme: 'light' } } });
  const theme = useTheme();
  await settle();
  expect([theme.theme, localStorage.getItem('fourtuple.theme')]).toEqual(['light', 'light']);
  const dark = wrapper.findAll('[role=radio]').find((each) => each.text() === 'Dark');
  await dark?.trigger('click');
  await settle();
  expect([theme.choice, document.documentElement.dataset.theme]).toEqual(['dark', 'dark']);
});

test('a report hides what the settings say, until its own boxes say otherwise', async () => {
  const privacy = { ...DEFAULT_SETTINGS.privacy, redactReports: true };
  await open({ settings: { ...DEFAULT_SETTINGS, privacy } });
  const report = useReport();
  expect(report.redact).toEqual(['addresses', 'hosts', 'processes']);
  report.setRedacted('hosts', false);
  expect(report.redact).toEqual(['addresses', 'processes']);
});
