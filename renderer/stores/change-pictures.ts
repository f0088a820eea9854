import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import { usePageVisible } from '../composables/use-page-visible.ts';
import { decodePorts, type PortMapAnswer, type TrendAnswer } from './headroom.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';
import { useWorkbench } from './workbench.ts';

/** Minutes before a change and after it that are looked at. */
const TREND_SECONDS = 1200;

/** A pool's ports when Apply was pressed: the "before" of Verify. The workbench keeps no maps, so the page does. */
export interface BeforePicture {
  changeId: number;
  poolKey: string;
  map: PortMapAnswer;
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
    const { ports, ...answer } = await link.call('ports.map', { poolKey });
    const codes = decodePorts(ports);
    return codes && { ...answer, codes };
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

  /** The ports of a pool as they are; null when they cannot be had. Keep it with `keepBefore` once the change has a number. */
  async function takePicture(poolKey: string | null): Promise<Omit<BeforePicture, 'changeId'> | null> {
    if (poolKey === null) return null;
    try {
      const map = await readMap(poolKey);
      return map && { poolKey, map };
    } catch {
      // Verify then leaves the panel out.
      return null;
    }
  }
  function keepBefore(changeId: number, picture: Omit<BeforePicture, 'changeId'> | null): void {
    before.value = picture && { changeId, ...picture };
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

  return { trend, portMap, problem, before, look, takePicture, keepBefore };
});
