/** A text that grows in the workbench: fetched in pieces, one in flight, then followed as events bring the rest. */
import { computed, ref, shallowRef } from 'vue';

/** Characters fetched unasked: some 64 pieces. What is longer is fetched on demand. */
export const FIRST_CHARACTERS = 2 * 1024 * 1024;

export interface TextPiece {
  text: string;
  nextOffset: number | null;
  totalCharacters: number;
}

/** `fetch` answers the piece of a text from an offset in characters (UTF-16 units). */
export function growingText<Id extends string | number>(
  fetch: (id: Id, offset: number) => Promise<TextPiece>,
) {
  const id = shallowRef<Id | null>(null);
  /** In order and without gaps. */
  const chunks = shallowRef<readonly string[]>([]);
  /** Characters in `chunks`, and printed so far as far as known. */
  const loaded = ref(0);
  const total = ref(0);
  const failure = ref<string | null>(null);
  const isFetching = ref(false);
  let limit = FIRST_CHARACTERS;
  /** More was printed while a piece was on its way: ask once more after it. */
  let isBehind = false;
  /** Grows with each text followed: answers for an earlier one are dropped. */
  let epoch = 0;

  const isWhole = computed(() => loaded.value >= total.value);
  /** True while there is more that only a person asks for. */
  const isCapped = computed(() => !isFetching.value && !isWhole.value && failure.value === null);

  function follow(next: Id | null): void {
    if (next === id.value) return;
    epoch++;
    id.value = next;
    chunks.value = [];
    loaded.value = 0;
    total.value = 0;
    failure.value = null;
    isFetching.value = false;
    limit = FIRST_CHARACTERS;
    if (next !== null) void fetchMissing();
  }
  function append(text: string): void {
    if (text === '') return;
    chunks.value = [...chunks.value, text];
    loaded.value += text.length;
    total.value = Math.max(total.value, loaded.value);
  }
  async function fetchMissing(): Promise<void> {
    const asked = id.value;
    if (isFetching.value) isBehind = true;
    if (asked === null || isFetching.value) return;
    const mine = epoch;
    isFetching.value = true;
    try {
      for (let more = true; more && loaded.value < limit;) {
        isBehind = false;
        const offset = loaded.value;
        const piece = await fetch(asked, offset);
        if (mine !== epoch) return;
        total.value = Math.max(total.value, piece.totalCharacters);
        // Output that arrived as an event meanwhile is not taken twice.
        append(piece.text.slice(loaded.value - offset));
        more = isBehind || (piece.nextOffset !== null && loaded.value > offset);
      }
      failure.value = null;
    } catch (error) {
      if (mine === epoch) failure.value = error instanceof Error ? error.message : String(error);
    } finally {
      if (mine === epoch) isFetching.value = false;
    }
  }
  /** Output as it comes: taken where it continues what is there, else the gap is fetched. */
  function hear(from: Id, offset: number, text: string): void {
    if (from !== id.value) return;
    const end = offset + text.length;
    total.value = Math.max(total.value, end);
    if (offset > loaded.value) void fetchMissing();
    else if (end > loaded.value) {
      append(text.slice(loaded.value - offset));
      // Asked for before there was anything: it is there now.
      failure.value = null;
    }
  }
  function loadAll(): void {
    limit = Infinity;
    void fetchMissing();
  }

  return {
    id,
    chunks,
    loaded,
    total,
    failure,
    isFetching,
    isWhole,
    isCapped,
    follow,
    hear,
    fetchMissing,
    loadAll,
  };
}
