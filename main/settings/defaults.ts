/** What is in force until a person says otherwise. */
import type { Settings } from '../../preload/contract-settings.ts';
import { THRESHOLDS } from '../core/assess.ts';

const { criticalShare, warningShare, warningRateShare, criticalSeconds, warningSeconds } = THRESHOLDS;

export const DEFAULT_SETTINGS: Settings = {
  sampling: { intervalMs: 1000 },
  thresholds: { criticalShare, warningShare, warningRateShare, criticalSeconds, warningSeconds },
  history: { enabled: true, megabytes: 200, secondsKeptHours: 2, tensKeptDays: 2, minutesKeptDays: 90 },
  appearance: { theme: 'system' },
  notifications: { enabled: true, from: 'warning', quietHours: null },
  privacy: { redactReports: false, keepCommandLines: true },
  background: { keepRunning: false },
};
