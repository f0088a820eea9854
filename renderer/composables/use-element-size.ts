import { onMounted, onScopeDispose, shallowRef, type Ref, type ShallowRef } from 'vue';

/** The content size of an element in whole CSS pixels, followed until the scope ends; zero before it is mounted. */
export function useElementSize(
  element: Readonly<Ref<HTMLElement | null>>,
): ShallowRef<{ width: number; height: number }> {
  const size = shallowRef({ width: 0, height: 0 });
  const observer = new ResizeObserver(([entry]) => {
    if (!entry) return;
    const { width, height } = entry.contentRect;
    size.value = { width: Math.floor(width), height: Math.floor(height) };
  });
  onMounted(() => element.value && observer.observe(element.value));
  onScopeDispose(() => observer.disconnect());
  return size;
}
