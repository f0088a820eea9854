import { onScopeDispose, ref, type Ref } from 'vue';

/** Whether the page can be seen. A hidden page asks the workbench for nothing. */
export function usePageVisible(): Ref<boolean> {
  const visible = ref(document.visibilityState !== 'hidden');
  const update = () => (visible.value = document.visibilityState !== 'hidden');
  document.addEventListener('visibilitychange', update);
  onScopeDispose(() => document.removeEventListener('visibilitychange', update));
  return visible;
}
