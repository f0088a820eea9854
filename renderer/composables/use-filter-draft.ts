import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import { isHalfTyped, splitFilter } from '../format/filter-text.ts';

export interface FilterDraftOptions {
  /** The filter in force; a change from outside replaces what is being written. */
  filter: () => string;
  apply: (filter: string) => void;
}

export interface FilterDraft {
  /** Terms that are finished. */
  terms: Ref<string[]>;
  /** The term that is being written. */
  draft: Ref<string>;
  /** Everything that is written, and where the draft begins in it. */
  whole: ComputedRef<{ text: string; draftStart: number }>;
  write(text: string): void;
  /** Makes the draft a term. */
  commit(): void;
  remove(index: number): void;
  /** Takes a term back into the field. */
  edit(index: number): void;
  /** Puts a suggestion in place of a stretch of the whole text; one that ends in ":" waits for its value. */
  accept(suggestion: { start: number; end: number; insert: string }): void;
  clear(): void;
}

/** A filter as finished terms and one that is being written; half a key is not applied, it would match nothing. */
export function useFilterDraft({ filter, apply }: FilterDraftOptions): FilterDraft {
  const terms = ref<string[]>([]);
  const draft = ref('');
  let applied: string | null = null;

  const whole = computed(() => {
    const before = terms.value.length === 0 ? '' : `${terms.value.join(' ')} `;
    return { text: before + draft.value, draftStart: before.length };
  });

  function applyNow(): void {
    const live = isHalfTyped(draft.value) ? [] : [draft.value];
    applied = [...terms.value, ...live].join(' ');
    apply(applied);
  }
  function write(text: string): void {
    const tokens = splitFilter(text);
    const last = tokens.at(-1);
    // A space after the last term ends it, unless it stands between quotes.
    const isOpen = last !== undefined && last.end === text.length;
    terms.value.push(...tokens.slice(0, isOpen ? -1 : undefined).map((token) => token.text));
    draft.value = isOpen ? last.text : '';
    applyNow();
  }
  function commit(): void {
    const finished = splitFilter(draft.value).map((token) => token.text);
    if (finished.length === 0) return;
    terms.value.push(...finished);
    draft.value = '';
    applied = terms.value.join(' ');
    apply(applied);
  }
  function remove(index: number): void {
    terms.value.splice(index, 1);
    applyNow();
  }
  function edit(index: number): void {
    const term = terms.value[index];
    if (term === undefined) return;
    terms.value.splice(index, 1);
    if (draft.value !== '') terms.value.push(draft.value);
    draft.value = term;
  }
  function accept({ start, end, insert }: { start: number; end: number; insert: string }): void {
    const { text, draftStart } = whole.value;
    const from = Math.max(start, draftStart);
    const next = text.slice(draftStart, from) + insert + text.slice(Math.max(end, from));
    draft.value = next.trimEnd();
    if (draft.value.endsWith(':')) applyNow();
    else commit();
  }
  function clear(): void {
    terms.value = [];
    draft.value = '';
    applyNow();
  }

  watch(
    filter,
    (text) => {
      if (text === applied) return;
      terms.value = splitFilter(text).map((token) => token.text);
      draft.value = '';
      applied = text;
    },
    { immediate: true },
  );
  return { terms, draft, whole, write, commit, remove, edit, accept, clear };
}
