/** What the settings say of history, as history takes it. */
import type { Settings } from '../../preload/contract-settings.ts';
import type { Summary } from '../core/model.ts';
import { DAY_MS, type Retention } from '../history/levels.ts';

const HOUR_MS = DAY_MS / 24;
const MEGABYTE = 1024 * 1024;

/** Steps of a quarter of an hour are kept for as long as minutes are. */
export function retentionOf(settings: Settings['history']): Retention {
  const { megabytes, secondsKeptHours, tensKeptDays, minutesKeptDays } = settings;
  const minutesMs = minutesKeptDays * DAY_MS;
  return {
    keepMs: [secondsKeptHours * HOUR_MS, tensKeptDays * DAY_MS, minutesMs, minutesMs],
    maxBytes: megabytes * MEGABYTE,
  };
}

/** What is recorded of a summary: without command lines where they are not to be kept. */
export function recordable(summary: Summary, { keepCommandLines }: Settings['privacy']): Summary {
  if (keepCommandLines) return summary;
  const consumers = summary.consumers.map((consumer) => ({ ...consumer, commandLine: null }));
  return { ...summary, consumers };
}
