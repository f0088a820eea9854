import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { CallArgs, CallResult } from '../../preload/contract.ts';
import { useLink } from './link-key.ts';
import { newestWins } from './newest-wins.ts';

export type FilterSuggestions = CallResult<'sockets.suggest'>;

/** What could be written at the caret of a filter text, as the sampler knows it. */
export const useFilterSuggestions = defineStore('filter-suggestions', () => {
  const link = useLink();
  /** The newest answer and the text it belongs to; null when there is none. */
  const current = shallowRef<(FilterSuggestions & { filter: string }) | null>(null);

  const requests = newestWins<CallArgs<'sockets.suggest'>, FilterSuggestions>({
    run: (args) => link.call('sockets.suggest', args),
    accept: (result, args) => (current.value = { ...result, filter: args.filter }),
    // Suggestions are a courtesy: without them the text can still be written.
    fail: () => (current.value = null),
  });

  function ask(filter: string, caret: number): void {
    requests.ask({ filter, caret });
  }

  function clear(): void {
    requests.drop();
    current.value = null;
  }

  return { current, ask, clear };
});
