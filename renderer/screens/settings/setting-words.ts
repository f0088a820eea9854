/** What the settings say, in words: choices, times of day, and what going back to the defaults would change. */
import type { Settings } from '../../../preload/contract-settings.ts';
import { HISTORY_FIELDS, SAMPLING_FIELDS, sayStored, storedIn, THRESHOLD_FIELDS } from './number-fields.ts';

export const THEMES = [
  { value: 'system', label: 'System' },
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
] as const satisfies readonly { value: Settings['appearance']['theme']; label: string }[];

export const NOTICE_LEVELS = [
  { value: 'warning', label: 'Warning' },
  { value: 'critical', label: 'Critical' },
] as const satisfies readonly { value: Settings['notifications']['from']; label: string }[];

/** What quiet hours begin with. */
export const USUAL_QUIET_HOURS = { fromMinute: 22 * 60, toMinute: 7 * 60 };

export function sayOn(isOn: boolean): string {
  return isOn ? 'on' : 'off';
}

/** "22:00" */
export function formatMinute(minuteOfDay: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}

/** The minute after midnight of "22:00", "7:30"; null for anything else. */
export function parseMinute(text: string): number | null {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  return hours === undefined || minutes === undefined ? null : Number(hours) * 60 + Number(minutes);
}

export function sayQuietHours(quiet: Settings['notifications']['quietHours']): string {
  return quiet === null ? 'none' : `${formatMinute(quiet.fromMinute)}–${formatMinute(quiet.toMinute)}`;
}

export interface SettingDifference {
  name: string;
  now: string;
  /** By default. */
  then: string;
}

/** Every setting that is not as the defaults say. */
export function differences(settings: Settings, defaults: Settings): SettingDifference[] {
  return describe(settings)
    .map(({ name, says }, index) => ({ name, now: says, then: describe(defaults)[index]?.says ?? '' }))
    .filter(({ now, then }) => now !== then);
}

function describe(settings: Settings): { name: string; says: string }[] {
  const { notifications, privacy, background, appearance, history } = settings;
  const numbers = (group: string, fields: typeof SAMPLING_FIELDS) =>
    fields.map((field) => ({
      name: `${group}: ${field.label.toLowerCase()}`,
      says: sayStored(storedIn(settings, field), field),
    }));
  return [
    ...numbers('Sampling', SAMPLING_FIELDS),
    ...numbers('Verdict', THRESHOLD_FIELDS),
    { name: 'History: keep', says: sayOn(history.enabled) },
    ...numbers('History', HISTORY_FIELDS),
    { name: 'Notifications', says: sayOn(notifications.enabled) },
    { name: 'Notifications: from', says: labelOf(NOTICE_LEVELS, notifications.from) },
    { name: 'Notifications: quiet hours', says: sayQuietHours(notifications.quietHours) },
    { name: 'Theme', says: labelOf(THEMES, appearance.theme) },
    { name: 'Reports hide names and addresses', says: sayOn(privacy.redactReports) },
    { name: 'History keeps command lines', says: sayOn(privacy.keepCommandLines) },
    { name: 'Keep watching in the tray', says: sayOn(background.keepRunning) },
  ];
}

export function labelOf<T extends string>(choices: readonly { value: T; label: string }[], value: T): string {
  return choices.find((choice) => choice.value === value)?.label ?? value;
}
