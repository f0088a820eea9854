import { useVirtualizer, type VirtualItem } from '@tanstack/vue-virtual';
import { computed, nextTick, watch, type ComputedRef, type Ref } from 'vue';

/** Rows drawn beyond each edge of what is seen, so that a flick of the wheel meets rows. */
const OVERSCAN_ROWS = 12;

export interface UseRowsOptions {
  /** The element that scrolls; its head of `headPx` sticks to its top, the rows follow. */
  scroller: Readonly<Ref<HTMLElement | null>>;
  count: () => number;
  rowPx: number;
  headPx: number;
  /** Hears the first and last row that can be seen, whenever they change. */
  onSeen: (first: number, last: number) => void;
}

export interface Rows {
  items: ComputedRef<VirtualItem[]>;
  /** Height of all rows, pixels. */
  totalPx: ComputedRef<number>;
  /** Rows a Page key moves by. */
  pageRows(): number;
  isSeen(index: number): boolean;
  /** Scrolls as little as brings a row into view. */
  reveal(index: number): void;
  /** Moves what is seen by whole rows, so that a row that moved stays where it was on screen. */
  shift(rows: number): void;
  toTop(): void;
}

/** A list of equally high rows of which only those near the viewport exist. Ends with the scope. */
export function useRows({ scroller, count, rowPx, headPx, onSeen }: UseRowsOptions): Rows {
  const virtualizer = useVirtualizer(
    computed(() => ({
      count: count(),
      getScrollElement: () => scroller.value,
      estimateSize: () => rowPx,
      overscan: OVERSCAN_ROWS,
    })),
  );
  const items = computed(() => virtualizer.value.getVirtualItems());
  const totalPx = computed(() => count() * rowPx);
  const seen = computed(() => {
    const range = virtualizer.value.range;
    return range ? { first: range.startIndex, last: range.endIndex } : null;
  });
  watch(
    () => (seen.value ? `${seen.value.first}-${seen.value.last}` : null),
    () => {
      if (seen.value) onSeen(seen.value.first, seen.value.last);
    },
    { immediate: true },
  );

  /** The top edge of the rows that can be seen, and how much of them. */
  function viewport(): { topPx: number; heightPx: number } | null {
    const element = scroller.value;
    return element && { topPx: element.scrollTop, heightPx: Math.max(rowPx, element.clientHeight - headPx) };
  }
  function scrollTo(topPx: number): void {
    if (scroller.value) scroller.value.scrollTop = Math.max(0, topPx);
  }

  return {
    items,
    totalPx,
    pageRows: () => Math.max(1, Math.floor((viewport()?.heightPx ?? rowPx) / rowPx) - 1),
    isSeen(index) {
      const view = viewport();
      return view !== null && (index + 1) * rowPx > view.topPx && index * rowPx < view.topPx + view.heightPx;
    },
    reveal(index) {
      const view = viewport();
      if (!view) return;
      const topPx = index * rowPx;
      if (topPx < view.topPx) scrollTo(topPx);
      else if (topPx + rowPx > view.topPx + view.heightPx) scrollTo(topPx + rowPx - view.heightPx);
    },
    shift(rows) {
      const view = viewport();
      // After the new height is in the document: a scroll position beyond the old end would be cut.
      if (view) void nextTick(() => scrollTo(view.topPx + rows * rowPx));
    },
    toTop: () => scrollTo(0),
  };
}
