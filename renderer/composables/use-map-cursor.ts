import { computed, ref, type Ref } from 'vue';

const LAST_PORT = 65_535;
/** Shift moves by a row of the lens, near enough. */
const SHIFT_STEP = 16;

export interface MapCursorOptions {
  columns: () => number;
  range: () => { first: number; last: number };
  /** Whether two ports look alike: `N` goes on to one that does not. */
  looksAlike: (a: number, b: number) => boolean;
  /** Where the lens stands while nobody moves it. */
  restingPort: () => number;
}

/** The port the lens is on: under the pointer, else where the keyboard put it, else at rest. */
export function useMapCursor(options: MapCursorOptions) {
  const pointerPort: Ref<number | null> = ref(null);
  const keyPort: Ref<number | null> = ref(null);
  const port = computed(() => pointerPort.value ?? keyPort.value ?? options.restingPort());
  const isResting = computed(() => pointerPort.value === null && keyPort.value === null);

  function nextChange(from: number): number {
    for (let at = from + 1; at <= LAST_PORT; at++) if (!options.looksAlike(at, from)) return at;
    return from;
  }

  function targetOf(event: KeyboardEvent): number | null {
    const from = port.value;
    const step = event.shiftKey ? SHIFT_STEP : 1;
    switch (event.key) {
      case 'ArrowRight':
        return from + step;
      case 'ArrowLeft':
        return from - step;
      case 'ArrowDown':
        return from + options.columns();
      case 'ArrowUp':
        return from - options.columns();
      case 'Home':
        return options.range().first;
      case 'End':
        return options.range().last;
      case 'n':
      case 'N':
        return nextChange(from);
      default:
        return null;
    }
  }

  /** Moves the cursor; false when the key is none of the map's. */
  function handleKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === 'Escape') {
      keyPort.value = null;
      return true;
    }
    const target = targetOf(event);
    if (target === null) return false;
    pointerPort.value = null;
    keyPort.value = Math.max(0, Math.min(LAST_PORT, target));
    return true;
  }

  return { port, isResting, pointerPort, keyPort, handleKey };
}
