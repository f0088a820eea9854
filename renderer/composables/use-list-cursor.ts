import { ref, type Ref } from 'vue';

/** A cursor over a short list that is driven from a text field beside it. */
export interface ListCursor {
  /** The line under the cursor; -1 for none. */
  at: Ref<number>;
  /** Moves round the ends. From no line, down goes to the first and up to the last. */
  move(step: number): void;
  reset(): void;
}

/** The cursor of a list box; `first` is where it stands after a reset: 0 for the first line, -1 for none. */
export function useListCursor(count: () => number, first: 0 | -1): ListCursor {
  const at = ref<number>(first);
  return {
    at,
    move(step) {
      const lines = count();
      if (lines === 0) at.value = -1;
      else if (at.value < 0) at.value = step > 0 ? 0 : lines - 1;
      else at.value = (at.value + step + lines) % lines;
    },
    reset() {
      at.value = first;
    },
  };
}
