/** A change of some settings, made on all of them or refused. */
import type { Settings, SettingsChange } from '../../preload/contract-settings.ts';

/** `settings` with what `change` names. */
export function withChange(settings: Settings, change: SettingsChange): Settings {
  return {
    sampling: { ...settings.sampling, ...definedOnly(change.sampling) },
    thresholds: { ...settings.thresholds, ...definedOnly(change.thresholds) },
    history: { ...settings.history, ...definedOnly(change.history) },
    appearance: { ...settings.appearance, ...definedOnly(change.appearance) },
    notifications: { ...settings.notifications, ...definedOnly(change.notifications) },
    privacy: { ...settings.privacy, ...definedOnly(change.privacy) },
    background: { ...settings.background, ...definedOnly(change.background) },
  };
}

/** A field that is there without a value changes nothing. */
function definedOnly<T extends object>(
  part: T | undefined,
): { [K in keyof T]?: NonNullable<T[K]> | Extract<T[K], null> } {
  const entries = Object.entries(part ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> | Extract<T[K], null> };
}
