import { enableAutoUnmount } from '@vue/test-utils';
import { afterEach, describe, expect, test } from 'vitest';
import { defineComponent, nextTick } from 'vue';
import AboutDialog from '../../../renderer/screens/AboutDialog.vue';
import { useDesktop } from '../../../renderer/screens/use-desktop.ts';
import { useImports } from '../../../renderer/stores/imports.ts';
import { useNavigation } from '../../../renderer/stores/navigation.ts';
import { useTheme } from '../../../renderer/stores/theme.ts';
import { MENU_ACTIONS } from '../../../preload/contract-desktop.ts';
import type { ImportReport } from '../../../preload/contract-import.ts';
import type { FakeLink } from '../../support/fake-link.ts';
import { incidentLink, mountScreen, settle } from '../../support/mount-screen.ts';

enableAutoUnmount(afterEach);

/** What the shell hears, and the stores it acts on. */
async function shell(link: FakeLink = incidentLink()) {
  const Shell = defineComponent({
    setup() {
      useDesktop();
      return () => null;
    },
  });
  const wrapper = await mountScreen(Shell, link);
  return { link, wrapper, navigation: useNavigation(), imports: useImports() };
}

const REPORT: ImportReport = { opened: true, files: [], profile: null, choices: [], sentence: 'Read.' };

describe('the menu of the window', () => {
  test('each action does what the page’s own key does', async () => {
    const { link, navigation, imports } = await shell();
    const choose = (action: (typeof MENU_ACTIONS)[number]) => link.emit('menu.chosen', { action });
    const screens = ['headroom', 'sockets', 'trends', 'fix', 'what-if', 'evidence'] as const;
    for (const screen of screens) {
      choose(`go.${screen}`);
      expect(navigation.screen).toBe(screen);
    }
    choose('settings');
    expect(navigation.screen).toBe('settings');
    choose('report.save');
    expect([navigation.screen, navigation.params]).toEqual(['evidence', { report: true }]);
    choose('palette');
    expect(navigation.paletteOpen).toBe(true);
    choose('shortcuts');
    expect([navigation.paletteOpen, navigation.shortcutsOpen]).toEqual([false, true]);
    choose('about');
    expect([navigation.shortcutsOpen, navigation.aboutOpen]).toEqual([false, true]);
    choose('import.paste');
    expect([navigation.aboutOpen, imports.pasteOpen]).toEqual([false, true]);
    choose('sampling.pause');
    await nextTick();
    expect(link.callsOf('sampling.configure')).toEqual([{ paused: true }]);
    for (const choice of ['dark', 'light', 'system'] as const) {
      choose(`theme.${choice}`);
      expect(useTheme().choice).toBe(choice);
    }
  });

  test('is not heard any more when the shell is gone', async () => {
    const { link, navigation, wrapper } = await shell();
    wrapper.unmount();
    link.emit('menu.chosen', { action: 'about' });
    expect(navigation.aboutOpen).toBe(false);
  });
});

test('a notification leads to the wizard of its pool', async () => {
  const { link, navigation } = await shell();
  navigation.shortcutsOpen = true;
  link.emit('navigate.requested', { to: 'fix', poolKey: 'a>b' });
  expect([navigation.screen, navigation.params, navigation.shortcutsOpen]).toEqual([
    'fix',
    { poolKey: 'a>b' },
    false,
  ]);
  link.emit('navigate.requested', { to: 'headroom', poolKey: null });
  expect([navigation.screen, navigation.params]).toEqual(['headroom', {}]);
});

describe('files that the system opened', () => {
  test('are shown at once when all of them was understood', async () => {
    const { link, imports, navigation } = await shell();
    navigation.go('sockets');
    const before = link.callsOf('summary.get').length;
    link.emit('file.opened', { names: ['a.json'], importId: 'i', report: REPORT, sentence: null });
    await settle();
    expect(imports.state).toEqual({ kind: 'idle' });
    expect(navigation.screen).toBe('headroom');
    expect(link.callsOf('summary.get').length).toBe(before + 1);
  });

  test('say why when they could not be read', async () => {
    const { link, imports } = await shell();
    const sentence = 'a.json is not there (any more).';
    link.emit('file.opened', { names: ['a.json'], importId: null, report: null, sentence });
    await settle();
    expect(imports.state).toEqual({ kind: 'failed', sentence });
  });

  test('ask which system they are from, and are read again as that', async () => {
    const choices = [{ id: 'linux', name: 'Linux' }];
    const { link, imports } = await shell();
    link.respond('import.finish', () => REPORT);
    const report = { ...REPORT, opened: false, choices };
    link.emit('file.opened', { names: ['a'], importId: 'i', report, sentence: null });
    await settle();
    expect(imports.state).toEqual({ kind: 'reported', report });
    await imports.choose('linux');
    expect(link.callsOf('import.finish')).toEqual([{ importId: 'i', profileId: 'linux' }]);
  });
});

describe('About', () => {
  const info = {
    version: '1.2.3',
    parts: [
      { name: 'Electron', version: '45.4.1' },
      { name: 'Linux', version: '6.18 (x64)' },
    ],
  };

  test('names every part, and is asked for when it is opened', async () => {
    const link = incidentLink().respond('about.get', () => info);
    await mountScreen(AboutDialog, link);
    expect(link.callsOf('about.get')).toEqual([]);
    useNavigation().aboutOpen = true;
    await settle();
    const dialog = document.querySelector('[role="dialog"]');
    expect(dialog?.querySelector('h2')?.textContent).toBe('Fourtuple 1.2.3');
    expect([...(dialog?.querySelectorAll('dl > div') ?? [])].map((line) => line.textContent)).toEqual([
      'Electron45.4.1',
      'Linux6.18 (x64)',
    ]);
  });

  test('says why it cannot', async () => {
    await mountScreen(AboutDialog, incidentLink());
    useNavigation().aboutOpen = true;
    await settle();
    expect(document.querySelector('[role="alert"]')?.textContent).toMatch(/about\.get/);
  });
});
