/** A change of some settings, made on all of them. */
import type { Settings, SettingsChange } from '../../preload/contract-settings.ts';

/** `settings` with what `change` names. */
export function withChange(settings: Settings, change: SettingsChange): Settings {
  return {
    sampling: merged(settings.sampling, change.sampling),
    thresholds: merged(settings.thresholds, change.thresholds),
    history: merged(settings.history, change.history),
    appearance: merged(settings.appearance, change.appearance),
    notifications: merged(settings.notifications, change.notifications),
    privacy: merged(settings.privacy, change.privacy),
    background: merged(settings.background, change.background),
  };
}

/** Both changes as one; where they speak of the same, `later` counts. */
export function joinChanges(earlier: SettingsChange, later: SettingsChange): SettingsChange {
  const parts = SECTIONS.flatMap((name) => {
    const part = { ...definedOnly(earlier[name]), ...definedOnly(later[name]) };
    return Object.keys(part).length === 0 ? [] : [[name, part] as const];
  });
  return Object.fromEntries(parts) as SettingsChange;
}

export const SECTIONS = [
  'sampling',
  'thresholds',
  'history',
  'appearance',
  'notifications',
  'privacy',
  'background',
] as const satisfies readonly (keyof Settings)[];

function merged<T extends object>(whole: T, part: Partial<T> | undefined): T {
  return { ...whole, ...definedOnly(part) };
}

/** A field that is there without a value changes nothing. */
function definedOnly<T extends object>(part: T | undefined): Partial<T> {
  return Object.fromEntries(
    Object.entries(part ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
