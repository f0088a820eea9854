import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import type { CallResult } from '../../preload/contract.ts';
import { usePageVisible } from '../composables/use-page-visible.ts';
import { decodePorts, type PortMapAnswer, type TrendAnswer } from './headroom.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';
import { useWorkbench } from './workbench.ts';

/** Minutes before a change and after it that are looked at. */
const TREND_SECONDS = 1200;

/** The "before" of a change: how many ports its pool had, what was predicted, and its ports when it began. */
export interface BeforePicture extends Omit<CallResult<'changes.before'>, 'map'> {
  changeId: number;
  /** Null where the workbench that began it has gone since. */
  map: PortMapAnswer | null;
}

/** The pool of a change over time, and its port map, asked again with each summary while they are looked at. */
export const useChangePictures = defineStore('change-pictures', () => {
  const link = useLink();
  const workbench = useWorkbench();
  const visible = usePageVisible();
  /** What is looked at; null asks for nothing. */
  const wanted = shallowRef<{ poolKey: string; withMap: boolean } | null>(null);
  const trend = shallowRef<TrendAnswer | null>(null);
  const portMap = shallowRef<PortMapAnswer | null>(null);
  /** Why the trend could not be had; null when it could. */
  const problem = ref<string | null>(null);
  const before = shallowRef<BeforePicture | null>(null);

  const trends = newestWins({
    run: (poolKey: string) => link.call('trend.query', { poolKey, seconds: TREND_SECONDS }),
    accept(answer, poolKey) {
      if (wanted.value?.poolKey !== poolKey) return;
      trend.value = answer;
      problem.value = null;
    },
    fail: (error) => (problem.value = error instanceof Error ? error.message : String(error)),
  });
  const maps = newestWins({
    run: readMap,
    accept(map, poolKey) {
      if (wanted.value?.poolKey === poolKey && map) portMap.value = map;
    },
    // The panel is left out without a map.
    fail: () => (portMap.value = null),
  });

  async function readMap(poolKey: string): Promise<PortMapAnswer | null> {
    return decodeMap(await link.call('ports.map', { poolKey }));
  }

  /** Looks at a pool, or at none. */
  function look(poolKey: string | null, withMap = false): void {
    if (wanted.value?.poolKey === poolKey && wanted.value?.withMap === withMap) return;
    if (wanted.value?.poolKey !== poolKey) {
      trends.drop();
      maps.drop();
      trend.value = null;
      portMap.value = null;
      problem.value = null;
    }
    wanted.value = poolKey === null ? null : { poolKey, withMap };
  }

  /** Asks for the "before" of a change, once. */
  async function lookBack(changeId: number | null): Promise<void> {
    if (changeId === null || before.value?.changeId === changeId) return;
    before.value = null;
    try {
      const { map, ...told } = await link.call('changes.before', { changeId });
      before.value = { changeId, ...told, map: map && decodeMap(map) };
    } catch {
      // The chart and the maps then show what is so now.
    }
  }

  watch(
    [() => workbench.summary?.sequence, () => workbench.isConnected, visible, wanted],
    () => {
      const next = wanted.value;
      if (!next || !visible.value || !workbench.isConnected || !workbench.summary) return;
      trends.ask(next.poolKey);
      if (next.withMap) maps.ask(next.poolKey);
    },
    { immediate: true },
  );

  return { trend, portMap, problem, before, look, lookBack };
});

function decodeMap({ ports, ...answer }: CallResult<'ports.map'>): PortMapAnswer | null {
  const codes = decodePorts(ports);
  return codes && { ...answer, codes };
}
