/** Where something may float over the page without lying on what is being used. */
import { onScopeDispose, ref, type Ref } from 'vue';

/** What floats at the bottom takes up to this much, CSS pixels. */
const WIDTH = 430;
const HEIGHT = 340;

/**
 * `choose` decides between the two bottom corners, the right one unless the focused control or the pointer is there; what
 * floats already stays where it is until it is called again.
 */
export function useClearSide(): { side: Ref<'right' | 'left'>; choose: () => void } {
  const side = ref<'right' | 'left'>('right');
  let pointer: { x: number; y: number } | null = null;
  const follow = ({ clientX: x, clientY: y }: PointerEvent) => (pointer = { x, y });
  const leave = () => (pointer = null);
  document.addEventListener('pointermove', follow, { passive: true });
  document.documentElement.addEventListener('pointerleave', leave);
  onScopeDispose(() => {
    document.removeEventListener('pointermove', follow);
    document.documentElement.removeEventListener('pointerleave', leave);
  });

  function choose(): void {
    const { innerWidth, innerHeight } = window;
    const isIn = ({ x, y }: { x: number; y: number }) => x > innerWidth - WIDTH && y > innerHeight - HEIGHT;
    const focused = focusedCorner();
    side.value = (pointer && isIn(pointer)) || (focused && isIn(focused)) ? 'left' : 'right';
  }
  return { side, choose };
}

/** The corner of the focused control that reaches the farthest; null when nothing has the focus, or a whole panel. */
function focusedCorner(): { x: number; y: number } | null {
  const { activeElement: focused } = document;
  if (!focused || focused === document.body) return null;
  const { right: x, bottom: y, width, height } = focused.getBoundingClientRect();
  return width > window.innerWidth / 2 && height > HEIGHT ? null : { x, y };
}
