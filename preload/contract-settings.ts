/** What a person may set, once, with its limits; the file settings.json holds exactly this. */
import { z } from 'zod';
import { count, emptyArgs, finite, level, nullable, text } from './contract-atoms.ts';

const shareOf = (least: number) => z.number().min(least).max(1);
/** Minutes after local midnight. */
const minuteOfDay = z.number().int().min(0).max(1439);

export const samplingSettingsSchema = z.strictObject({
  intervalMs: z.number().int().min(200).max(10_000),
});

/** From where a pool counts as bad; defaults: interface design, severity table. */
export const thresholdSettingsSchema = z.strictObject({
  criticalShare: shareOf(0.05),
  warningShare: shareOf(0.05),
  /** Opens as a share of the sustainable rate. */
  warningRateShare: shareOf(0.05),
  criticalSeconds: z.number().int().min(1).max(86_400),
  warningSeconds: z.number().int().min(1).max(604_800),
});

export const historySettingsSchema = z.strictObject({
  enabled: z.boolean(),
  /** The most that the history takes on disk: megabytes of 1,048,576 bytes. */
  megabytes: z.number().int().min(40).max(20_000),
  /** Hours kept at 1 s, days at 10 s, days at 60 s. */
  secondsKeptHours: z.number().int().min(1).max(48),
  tensKeptDays: z.number().int().min(1).max(30),
  minutesKeptDays: z.number().int().min(2).max(366),
});

export const THEME_CHOICES = ['system', 'dark', 'light'] as const;

export const notificationSettingsSchema = z.strictObject({
  enabled: z.boolean(),
  /** The least level that is worth one. */
  from: z.enum(['warning', 'critical']),
  /** From later than to spans midnight. Null: none. */
  quietHours: nullable(z.strictObject({ fromMinute: minuteOfDay, toMinute: minuteOfDay })),
});

export const settingsSchema = z.strictObject({
  sampling: samplingSettingsSchema,
  thresholds: thresholdSettingsSchema,
  history: historySettingsSchema,
  appearance: z.strictObject({ theme: z.enum(THEME_CHOICES) }),
  notifications: notificationSettingsSchema,
  privacy: z.strictObject({
    /** What a report hides unless its dialog says otherwise. */
    redactReports: z.boolean(),
    /** Whether the history keeps command lines of processes; names are always kept. */
    keepCommandLines: z.boolean(),
  }),
  background: z.strictObject({
    /** Desktop only: closing the window keeps the watch in the tray. */
    keepRunning: z.boolean(),
  }),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Any part of any section. */
export const settingsChangeSchema = z.strictObject({
  sampling: samplingSettingsSchema.partial().optional(),
  thresholds: thresholdSettingsSchema.partial().optional(),
  history: historySettingsSchema.partial().optional(),
  appearance: settingsSchema.shape.appearance.partial().optional(),
  notifications: notificationSettingsSchema.partial().optional(),
  privacy: settingsSchema.shape.privacy.partial().optional(),
  background: settingsSchema.shape.background.partial().optional(),
});
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

export const settingsStateSchema = z.strictObject({
  settings: settingsSchema,
  defaults: settingsSchema,
  /** Where they are kept; null: nowhere, they last as long as the workbench. */
  file: nullable(text),
  /** What is wrong with the file, in a sentence: set aside, not writable, of a newer version. */
  sentence: nullable(text),
});
export type SettingsState = z.infer<typeof settingsStateSchema>;

/** Why a change was not taken: the field as "thresholds.warningShare" and a sentence. */
export const settingsProblemSchema = z.strictObject({ field: text, sentence: text });
export type SettingsProblem = z.infer<typeof settingsProblemSchema>;

/** Told once when the verdict gets worse, once when it is over; a test is shown wherever it is heard. */
export const noticeSchema = z.strictObject({
  id: count,
  kind: z.enum(['worse', 'over', 'test']),
  level,
  title: text,
  /** The verdict's sentence. */
  body: text,
  poolKey: nullable(text),
  /** Epoch milliseconds. */
  atMs: finite,
});
export type Notice = z.infer<typeof noticeSchema>;

export const SETTINGS_CALLS = {
  'settings.get': { args: emptyArgs, result: settingsStateSchema },
  /** Takes all of it or nothing. */
  'settings.change': {
    args: settingsChangeSchema,
    result: z.strictObject({ state: settingsStateSchema, problems: z.array(settingsProblemSchema) }),
  },
  'settings.reset': { args: emptyArgs, result: settingsStateSchema },
  /** The last ones, newest first. */
  'notices.list': { args: emptyArgs, result: z.strictObject({ notices: z.array(noticeSchema) }) },
  /** Raises one that says that it is a test. */
  'notices.test': { args: emptyArgs, result: noticeSchema },
} as const;

export const SETTINGS_EVENTS = {
  'settings.changed': settingsStateSchema,
  'notice.raised': noticeSchema,
} as const;
