import { onScopeDispose, ref, type Ref } from 'vue';

/** Device pixels a CSS pixel has; changes when the window moves to another screen or is zoomed. */
export function useDevicePixels(): Ref<number> {
  const ratio = ref(window.devicePixelRatio || 1);
  let list: MediaQueryList | null = null;
  function watchRatio(): void {
    list?.removeEventListener('change', watchRatio);
    ratio.value = window.devicePixelRatio || 1;
    // A query matches one ratio only, so each change needs a new one.
    list = window.matchMedia(`(resolution: ${ratio.value}dppx)`);
    list.addEventListener('change', watchRatio);
  }
  watchRatio();
  onScopeDispose(() => list?.removeEventListener('change', watchRatio));
  return ratio;
}
