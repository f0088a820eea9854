/** Settings as the workbench has them: what is in force, who wants to hear of a change, and the calls about them. */
import type { EventPayload } from '../../preload/contract.ts';
import type { SETTINGS_CALLS, Settings, SettingsState } from '../../preload/contract-settings.ts';
import { withChange } from '../settings/change.ts';
import { DEFAULT_SETTINGS } from '../settings/defaults.ts';
import type { Handlers } from './handlers.ts';

export type SettingsHandlers = Pick<Handlers, Extract<keyof typeof SETTINGS_CALLS, `settings.${string}`>>;

export interface WorkbenchSettings {
  readonly handlers: SettingsHandlers;
  /** What is in force. */
  readonly current: Settings;
  /** Hears every change until the returned function is called. */
  onChange(listener: (now: Settings, before: Settings) => void): () => void;
}

export interface SettingsParts {
  publish(event: { name: 'settings.changed'; payload: EventPayload<'settings.changed'> }): void;
}

export function createSettings({ publish }: SettingsParts): WorkbenchSettings {
  const listeners = new Set<(now: Settings, before: Settings) => void>();
  let current = DEFAULT_SETTINGS;
  const state = (): SettingsState => ({
    settings: current,
    defaults: DEFAULT_SETTINGS,
    file: null,
    sentence: null,
  });
  const replace = (next: Settings) => {
    const before = current;
    current = next;
    for (const listener of listeners) listener(next, before);
    publish({ name: 'settings.changed', payload: state() });
  };
  return {
    get current() {
      return current;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    handlers: {
      'settings.get': async () => ({ ok: true, value: state() }),
      'settings.change': async (change) => {
        replace(withChange(current, change));
        return { ok: true, value: { state: state(), problems: [] } };
      },
      'settings.reset': async () => {
        replace(DEFAULT_SETTINGS);
        return { ok: true, value: state() };
      },
    },
  };
}
