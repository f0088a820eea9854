/** The settings that are numbers: what they are called, in which unit they are shown, and between what. */
import type { Settings, SettingsChange } from '../../../preload/contract-settings.ts';
import { formatAmount, parseAmount } from '../../format/amounts.ts';

type Section = 'sampling' | 'thresholds' | 'history';

export interface NumberField {
  section: Section;
  key: string;
  label: string;
  hint: string;
  unit: string;
  /** What is stored for one of what is shown: 1000 milliseconds for a second. */
  perUnit: number;
  /** As shown. */
  least: number;
  most: number;
  step: number;
  /** Stored as a whole number. */
  isWhole: boolean;
}

const PERCENT = { unit: '%', perUnit: 0.01, least: 5, most: 100, step: 1, isWhole: false };
const MINUTES = { unit: 'min', perUnit: 60, least: 0.1, step: 1, isWhole: true };
const DAYS = { unit: 'days', perUnit: 1, step: 1, isWhole: true };

export const SAMPLING_FIELDS: readonly NumberField[] = [
  {
    section: 'sampling',
    key: 'intervalMs',
    label: 'Read sockets every',
    hint: 'At the start, and at once when set here. The pace in the top bar holds until Fourtuple ends.',
    unit: 's',
    perUnit: 1000,
    least: 0.2,
    most: 10,
    step: 0.1,
    isWhole: true,
  },
];

export const THRESHOLD_FIELDS: readonly NumberField[] = [
  {
    section: 'thresholds',
    key: 'warningShare',
    label: 'Warning from',
    hint: 'Ports in use, as a share of what the pool has.',
    ...PERCENT,
  },
  {
    section: 'thresholds',
    key: 'criticalShare',
    label: 'Critical from',
    hint: 'A pool without a free port is critical, whatever is set.',
    ...PERCENT,
  },
  {
    section: 'thresholds',
    key: 'warningSeconds',
    label: 'Warning when full within',
    hint: 'By the forecast, at the rates that are measured.',
    ...MINUTES,
    most: 10_080,
  },
  {
    section: 'thresholds',
    key: 'criticalSeconds',
    label: 'Critical when full within',
    hint: 'By the same forecast.',
    ...MINUTES,
    most: 1440,
  },
  {
    section: 'thresholds',
    key: 'warningRateShare',
    label: 'Warning at a rate of',
    hint: 'New connections, as a share of the rate that the pool can keep up for ever.',
    ...PERCENT,
  },
];

export const HISTORY_FIELDS: readonly NumberField[] = [
  {
    section: 'history',
    key: 'megabytes',
    label: 'At most',
    hint: 'On the disk; when it is full the oldest goes first.',
    unit: 'MB',
    perUnit: 1,
    least: 40,
    most: 20_000,
    step: 10,
    isWhole: true,
  },
  {
    section: 'history',
    key: 'secondsKeptHours',
    label: 'Every second, for',
    hint: 'Then as steps of ten seconds: minimum, maximum and mean.',
    unit: 'h',
    perUnit: 1,
    least: 1,
    most: 48,
    step: 1,
    isWhole: true,
  },
  {
    section: 'history',
    key: 'tensKeptDays',
    label: 'Every ten seconds, for',
    hint: 'Then as minutes.',
    ...DAYS,
    least: 1,
    most: 30,
  },
  {
    section: 'history',
    key: 'minutesKeptDays',
    label: 'Every minute, for',
    hint: 'Nothing is kept for longer.',
    ...DAYS,
    least: 2,
    most: 366,
  },
];

/** "thresholds.warningShare" */
export function pathOf({ section, key }: NumberField): string {
  return `${section}.${key}`;
}

/** The stored value of a field. */
export function storedIn(settings: Settings, { section, key }: NumberField): number {
  return (settings[section] as Record<string, unknown>)[key] as number;
}

/** A stored value as its box shows it: "80", "0.2", "10,080". */
export function formatStored(stored: number, { perUnit }: NumberField): string {
  return formatAmount(Number((stored / perUnit).toFixed(2)));
}

/** "80%", "10 min". */
export function sayStored(stored: number, field: NumberField): string {
  return withUnit(formatStored(stored, field), field);
}

function withUnit(amount: string, { unit }: NumberField): string {
  return unit === '%' ? `${amount}%` : `${amount} ${unit}`;
}

export type Typed = { stored: number } | { problem: string };

/** What a typed text means for a field, or why it cannot be that. */
export function readTyped(text: string, field: NumberField): Typed {
  const shown = parseAmount(text, field.unit);
  if (shown === null) {
    const said = text.trim();
    return { problem: said === '' ? 'A number is needed here.' : `“${said.slice(0, 24)}” is not a number.` };
  }
  const { least, most, perUnit, isWhole } = field;
  if (shown < least || shown > most) {
    const limits = `${formatAmount(least)} to ${withUnit(formatAmount(most), field)}`;
    return { problem: `It can be from ${limits}.` };
  }
  const stored = shown * perUnit;
  return { stored: isWhole ? Math.round(stored) : Number(stored.toFixed(4)) };
}

/** What the arrow keys lead to, within the limits. */
export function stepped(stored: number, steps: number, field: NumberField): number {
  const { least, most, perUnit, step, isWhole } = field;
  const shown = Math.min(most, Math.max(least, stored / perUnit + steps * step));
  const next = Number(shown.toFixed(4)) * perUnit;
  return isWhole ? Math.round(next) : Number(next.toFixed(4));
}

export function changeTo(stored: number, { section, key }: NumberField): SettingsChange {
  return { [section]: { [key]: stored } };
}
