/** The text of settings.json: `{ "schema": 1, "settings": { … } }`, where what is left out is as the defaults say. */
import { z } from 'zod';
import { settingsChangeSchema, settingsSchema, type Settings } from '../../preload/contract-settings.ts';
import { sanitiseText } from '../core/sanitise.ts';
import { SECTIONS, withChange } from './change.ts';
import { DEFAULT_SETTINGS } from './defaults.ts';
import { problemsOf } from './rules.ts';

export const SCHEMA = 1;

/** From each schema to the next, the oldest first: what is under "settings", unchecked, as the next one has it. */
const MIGRATIONS: readonly ((settings: unknown) => unknown)[] = [];

export type SettingsDocument =
  | { kind: 'settings'; settings: Settings }
  /** Of a later schema: what could be understood of it. */
  | { kind: 'newer'; settings: Settings }
  /** `why` is a clause. */
  | { kind: 'broken'; why: string };

const envelope = z.strictObject({ schema: z.number().int().min(1), settings: z.unknown() });
/** A later version may have put more beside them. */
const anyEnvelope = z.object({ schema: z.number().int().min(1), settings: z.unknown() });

/** Never throws, whatever the text. */
export function parseSettings(text: string, migrations = MIGRATIONS, schema = SCHEMA): SettingsDocument {
  let value: unknown;
  try {
    // Editors of Windows begin a file with a byte order mark.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return broken('it is no JSON');
  }
  const any = anyEnvelope.safeParse(value);
  if (!any.success) return broken('it does not say which settings it holds');
  if (any.data.schema > schema) return { kind: 'newer', settings: understood(any.data.settings) };
  const whole = envelope.safeParse(value);
  if (!whole.success) return broken(sayIssue(whole.error));
  const migrated = migrations
    .slice(whole.data.schema - 1)
    .reduce((settings, migrate) => migrate(settings), whole.data.settings);
  const change = settingsChangeSchema.safeParse(migrated);
  if (!change.success) return broken(sayIssue(change.error));
  const settings = withChange(DEFAULT_SETTINGS, change.data);
  const problem = problemsOf(settings)[0];
  return problem ? broken(`${problem.field}: ${asClause(problem.sentence)}`) : { kind: 'settings', settings };
}

export function formatSettings(settings: Settings): string {
  return `${JSON.stringify({ schema: SCHEMA, settings }, null, 2)}\n`;
}

/** Each field that is valid; a section whose fields do not fit together is as the defaults say. */
function understood(raw: unknown): Settings {
  const settings = structuredClone(DEFAULT_SETTINGS) as Record<string, Record<string, unknown>>;
  for (const name of SECTIONS) {
    const part = isRecord(raw) && Object.hasOwn(raw, name) ? raw[name] : null;
    const section = settings[name];
    if (!isRecord(part) || !section) continue;
    for (const [key, schema] of Object.entries<z.ZodType>(settingsSchema.shape[name].shape)) {
      const field = Object.hasOwn(part, key) ? schema.safeParse(part[key]) : null;
      if (field?.success) section[key] = field.data;
    }
  }
  const found = settingsSchema.parse(settings);
  const doubtful = new Set(problemsOf(found).map(({ field }) => field.split('.')[0]));
  return Object.fromEntries(
    SECTIONS.map((name) => [name, doubtful.has(name) ? DEFAULT_SETTINGS[name] : found[name]]),
  ) as Settings;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function broken(why: string): SettingsDocument {
  return { kind: 'broken', why };
}

/** "thresholds.warningShare has a value that it cannot have". */
function sayIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const where = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const names = [where, sanitiseText(issue.keys[0] ?? '', 60)].filter((name) => name !== '').join('.');
    return `this version has no setting “${names}”`;
  }
  return where === '' ? 'it has another shape' : `${where} has a value that it cannot have`;
}

function asClause(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`.replace(/\.$/, '');
}
