import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { BackgroundState } from '../../preload/contract-desktop.ts';
import type {
  Settings,
  SettingsChange,
  SettingsProblem,
  SettingsState,
} from '../../preload/contract-settings.ts';
import { useLink } from './link-key.ts';
import { useWorkbench } from './workbench.ts';

/** What is set, its defaults and where it is kept; null until the workbench has told. */
export const useSettings = defineStore('settings', () => {
  const link = useLink();
  const workbench = useWorkbench();
  const state = shallowRef<SettingsState | null>(null);
  /** Whether the watch can go on without a window; null where it was not asked. */
  const background = shallowRef<BackgroundState | null>(null);
  /** A call that failed, in a sentence; null when the last one went well. */
  const failure = ref<string | null>(null);

  const current = computed<Settings | null>(() => state.value?.settings ?? null);

  async function attempt<T>(call: Promise<T>): Promise<T | null> {
    try {
      const result = await call;
      failure.value = null;
      return result;
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
      return null;
    }
  }

  async function load(): Promise<void> {
    try {
      state.value = await link.call('settings.get', {});
    } catch {
      // The link's own troubles are told elsewhere; what was known stays.
    }
  }

  /** Makes all of the change, or none and says why; null when the workbench could not be asked. */
  async function change(wanted: SettingsChange): Promise<SettingsProblem[] | null> {
    const answer = await attempt(link.call('settings.change', wanted));
    if (answer) state.value = answer.state;
    return answer?.problems ?? null;
  }

  async function reset(): Promise<void> {
    const answer = await attempt(link.call('settings.reset', {}));
    if (answer) state.value = answer;
  }

  /** Raises a notice that says that it is a test; tells whether that went well. */
  async function testNotice(): Promise<boolean> {
    return (await attempt(link.call('notices.test', {}))) !== null;
  }

  async function askBackground(): Promise<void> {
    background.value = await attempt(link.call('background.get', {}));
  }

  onScopeDispose(link.on('settings.changed', (next) => (state.value = next)));
  watch(
    () => workbench.isConnected,
    (isConnected) => isConnected && void load(),
    { immediate: true },
  );
  return { state, current, background, failure, change, reset, testNotice, askBackground };
});
