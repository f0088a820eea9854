import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { CallResult } from '../../preload/contract.ts';
import { momentTrend, TREND_COLUMNS, type ShownTrend } from './moment-trend.ts';
import { usePageVisible } from '../composables/use-page-visible.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';
import { useWorkbench, type Summary } from './workbench.ts';

export type Pool = Summary['pools'][number];
export type TrendAnswer = CallResult<'trend.query'>;
/** The answer of ports.map with its bytes decoded: one code a port, see PORT_MAP_CODES. */
export type PortMapAnswer = Omit<CallResult<'ports.map'>, 'ports'> & { codes: Uint8Array };
export type MapScope = 'pool' | 'all';
/** What stands beside the consumers. */
export type ListView = 'findings' | 'pools';

const TREND_SECONDS = 600;
const PORT_COUNT = 65_536;

/** The pool that Headroom looks at, with its trend and port map; asked again with each summary while the page is seen. */
export const useHeadroom = defineStore('headroom', () => {
  const link = useLink();
  const workbench = useWorkbench();
  const visible = usePageVisible();
  /** True while the screen is mounted; otherwise nothing is asked. */
  const isOpen = ref(false);
  const chosenPoolKey = ref<string | null>(null);
  const mapScope = ref<MapScope>('pool');
  /** What the user wants beside the consumers; null until something was chosen. */
  const chosenList = ref<ListView | null>(null);
  const trend = shallowRef<ShownTrend | null>(null);
  const trendPoolKey = ref<string | null>(null);
  const portMap = shallowRef<PortMapAnswer | null>(null);
  /** Why the trend or the map could not be had; null when it could. */
  const trendProblem = ref<string | null>(null);
  const mapProblem = ref<string | null>(null);

  const pool = computed(() => (workbench.summary ? focusPool(workbench.summary, chosenPoolKey.value) : null));
  const poolKey = computed(() => pool.value?.key ?? null);
  /** Findings as long as there are any: without them the pools say more. */
  const listView = computed<ListView>({
    get: () => chosenList.value ?? ((workbench.summary?.findings.length ?? 0) > 0 ? 'findings' : 'pools'),
    set: (view) => (chosenList.value = view),
  });
  const mapPoolKey = computed(() => (mapScope.value === 'pool' ? poolKey.value : null));

  const trendRequests = newestWins({
    run: (key: string | null) => askTrend(key),
    accept(answer, key) {
      trend.value = answer;
      trendPoolKey.value = key;
      trendProblem.value = null;
    },
    fail: (error) => (trendProblem.value = sentenceOf(error)),
  });
  const mapRequests = newestWins({
    run: (key: string | null) => link.call('ports.map', { poolKey: key }),
    accept({ ports, ...answer }) {
      const codes = decodePorts(ports);
      mapProblem.value = codes ? null : 'The port map that arrived does not have 65,536 ports.';
      if (codes) portMap.value = { ...answer, codes };
    },
    fail: (error) => (mapProblem.value = sentenceOf(error)),
  });

  watch(
    [
      () => workbench.summary?.takenAtMs,
      () => workbench.summary?.sequence,
      () => workbench.isConnected,
      visible,
      isOpen,
      poolKey,
    ],
    () => mayAsk() && trendRequests.ask(poolKey.value),
    { immediate: true },
  );
  watch(
    [() => workbench.summary?.sequence, () => workbench.isConnected, visible, isOpen, mapPoolKey],
    () => mayAsk() && !workbench.moment && mapRequests.ask(mapPoolKey.value),
    { immediate: true },
  );

  /** Of the present, or of the moment that is shown. */
  async function askTrend(key: string | null): Promise<ShownTrend> {
    const then = workbench.moment;
    if (!then) return link.call('trend.query', { poolKey: key, seconds: TREND_SECONDS });
    const series = await link.call('history.query', {
      fromMs: Math.max(0, then.atMs - TREND_SECONDS * 1000),
      untilMs: then.atMs + then.kept.stepMs,
      points: TREND_SECONDS,
      series: key === null ? { kind: 'totals' } : { kind: 'pool', poolKey: key },
      columns: [...TREND_COLUMNS[key === null ? 'totals' : 'pool']],
    });
    return momentTrend(series);
  }
  function mayAsk(): boolean {
    return isOpen.value && visible.value && workbench.isConnected && workbench.summary !== null;
  }

  return {
    isOpen,
    chosenPoolKey,
    mapScope,
    listView,
    trend,
    trendPoolKey,
    portMap,
    trendProblem,
    mapProblem,
    pool,
    poolKey,
  };
});

/** The pool to look at: the chosen one while it is there, else the verdict's, else the fullest; null without pools. */
export function focusPool(summary: Summary, chosenKey: string | null): Pool | null {
  const byKey = (key: string | null) => summary.pools.find((pool) => pool.key === key);
  const fullest = summary.pools.reduce<Pool | null>(
    (best, pool) => (best === null || pool.usedRatio > best.usedRatio ? pool : best),
    null,
  );
  return byKey(chosenKey) ?? byKey(summary.verdict.poolKey) ?? fullest;
}

/** Bytes of a port map; null when there are not exactly 65,536 of them. */
export function decodePorts(base64: string): Uint8Array | null {
  try {
    const codes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    return codes.length === PORT_COUNT ? codes : null;
  } catch {
    // Not base64.
    return null;
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
