/** Settings as the workbench has them: what is in force, who wants to hear of a change, and the calls about them. */
import type { EventPayload } from '../../preload/contract.ts';
import type { SETTINGS_CALLS, Settings } from '../../preload/contract-settings.ts';
import type { Failure, Outcome } from '../core/model.ts';
import { SettingsStore } from '../settings/store.ts';
import type { Handlers } from './handlers.ts';

export type SettingsHandlers = Pick<Handlers, Extract<keyof typeof SETTINGS_CALLS, `settings.${string}`>>;

export interface WorkbenchSettings {
  /** What is in force. */
  readonly current: Settings;
  /** Hears every change, by whomever, until the returned function is called. */
  onChange(listener: (now: Settings, before: Settings) => void): () => void;
}

export interface SettingsService extends WorkbenchSettings {
  readonly handlers: SettingsHandlers;
  /** Looks from time to time whether another Fourtuple changed them. */
  start(): void;
  stop(): void;
}

export interface SettingsParts {
  /** Where the file is, or why it is nowhere. */
  stateFolder: Outcome<string>;
  publish(event: { name: 'settings.changed'; payload: EventPayload<'settings.changed'> }): void;
  /** Where nobody looks at a page, what is wrong with the file is read here. */
  log(line: string): void;
}

/** Of a workbench that was given none. */
export const NO_FOLDER: Outcome<never> = {
  ok: false,
  failure: {
    code: 'unavailable',
    what: 'a folder for what Fourtuple keeps',
    why: 'this workbench was started without one',
  } satisfies Failure,
};

export function createSettings({ stateFolder, publish, log }: SettingsParts): SettingsService {
  const listeners = new Set<(now: Settings, before: Settings) => void>();
  const store = new SettingsStore(stateFolder);
  let told = store.current;
  let stopWatching = () => {};
  let logged: string | null = null;
  const logSentence = () => {
    const { sentence } = store.state;
    if (sentence !== null && sentence !== logged && stateFolder !== NO_FOLDER) log(sentence);
    logged = sentence;
  };
  logSentence();
  const tell = () => {
    logSentence();
    const before = told;
    told = store.current;
    for (const listener of listeners) listener(told, before);
    publish({ name: 'settings.changed', payload: store.state });
  };
  const change: SettingsHandlers['settings.change'] = async (wanted) => {
    const problems = store.change(wanted);
    tell();
    return { ok: true, value: { state: store.state, problems } };
  };
  return {
    get current() {
      return store.current;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start: () => {
      stopWatching = store.watch(tell);
    },
    stop: () => stopWatching(),
    handlers: {
      'settings.get': async () => {
        if (store.refresh()) tell();
        return { ok: true, value: store.state };
      },
      'settings.change': change,
      'settings.reset': async () => {
        await change(store.state.defaults);
        return { ok: true, value: store.state };
      },
    },
  };
}
