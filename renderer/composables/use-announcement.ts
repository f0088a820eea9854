import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** A screen reader that hears more often than this never gets to finish a sentence. */
const QUIET_MS = 10_000;

/**
 * Text for an aria-live region: the sentence of the moment `key` changes, at most one in ten seconds, the newest if there
 * were more. A sentence whose numbers merely tick under the same key is not repeated.
 */
export function useAnnouncement(key: () => string, sentence: () => string): Ref<string> {
  const text = ref('');
  let spokenAtMs = -Infinity;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function speak(): void {
    timer = null;
    spokenAtMs = Date.now();
    text.value = sentence();
  }

  watch(
    key,
    () => {
      if (timer !== null) return;
      const waitMs = spokenAtMs + QUIET_MS - Date.now();
      if (waitMs <= 0) speak();
      else timer = setTimeout(speak, waitMs);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    if (timer !== null) clearTimeout(timer);
  });
  return text;
}
