import { onScopeDispose, ref, type Ref } from 'vue';

/** Fast enough for "0.4 s ago" to read as live, slow enough to cost nothing. */
const TICK_MS = 250;

/** Epoch milliseconds, renewed every `tickMs` while the page is visible. Ends with the scope. */
export function usePacedClock(tickMs = TICK_MS): Ref<number> {
  const nowMs = ref(Date.now());
  let timer: ReturnType<typeof setInterval> | null = null;

  function tick(): void {
    nowMs.value = Date.now();
  }
  function stop(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
  }
  function follow(): void {
    stop();
    if (document.visibilityState === 'hidden') return;
    tick();
    timer = setInterval(tick, tickMs);
  }

  document.addEventListener('visibilitychange', follow);
  follow();
  onScopeDispose(() => {
    stop();
    document.removeEventListener('visibilitychange', follow);
  });
  return nowMs;
}
