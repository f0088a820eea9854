import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { MAX_PARSED_ROWS } from '../../preload/contract-evidence.ts';
import type { CallResult } from '../../preload/contract.ts';
import { useLink } from './link-key.ts';

export type ParsedRun = CallResult<'runs.parsed'>;

/** What was understood of one finished run; its sockets and facts come a page at a time, both with each page. */
export const useParsedRun = defineStore('parsed-run', () => {
  const link = useLink();
  const runId = ref<string | null>(null);
  const parsed = shallowRef<ParsedRun | null>(null);
  const sockets = shallowRef<ParsedRun['sockets']>([]);
  const facts = shallowRef<ParsedRun['facts']>([]);
  const failure = ref<string | null>(null);
  const isFetching = ref(false);
  let epoch = 0;
  let nextOffset = 0;

  /** Null for a run that has not ended: there is nothing to understand yet. */
  function follow(id: string | null): void {
    if (id === runId.value) return;
    epoch++;
    runId.value = id;
    parsed.value = null;
    sockets.value = [];
    facts.value = [];
    nextOffset = 0;
    failure.value = null;
    isFetching.value = false;
    if (id !== null) void fetchPage();
  }
  /** The next page; with the first one everything else. */
  async function fetchPage(): Promise<void> {
    const id = runId.value;
    if (id === null || isFetching.value) return;
    const mine = epoch;
    isFetching.value = true;
    try {
      const page = await link.call('runs.parsed', { runId: id, offset: nextOffset, limit: MAX_PARSED_ROWS });
      if (mine !== epoch) return;
      nextOffset += MAX_PARSED_ROWS;
      parsed.value ??= page;
      sockets.value = [...sockets.value, ...page.sockets];
      facts.value = [...facts.value, ...page.facts];
      failure.value = null;
    } catch (error) {
      if (mine === epoch) failure.value = error instanceof Error ? error.message : String(error);
    } finally {
      if (mine === epoch) isFetching.value = false;
    }
  }

  return { runId, parsed, sockets, facts, failure, isFetching, follow, fetchPage };
});
