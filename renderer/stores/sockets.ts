import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { CallArgs, CallResult, GroupKey, SortColumn } from '../../preload/contract.ts';
import { usePageVisible } from '../composables/use-page-visible.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';
import { readShownColumns, writeShownColumns } from './shown-columns.ts';

export type SocketsQuery = CallArgs<'sockets.query'>;
export type SocketsAnswer = CallResult<'sockets.query'>;
export type SocketsSort = SocketsQuery['sort'];

/** Lines asked for at a time: a screenful of a tall window with as much again above and below. */
export const WINDOW_LINES = 200;
/** Lines that must be loaded on each side of what is seen before nothing new is asked for. */
const MARGIN_LINES = 30;
/** How long typing must rest. Below what is felt as a delay; above the gap between two keys of a fast typist. */
const DEBOUNCE_MS = 80;
/** The contract takes at most so many collapsed groups. */
const MAX_COLLAPSED = 500;

/** What the socket list shows: the user's choices, and the window of lines that answers them. */
export const useSockets = defineStore('sockets', () => {
  const link = useLink();
  const isVisible = usePageVisible();
  const filter = ref('');
  const sort = shallowRef<SocketsSort>({ column: 'age', descending: false });
  const group = ref<GroupKey>('state');
  const collapsed = shallowRef<readonly string[]>([]);
  const columns = shallowRef<readonly SortColumn[]>(readShownColumns());
  /** The snapshot the list is snapped to; null while it follows the newest. */
  const frozen = shallowRef<CallResult<'sockets.pin'> | null>(null);
  /** The newest answer. It stays while the next one is on its way. */
  const answer = shallowRef<SocketsAnswer | null>(null);
  /** Why the last question was not answered, in a sentence; null when it was. */
  const failure = ref<string | null>(null);
  /** Grows with each question of another kind (filter, sort, group): the list then starts at its top. */
  const question = ref(0);
  const selectedKey = ref<string | null>(null);
  /** The selected line's place when last seen; null when that is not known. */
  const selectedIndex = ref<number | null>(null);
  const isActive = ref(false);

  let seen = { first: 0, last: 40 };
  let debounce: ReturnType<typeof setTimeout> | null = null;

  const requests = newestWins<SocketsQuery, SocketsAnswer>({
    run: (args) => link.call('sockets.query', args),
    accept(result) {
      answer.value = result;
      failure.value = null;
      followSelection(result);
    },
    fail: (error) => (failure.value = sentenceOf(error)),
  });

  const selectedLine = computed(() => {
    const rows = answer.value?.rows ?? [];
    return rows.find((row) => row.key === selectedKey.value) ?? null;
  });

  function ask(): void {
    if (!isActive.value || !isVisible.value || link.state.kind !== 'connected') return;
    requests.ask({
      filter: filter.value,
      sort: sort.value,
      group: group.value,
      collapsed: collapsed.value.slice(0, MAX_COLLAPSED),
      ...windowAround(seen),
      snapshotId: frozen.value?.snapshotId ?? null,
    });
  }

  /** Another question: what is in flight answers the old one. */
  function askAnew(delayMs: number): void {
    if (debounce !== null) clearTimeout(debounce);
    requests.drop();
    question.value++;
    selectedIndex.value = null;
    seen = { first: 0, last: seen.last - seen.first };
    debounce = setTimeout(ask, delayMs);
  }

  function followSelection(result: SocketsAnswer): void {
    const at = result.rows.findIndex((row) => row.key === selectedKey.value);
    if (at >= 0) selectedIndex.value = result.offset + at;
    else if (selectedKey.value === null && selectedIndex.value !== null) {
      selectedKey.value = result.rows[selectedIndex.value - result.offset]?.key ?? null;
    }
  }

  /** The lines that can be seen now, both ends included. Asks when they, or their neighbours, are not loaded. */
  function show(first: number, last: number): void {
    seen = { first, last };
    if (!answer.value || !isCovered(answer.value, seen)) ask();
  }

  /** Selects a line by its place; its key is learnt later when it is not loaded yet. */
  function select(index: number): void {
    const rows = answer.value;
    selectedIndex.value = index;
    selectedKey.value = (rows && rows.rows[index - rows.offset]?.key) ?? null;
  }

  function clearSelection(): void {
    selectedKey.value = null;
    selectedIndex.value = null;
  }

  function setFilter(text: string): void {
    if (text === filter.value) return;
    filter.value = text;
    askAnew(DEBOUNCE_MS);
  }

  /** Sorts by a column; the same column again turns the order round. */
  function sortBy(column: SortColumn): void {
    const again = sort.value.column === column;
    sort.value = { column, descending: again ? !sort.value.descending : false };
    askAnew(DEBOUNCE_MS);
  }

  function groupBy(next: GroupKey): void {
    if (next === group.value) return;
    group.value = next;
    collapsed.value = [];
    askAnew(0);
  }

  function toggleGroup(key: string): void {
    const keys = collapsed.value;
    collapsed.value = keys.includes(key)
      ? keys.filter((other) => other !== key)
      : [...keys, key].slice(-MAX_COLLAPSED);
    requests.drop();
    ask();
  }

  function showColumns(next: readonly SortColumn[]): void {
    columns.value = next;
    writeShownColumns(next);
  }

  /** Snaps the list to the snapshot of now. */
  async function freeze(): Promise<void> {
    try {
      frozen.value = await link.call('sockets.pin', {});
    } catch (error) {
      failure.value = sentenceOf(error);
      return;
    }
    requests.drop();
    ask();
  }

  /** Follows the newest snapshot again. */
  async function resumeLive(): Promise<void> {
    const held = frozen.value;
    frozen.value = null;
    requests.drop();
    ask();
    if (!held) return;
    // A snapshot that is gone already, with the sampler that held it, needs no release.
    await link.call('sockets.unpin', { snapshotId: held.snapshotId }).catch(() => null);
  }

  /** Asks from now on, until the returned function is called. */
  function follow(): () => void {
    isActive.value = true;
    ask();
    return () => {
      isActive.value = false;
      requests.drop();
    };
  }

  const stops = [
    link.on('summary.updated', () => {
      if (!frozen.value) ask();
    }),
    link.onState((state) => {
      if (state.kind === 'connected') ask();
    }),
    watch(isVisible, (visible) => {
      if (visible) ask();
    }),
  ];
  onScopeDispose(() => {
    stops.forEach((stop) => stop());
    if (debounce !== null) clearTimeout(debounce);
  });

  return {
    filter,
    sort,
    group,
    collapsed,
    columns,
    frozen,
    answer,
    failure,
    question,
    selectedKey,
    selectedIndex,
    selectedLine,
    retry: ask,
    show,
    select,
    clearSelection,
    setFilter,
    sortBy,
    groupBy,
    toggleGroup,
    showColumns,
    freeze,
    resumeLive,
    follow,
  };
});

function windowAround(seen: { first: number; last: number }): { offset: number; limit: number } {
  const spare = Math.max(0, WINDOW_LINES - (seen.last - seen.first + 1));
  return { offset: Math.max(0, seen.first - Math.floor(spare / 2)), limit: WINDOW_LINES };
}

function isCovered(answer: SocketsAnswer, seen: { first: number; last: number }): boolean {
  const first = Math.max(0, seen.first - MARGIN_LINES);
  const last = Math.min(answer.lines - 1, seen.last + MARGIN_LINES);
  return answer.offset <= first && answer.offset + answer.rows.length > last;
}

/** A LinkError's message is its sentence. */
function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
