/** A link whose workbench has settings: it takes every change that fits together, as the real one does. */
import type { SettingsState } from '../../preload/contract-settings.ts';
import { withChange } from '../../main/settings/change.ts';
import { DEFAULT_SETTINGS } from '../../main/settings/defaults.ts';
import { problemsOf } from '../../main/settings/rules.ts';
import { incidentLink } from './mount-screen.ts';

export function settingsLink(state: Partial<SettingsState> = {}) {
  const link = incidentLink();
  let now: SettingsState = {
    settings: DEFAULT_SETTINGS,
    defaults: DEFAULT_SETTINGS,
    file: '/home/ann/.local/state/fourtuple/settings.json',
    sentence: null,
    ...state,
  };
  return link
    .respond('settings.get', () => now)
    .respond('settings.change', (change) => {
      const settings = withChange(now.settings, change);
      const problems = problemsOf(settings);
      if (problems.length === 0) now = { ...now, settings };
      return { state: now, problems };
    })
    .respond('settings.reset', () => (now = { ...now, settings: DEFAULT_SETTINGS }))
    .respond('history.state', () => ({
      mode: 'recording',
      sentence: null,
      fromMs: 0,
      untilMs: 7_200_000,
      bytes: 38 * 2 ** 20,
      maxBytes: 200 * 2 ** 20,
      levels: [],
      marksRevision: 0,
      testRun: null,
      missedSamples: 0,
    }));
}
