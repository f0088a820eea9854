import { defineStore } from 'pinia';
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { HistoryStateInfo } from '../../preload/contract-history.ts';
import { useLink } from './link-key.ts';
import { movedBy } from './page-time.ts';
import { useWorkbench } from './workbench.ts';

/** What is kept of the past, how much of it and since when, in the page's time; null until the workbench has told. */
export const useHistory = defineStore('history', () => {
  const link = useLink();
  const workbench = useWorkbench();
  const told = shallowRef<HistoryStateInfo | null>(null);
  const state = computed(() => movedBy(told.value, workbench.hostOffsetMs));

  /** The newest that may be in the history: the last sample, or the end of what is kept. */
  const nowMs = computed(() => {
    const live = workbench.live;
    const takenAtMs = live?.origin.kind === 'live' ? live.takenAtMs + workbench.hostOffsetMs : 0;
    return Math.max(takenAtMs, state.value?.untilMs ?? 0);
  });

  async function load(): Promise<void> {
    try {
      told.value = await link.call('history.state', {});
    } catch {
      // A workbench that keeps none does not answer; the link's own troubles are told elsewhere.
      told.value = null;
    }
  }
  onScopeDispose(link.on('history.changed', (next) => (told.value = next)));
  watch(
    () => workbench.isConnected,
    (isConnected) => isConnected && void load(),
    { immediate: true },
  );
  return { state, nowMs };
});
