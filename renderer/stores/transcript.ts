import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import { MAX_TRANSCRIPT_PIECE } from '../../preload/contract-evidence.ts';
import type { CallResult } from '../../preload/contract.ts';
import type { Link } from '../link/connect.ts';
import { useLink } from './link-key.ts';

/** Characters fetched unasked: some 64 pieces. What is longer is fetched on demand. */
const FIRST_CHARACTERS = 2 * 1024 * 1024;

/** What one run printed: fetched in pieces, one in flight, then followed as it comes. */
export const useTranscript = defineStore('transcript', () => {
  const link = useLink();
  const runId = ref<string | null>(null);
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
  /** Grows with each run followed: answers for an earlier one are dropped. */
  let epoch = 0;

  const isWhole = computed(() => loaded.value >= total.value);
  /** True while there is more that only a person asks for. */
  const isCapped = computed(() => !isFetching.value && !isWhole.value && failure.value === null);

  function follow(id: string | null): void {
    if (id === runId.value) return;
    epoch++;
    runId.value = id;
    chunks.value = [];
    loaded.value = 0;
    total.value = 0;
    failure.value = null;
    isFetching.value = false;
    limit = FIRST_CHARACTERS;
    if (id !== null) void fetchMissing();
  }
  function append(text: string): void {
    if (text === '') return;
    chunks.value = [...chunks.value, text];
    loaded.value += text.length;
    total.value = Math.max(total.value, loaded.value);
  }
  async function fetchMissing(): Promise<void> {
    const id = runId.value;
    if (isFetching.value) isBehind = true;
    if (id === null || isFetching.value) return;
    const mine = epoch;
    isFetching.value = true;
    try {
      for (let more = true; more && loaded.value < limit;) {
        isBehind = false;
        const offset = loaded.value;
        const piece = await link.call('runs.transcript', { runId: id, offset, limit: MAX_TRANSCRIPT_PIECE });
        if (mine !== epoch) return;
        total.value = Math.max(total.value, piece.totalCharacters);
        // Output that arrived as an event meanwhile is not taken twice.
        append(piece.text.slice(loaded.value - offset));
        more = isBehind || (piece.nextOffset !== null && loaded.value > offset);
      }
      failure.value = null;
    } catch (error) {
      if (mine === epoch) failure.value = sentenceOf(error);
    } finally {
      if (mine === epoch) isFetching.value = false;
    }
  }
  /** Output as it comes: taken where it continues what is there, else the gap is fetched. */
  function hear(event: { runId: string; offset: number; text: string }): void {
    if (event.runId !== runId.value) return;
    const end = event.offset + event.text.length;
    total.value = Math.max(total.value, end);
    if (event.offset > loaded.value) void fetchMissing();
    else if (end > loaded.value) append(event.text.slice(loaded.value - event.offset));
  }
  function loadAll(): void {
    limit = Infinity;
    void fetchMissing();
  }
  /** All of another run's output, up to `most` characters; rejects when it is not kept any more. */
  function textOf(id: string, most = FIRST_CHARACTERS): Promise<string> {
    return id === runId.value && isWhole.value && !isFetching.value
      ? Promise.resolve(chunks.value.join(''))
      : fetchText(link, id, most);
  }

  const stops = [
    link.on('run.printed', hear),
    // Whatever no event carried is there now.
    link.on('run.finished', (run) => run.runId === runId.value && void fetchMissing()),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));

  return { runId, chunks, loaded, total, failure, isFetching, isWhole, isCapped, follow, loadAll, textOf };
});

async function fetchText(link: Link, runId: string, most: number): Promise<string> {
  const pieces: string[] = [];
  let offset: number | null = 0;
  while (offset !== null && offset < most) {
    const piece: CallResult<'runs.transcript'> = await link.call('runs.transcript', {
      runId,
      offset,
      limit: MAX_TRANSCRIPT_PIECE,
    });
    pieces.push(piece.text);
    offset = piece.nextOffset !== null && piece.nextOffset > offset ? piece.nextOffset : null;
  }
  return pieces.join('');
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
